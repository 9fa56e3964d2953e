"""Explanations in words: rules, drivers, how far they hold, and what drives a recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.covariates import covariate_words, threshold, value
from causalmix_core.delivery.numbers import MINUS, decimals_for, plain, signed
from causalmix_core.delivery.sentences import NOTHING_MOVES, outcome_phrase

if TYPE_CHECKING:
    from causalmix_core.delivery.recommendation import Recommendation
    from causalmix_core.effects.explain.views import Drivers, EffectTree, PoolDrivers
    from causalmix_core.evidence.table import Outcome

AT_MOST, MORE_THAN = "\N{LESS-THAN OR EQUAL TO}", ">"
ALL_POOLS = "all pools"
HOLDS = 0.5  # below this R2 on unseen pools no simple explanation is offered
MOSTLY = 0.5  # named covariates carry at least this part of what pulls the same way
_MOST_CLAUSES = 2
_FAR = 2.0 / 3.0
_HARDLY = 0.5  # percentage points by which a move may differ from the average and count as usual


def r2_words(r2: float) -> str:
    """``"R2 0.71"``, never a perfection that rounding makes."""
    return f"R2 {_bare(r2)}"


def _bare(r2: float) -> str:
    if 0.995 <= r2 < 1.0:
        return "above 0.99"
    return plain(r2, 2) if r2 > -1.0 else f"below {MINUS}1"


def tree_sentence(tree: EffectTree) -> str:
    """How many groups the rules make, what they explain, and the first rule."""
    what = f"effect of {tree.domains[0]}" if len(tree.domains) == 1 else "effects of all domains"
    root = tree.nodes[0]
    if root.covariate is None or root.threshold is None:
        return f"No rule tells the runs' {root.pools} pools apart by the {what}."
    trust = (
        "the rules hold on other pools too"
        if tree.r2_unseen >= HOLDS
        else "these rules are a rough summary, and most of what makes pools differ is not in them"
    )
    return (
        f"The first rule for the {what} asks whether {covariate_words(root.covariate)} is at most "
        f"{threshold(root.threshold)}; {len(tree.leaves)} groups explain {_part(tree.r2)} of the variance over "
        f"the runs' {root.pools} pools and {_part(tree.r2_unseen)} on pools left out: {trust}."
    )


def _part(r2: float) -> str:
    return f"{plain(100.0 * r2, 0)} %" if r2 > 0.0 else "none"


def drivers_sentence(drivers: Drivers) -> str:
    """What a quantity depends on most, and how far the explanation holds."""
    what = f"{drivers.quantity} of {drivers.domain}"
    if not drivers.importance.any():
        return f"The {what} is the same at all {len(drivers.states)} pools: no covariate drives it."
    named = [covariate_words(drivers.covariates[i]) for i in drivers.order[:3] if drivers.importance[i] > 0.0]
    most = f"The {what} depends most on {_listed(named)}."
    trust = (
        f"On pools left out, the simple model behind this foretells it with {r2_words(drivers.r2)} "
        f"({_bare(drivers.r2_in_sample)} on its own pools)"
    )
    if drivers.r2 < HOLDS:
        return f"{most} {trust}: that is little, so a simple explanation does not hold."
    return f"{most} {trust}."


def here_sentence(drivers: Drivers) -> str:
    """One pool's waterfall in words: average, what the covariates add, what stays open."""
    here = drivers.here
    decimals = decimals_for(here.base, here.actual)
    named = _clauses(drivers, here.actual - here.base) if _carries(here) else []
    why = f", mostly because {_listed(named)}" if named else ""
    unit = f" {drivers.unit}" if drivers.unit else ""
    return (
        f"At this pool the {drivers.quantity} of {drivers.domain} is {signed(here.actual, decimals)}{unit}, against "
        f"{signed(here.base, decimals)} on average over the runs' pools{why}; of this, "
        f"{signed(here.remainder, decimals)} is not held by the simple model."
    )


def recommendation_sentences(outcome: Outcome, made: Recommendation) -> tuple[str, ...]:
    """What drives a recommendation, in one to four sentences: its largest moves, then how far this holds."""
    if made.decision.moved <= NOTHING_MOVES:
        return ("The recommended mixture is the reference itself, so there is nothing to explain.",)
    if not made.movers:
        return ("No domain's share moves by half a percentage point, so there is little to explain.",)
    decimals = decimals_for(*(float(made.effects[k]) for k in made.movers))
    if made.average_effects is None:
        said = [_average_move(made, k, decimals) for k in made.movers]
        trust = "This fit's effects are averages: the pool's state plays no part in the recommendation"
    else:
        said = [
            _driven_move(made, k, drivers, decimals)
            for k, drivers in zip(made.movers, made.drivers, strict=True)
        ]
        held = _listed([f"{_bare(d.r2)} for {d.domain}" for d in made.drivers])
        trust = f"Reasons come from a simple model of the moves, whose R2 on pools left out is {held}"
    scale = f"what 1 % more of a domain is worth is counted in {outcome_phrase(outcome)}."
    return (*said, f"{trust}; {scale}")


