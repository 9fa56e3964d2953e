"""Plain-language lines about effects, gains and what held a mixture back.

All wording lives here and is tested as text. Effects and gains are held so that higher is
better; the sentences say so wherever the table's own outcome runs the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from causalmix_core.delivery.numbers import decimals_for, level_percent, percent, plain, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.views import EffectsView
    from causalmix_core.evidence.table import Outcome

Verdict = Literal["likely helps", "unclear", "likely hurts"]

_NOTHING_MOVES = 1e-12


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
    """The estimated gain over the reference with its nominal interval."""
    if decision.moved <= _NOTHING_MOVES:
        return "The mixture is the reference itself, so the estimated gain is 0."
    lower, upper = decision.interval
    decimals = decimals_for(decision.gain, lower, upper)
    interval = interval_phrase(lower, upper, decision.level, decimals)
    return (
        f"At this pool, the estimated gain over the reference in {outcome_phrase(outcome)} is "
        f"{signed(decision.gain, decimals)} (nominal {interval}; "
        f"probability of a gain {decision.p_positive:.2f}): {verdict(lower, upper)}."
    )


def why_sentences(decision: Decision) -> tuple[str, ...]:
    """What held the mixture back, one sentence per binding row; never empty."""
    sentences = tuple(_binding_sentence(name, decision) for name in decision.active)
    if sentences:
        return sentences
    if decision.moved <= _NOTHING_MOVES:
        return ("Nothing binds: at this pool the reference is the best mixture the model knows of.",)
    return ("Nothing binds: this is the best mixture the model knows of, inside the trust radius.",)


def _binding_sentence(name: str, decision: Decision) -> str:
    region = decision.region
    if name == "radius":
        return _radius_sentence(decision)
    domain, side = name.rsplit(".", 1)
    k = region.domains.index(domain)
    lower, upper = float(region.lower[k]), float(region.upper[k])
    if lower == upper:
        return f"{domain} is held at {percent(lower)}: it is locked, or its floor equals its cap."
    if side == "upper":
        return f"{domain} is at its cap of {percent(upper)}: raising the cap would let it grow."
    if lower == 0.0:
        return f"{domain} is left out: it is at 0.0 % and no share can be lower."
    return f"{domain} is at its floor of {percent(lower)}: lowering the floor would let it shrink."


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


def check_after_training(outcome: Outcome, decision: Decision) -> str:
    """Which result, once both mixtures have been trained, would count against the estimate."""
    if decision.moved <= _NOTHING_MOVES:
        return "The mixture is the reference itself, so no training result can count for or against it."
    lower, upper = decision.interval
    decimals = decimals_for(decision.gain, lower, upper)
    measure = f"{outcome.name} ({'higher' if outcome.higher_is_better else 'lower'} is better)"
    unit = f" {outcome.unit}" if outcome.unit else ""
    end = f"end of the nominal {level_percent(decision.level)} interval"
    opening = "If, trained both ways on this pool with all else equal, "
    if lower > 0.0:
        return (
            f"{opening}{measure} is not better than the reference by at least {plain(lower, decimals)}{unit} "
            f"(the lower {end}) beyond the noise between equal runs, the estimate is wrong."
        )
    if upper < 0.0:
        return (
            f"{opening}{measure} is not worse than the reference by at least {plain(-upper, decimals)}{unit} "
            f"(the upper {end}) beyond the noise between equal runs, the estimate is wrong."
        )
    return (
        f"{opening}{measure} is better than the reference by more than {plain(upper, decimals)}{unit} or "
        f"worse by more than {plain(-lower, decimals)}{unit} (the ends of the nominal "
        f"{level_percent(decision.level)} interval) beyond the noise between equal runs, the estimate is "
        f"wrong; the interval includes 0, so no difference at all would not count against it."
    )


def assumptions(
    *,
    assignment: Sequence[str] | None,
    with_covariates: bool,
    level: float,
    pool_inside: bool,
    mixture_inside: bool,
) -> tuple[str, ...]:
    """What must hold for the estimate to mean what it says, a sentence each."""
    said = [_assignment_sentence(assignment, with_covariates)]
    said.append("What the proxy runs show carries over to the model, budget and data of the training run.")
    said.append("A domain in training is like the domain of that name in the proxy runs, in the state given.")
    said.append("Shares are shares of training examples, not of tokens.")
    said.append(
        f"The {level_percent(level)} interval is nominal: it rests on a normal approximation and on the "
        "model's form, and its coverage was not measured on this table."
    )
    if not pool_inside:
        said.append("The pool lies outside the pools of the runs, so its effects are extrapolated.")
    if not mixture_inside:
        said.append("The mixture lies outside the mixtures of the runs, so its gain is extrapolated.")
    return tuple(said)


def _assignment_sentence(assignment: Sequence[str] | None, with_covariates: bool) -> str:
    if assignment is not None and set(assignment) <= {"random", "designed"}:
        return "The table says that all its mixtures were drawn at random or designed; this is taken as true."
    if with_covariates:
        return (
            "Whatever moved both the choice of a run's mixture and its outcome is among the covariates "
            "(no hidden confounder)."
        )
    return (
        "The choice of a run's mixture had nothing to do with anything else that moves the outcome: "
        "no covariates were used."
    )
