"""Plain-language lines about effects, gains and what held a mixture back.

All wording lives here and is tested as text. Effects and gains are held so that higher is
better; the sentences say so wherever the table's own outcome runs the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from causalmix_core.delivery.numbers import (
    decimals_for,
    level_percent,
    percent,
    plain,
    probability,
    signed,
)
from causalmix_core.delivery.supply import supply_sentence

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.views import EffectsView
    from causalmix_core.evidence.table import Outcome

Verdict = Literal["likely helps", "unclear", "likely hurts"]

NOTHING_MOVES = 1e-12
AT_ZERO = 1e-9


def verdict(lower: float, upper: float) -> Verdict:
    """What an interval says: above 0, around it, or below."""
    if lower > 0.0:
        return "likely helps"
    return "likely hurts" if upper < 0.0 else "unclear"


def outcome_phrase(outcome: Outcome) -> str:
    """Name, unit and direction: ``"bpb_code (bits per byte, sign turned so that higher is better)"``."""
    direction = "higher is better" if outcome.higher_is_better else "sign turned so that higher is better"
    return (
        f"{outcome.name} ({outcome.unit}, {direction})" if outcome.unit else f"{outcome.name} ({direction})"
    )


def interval_phrase(lower: float, upper: float, level: float, decimals: int) -> str:
    """``"90 % interval 0.0003 to 0.0021"``."""
    return f"{level_percent(level)} interval {plain(lower, decimals)} to {plain(upper, decimals)}"


def effect_sentence(
    outcome: Outcome, domain: str, effect: float, lower: float, upper: float, level: float
) -> str:
    """One domain's substitution effect, per percentage point, in words."""
    decimals = decimals_for(effect, lower, upper)
    interval = interval_phrase(lower, upper, level, decimals)
    return (
        f"At this pool, replacing 1 % of the mixture by {domain} changes {outcome_phrase(outcome)} "
        f"by {signed(effect, decimals)} ({interval}): {verdict(lower, upper)}."
    )


def effect_sentences(outcome: Outcome, view: EffectsView) -> tuple[str, ...]:
    """:func:`effect_sentence` for all K domains, in the view's order."""
    return tuple(
        effect_sentence(outcome, domain, float(effect), float(lower), float(upper), view.level)
        for domain, effect, lower, upper in zip(
            view.domains, view.effects, view.lower, view.upper, strict=True
        )
    )


def gain_sentence(outcome: Outcome, decision: Decision) -> str:
    """The estimated gain over the reference with its interval."""
    if decision.moved <= NOTHING_MOVES:
        return "The mixture is the reference itself, so the estimated gain is 0."
    lower, upper = decision.interval
    decimals = decimals_for(decision.gain, lower, upper)
    interval = interval_phrase(lower, upper, decision.level, decimals)
    return (
        f"At this pool, the estimated gain over the reference in {outcome_phrase(outcome)} is "
        f"{signed(decision.gain, decimals)} ({interval}; "
        f"probability of a gain {probability(decision.p_positive)}): {verdict(lower, upper)}."
    )


def why_sentences(decision: Decision) -> tuple[str, ...]:
    """What held the mixture back, one sentence per binding row; never empty."""
    sentences = [_binding_sentence(name, decision) for name in decision.active]
    sentences += _left_out(decision)
    if sentences:
        # A locked domain is at its floor and at its cap, which is one thing to say.
        return tuple(dict.fromkeys(sentences))
    if decision.moved <= NOTHING_MOVES:
        return ("Nothing binds: at this pool the reference is the best mixture the model knows of.",)
    return ("Nothing binds: this is the best mixture the model knows of, inside the trust radius.",)


def _binding_sentence(name: str, decision: Decision) -> str:
    region = decision.region
    if name == "radius":
        return _radius_sentence(decision)
    domain, side = name.rsplit(".", 1)
    if side == "supply":
        return supply_sentence(region, domain)
    k = region.domains.index(domain)
    lower, upper = float(region.lower[k]), float(region.upper[k])
    if lower == upper:
        return f"{domain} is held at {percent(lower)}: it is locked, or its floor equals its cap."
    if side == "upper" and upper >= dict(region.unseen).get(domain, 2.0):
        return (
            f"{domain}, which no run has seen, is at {percent(upper)}, the largest share at which leaving out each seen "
            "domain was checked: runs with it would let it grow."
        )
    if side == "upper":
        return f"{domain} is at its cap of {percent(upper)}: raising the cap would let it grow."
    return f"{domain} is at its floor of {percent(lower)}: lowering the floor would let it shrink."


def _left_out(decision: Decision) -> list[str]:
    """The limit 0 has no row of its own, yet it is what stops a domain that would shrink further."""
    region = decision.region
    columns = zip(region.domains, region.anchor, decision.shares, region.upper, strict=True)
    gone = [name for name, before, after, cap in columns if after <= AT_ZERO < before and cap > 0.0]
    if not gone:
        return []
    verb = "is" if len(gone) == 1 else "are"
    return [f"{', '.join(gone)} {verb} left out: at 0.0 %, no share can be lower."]


def _radius_sentence(decision: Decision) -> str:
    region = decision.region
    if region.radius == 0.0:
        return "The trust radius is 0, so the mixture is the reference: a larger radius lets it move."
    if region.metric == "tv":
        return (
            f"The trust radius binds: {percent(decision.moved)} of the data moves, all that the radius "
            f"allows; a larger radius lets more move."
        )
    name = {"kl": "KL divergence", "l2": "Euclidean distance"}[region.metric]
    return (
        f"The trust radius binds: the {name} from the reference is {region.radius:.4g}, all that the "
        f"radius allows; {percent(decision.moved)} of the data moves."
    )