def _moves(made: Recommendation, k: int) -> str:
    change = 100.0 * float(made.decision.shares[k] - made.decision.region.anchor[k])
    verb = "gains" if change > 0.0 else "loses"
    return f"{made.decision.region.domains[k]} {verb} {plain(abs(change), 1)} points of share"


def _average_move(made: Recommendation, k: int, decimals: int) -> str:
    return (
        f"{_moves(made, k)}; 1 % more of it is worth {signed(float(made.effects[k]), decimals)} on average."
    )


def _driven_move(made: Recommendation, k: int, drivers: Drivers, decimals: int) -> str:
    here, average = drivers.here, made.average_effects
    worth = f"1 % more of it is worth {signed(float(made.effects[k]), decimals)} here"
    if average is not None:
        worth += f" and {signed(float(average[k]), decimals)} on average"
    usual = f"{signed(here.base, 1)} on average over the runs' pools"
    off = here.actual - here.base
    if abs(off) <= max(_HARDLY, 0.2 * abs(here.actual)):
        return f"{_moves(made, k)}, about as usual ({usual}); {worth}."
    if drivers.r2 < HOLDS or not _carries(here):
        return (
            f"{_moves(made, k)} ({usual}), and a simple explanation of that does not hold: "
            f"{_why_not(drivers)}; {worth}."
        )
    return f"{_moves(made, k)} ({usual}), mostly because {_listed(_clauses(drivers, off))}; {worth}."


def _carries(here: PoolDrivers) -> bool:
    """True where the simple model says at least half of how this pool differs, in the right direction."""
    explained, off = here.predicted - here.base, here.actual - here.base
    return explained * off > 0.0 and abs(here.remainder) <= 0.5 * abs(off)


def _why_not(drivers: Drivers) -> str:
    if drivers.r2 < HOLDS:
        return f"the covariates, few at a time, foretell its move badly on pools left out ({r2_words(drivers.r2)})"
    explained = signed(drivers.here.predicted - drivers.here.base, 1)
    off = signed(drivers.here.actual - drivers.here.base, 1)
    return f"of the {off} points by which this pool differs, the covariates account for {explained}"


def _clauses(drivers: Drivers, direction: float) -> list[str]:
    """The covariates that pull most in the direction of ``direction``, with their values here."""
    pull = drivers.here.values * ((direction > 0.0) - (direction < 0.0))
    total, carried, named = float(pull[pull > 0.0].sum()), 0.0, []
    for i in (-pull).argsort(kind="stable")[:_MOST_CLAUSES]:
        if pull[i] <= 0.0 or carried >= MOSTLY * total:
            break
        named.append(_clause(drivers, int(i)))
        carried += float(pull[i])
    return named


def _clause(drivers: Drivers, column: int) -> str:
    """``"duplicate rate of code is low (0.02, lower than at 93 % of the pools)"``.

    Low and high only where rank and mean agree: the average of a few extreme pools is not high.
    """
    name, here = covariate_words(drivers.covariates[column]), float(drivers.here.state[column])
    states = drivers.states[:, column]
    mean, slack = float(states.mean()), 0.05 * float(states.std())
    below, above = float((states < here).mean()), float((states > here).mean())
    if abs(here - mean) <= slack:
        return f"{name} is at its average ({value(here)})"
    if below == 0.0:
        return f"{name} is {value(here)}, the lowest there is ({value(mean)} on average)"
    if above == 0.0:
        return f"{name} is {value(here)}, the highest there is ({value(mean)} on average)"
    if above >= _FAR and here < mean:
        return f"{name} is low ({value(here)}, lower than at {plain(100.0 * above, 0)} % of the pools)"
    if below >= _FAR and here > mean:
        return f"{name} is high ({value(here)}, higher than at {plain(100.0 * below, 0)} % of the pools)"
    return f"{name} is {value(here)} ({value(mean)} on average)"


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def rule_words(tree: EffectTree, number: int) -> str:
    """``"duplicate rate of code ≤ 0.73 and ..."``: what leads to a node; "all pools" at the root.

    Of several conditions on one side of one covariate only the tightest is named.
    """
    tightest: dict[tuple[str, str], float] = {}
    for words, sign, limit in _conditions(tree, number):
        before = tightest.get((words, sign), limit)
        tightest[words, sign] = min(before, limit) if sign == AT_MOST else max(before, limit)
    said = [_condition(words, sign, limit) for (words, sign), limit in tightest.items()]
    return " and ".join(said) or ALL_POOLS


def last_rule_words(tree: EffectTree, number: int) -> str:
    """The one condition that tells a node from its sibling; "all pools" at the root."""
    conditions = _conditions(tree, number)
    return _condition(*conditions[-1]) if conditions else ALL_POOLS


def _condition(words: str, sign: str, limit: float) -> str:
    return f"{words} {sign} {threshold(limit)}"


def _conditions(tree: EffectTree, number: int) -> list[tuple[str, str, float]]:
    for parent, node in enumerate(tree.nodes):
        if node.covariate is not None and node.threshold is not None and number in (node.low, node.high):
            sign = AT_MOST if number == node.low else MORE_THAN
            return [*_conditions(tree, parent), (covariate_words(node.covariate), sign, node.threshold)]
    return []
