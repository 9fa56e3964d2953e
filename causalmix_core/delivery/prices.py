"""What limits cost, in words: what a step looser is worth, and what could be had without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.decision.prices import raised_value
from causalmix_core.delivery.numbers import decimals_for, percent, plain, signed
from causalmix_core.delivery.supply import amount_words

if TYPE_CHECKING:
    from causalmix_core.decision.prices import LimitsCompared, Price
    from causalmix_core.decision.region import Metric, Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.evidence.table import Outcome

NEXT_TO_NOTHING = 1e-3  # of the gain: a price below is said to be nothing


@dataclass(frozen=True)
class LimitsRow:
    """One of the optima that stand side by side; ``shares`` in the order of the region's domains."""

    words: str
    gain: float
    lower: float
    upper: float
    shares: tuple[float, ...]


def price_sentences(outcome: Outcome, made: Decision, prices: tuple[Price, ...]) -> tuple[str, ...]:
    """A sentence for each active limit, dearest first."""
    unit = f" {outcome.unit}" if outcome.unit else ""
    where = {"lower_bound": " at the lower end of the gain", "maximin": " in the worst pool"}.get(
        made.objective.kind, ""
    )
    worths = [price.worth for price in prices]
    decimals = decimals_for(*worths, made.gain) if worths else 1
    said = []
    for price in prices:
        looser = _looser(price, made.region)
        if price.worth <= NEXT_TO_NOTHING * abs(made.gain):
            said.append(f"{looser} would be worth next to nothing.")
        else:
            said.append(f"{looser} would be worth {signed(price.worth, decimals)}{unit}{where}.")
    return tuple(said)


def limits_rows(compared: LimitsCompared) -> tuple[LimitsRow, ...]:
    """The decision, and those with fewer limits; one row where there is nothing to compare."""
    rows = [_row("Within all limits", compared.feasible)]
    if compared.without_supply is not None:
        rows.append(_row("With unlimited supply", compared.without_supply))
    if compared.without_bounds is not None:
        rows.append(_row("With nothing but the radius", compared.without_bounds))
    return tuple(rows)


def limits_sentence(outcome: Outcome, compared: LimitsCompared) -> str:
    """What the limits cost in all; empty where there are none but the radius."""
    made, free = compared.feasible, compared.without_supply or compared.without_bounds
    before = raised_value(made)
    after = None if free is None else raised_value(free)
    if before is None or after is None:
        return ""
    supplied = compared.without_supply is not None
    what = "the supply costs" if supplied else "floors, caps and locks cost"
    lost = max(0.0, after - before)
    if lost <= NEXT_TO_NOTHING * abs(after):
        return f"Within this radius, {what} next to nothing."
    decimals = decimals_for(lost, before, after)
    unit = f" {outcome.unit}" if outcome.unit else ""
    raised = {"lower_bound": "the lower end of the gain", "maximin": "the gain in the worst pool"}.get(
        made.objective.kind, "the gain"
    )
    return (
        f"Within this radius, {what} {plain(lost, decimals)}{unit}: {raised} is {signed(before, decimals)} with and "
        f"{signed(after, decimals)} without."
    )


def _row(words: str, decision: Decision) -> LimitsRow:
    return LimitsRow(words, decision.gain, *decision.interval, tuple(map(float, decision.shares)))


def _looser(price: Price, region: Region) -> str:
    if price.limit == "radius":
        return _wider(price.step, region.metric)
    name, side = price.limit.rsplit(".", 1)
    if side == "supply":
        return f"{_capital(amount_words(price.step, price.unit))} more of {name}"
    if side == "floor" and price.unit == "outcome":
        return f"A floor of {name} lower by {price.step:.3g}"
    if side == "lock":
        return f"Letting {name} move by {percent(price.step)}"
    return {
        "lower": f"A floor of {name} lower by {percent(price.step)}",
        "upper": f"A cap of {name} higher by {percent(price.step)}",
    }[side]


def _wider(step: float, metric: Metric) -> str:
    if metric == "tv":
        return f"Moving {percent(step)} more of the data"
    return f"A trust radius larger by {step:g}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
