"""Sentences on transfer across size and budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import level_percent, plain, thousands
from causalmix_core.effects.transfer import GOOD_RANK, POOR_RANK, SLOPES

if TYPE_CHECKING:
    from causalmix_core.effects.transfer import OutcomeTransfer, Transfer, Verdict

THRESHOLDS = (
    f"An outcome transfers when the interval of its rank correlation at the largest size lies above {GOOD_RANK:g} and "
    f"effects there are {SLOPES[0]:g} to {SLOPES[1]:g} times the foretold ones; it does not when the interval lies below "
    f"{POOR_RANK:g} or includes 0; else partly."
)


def transfer_sentence(found: Transfer) -> str:
    """Which outcomes transfer from the smaller sizes to the largest, named where they do not."""
    single = [one for one in found.outcomes if one.outcome.name != "mean"] or list(found.outcomes)
    named = {verdict: _named(single, verdict) for verdict in ("partly", "does not transfer")}
    good = sum(one.verdict == "transfers" for one in single)
    start = (
        f"Fits on {' and '.join(found.labels[:-1])} foretell {found.labels[-1]}: "
        f"{thousands(good)} of {thousands(len(single))} outcomes transfer"
    )
    rest = []
    if named["partly"]:
        rest.append(f"partly {', '.join(named['partly'])}")
    if named["does not transfer"]:
        rest.append(f"not {', '.join(named['does not transfer'])}")
    return f"{start}; {'; '.join(rest)}." if rest else f"{start}."


def _named(outcomes: list[OutcomeTransfer], verdict: Verdict) -> list[str]:
    return [f"{one.outcome.name} ({_reason(one)})" for one in outcomes if one.verdict == verdict]


def _reason(one: OutcomeTransfer) -> str:
    """The figure that keeps an outcome from transferring."""
    largest = one.largest
    if one.verdict == "partly" and largest.lower >= GOOD_RANK:
        return f"effects are {plain(largest.slope, 2)} of the foretold ones"
    return f"rank correlation {plain(largest.rank, 2)}"


def outcome_transfer_sentence(one: OutcomeTransfer, level: float) -> str:
    """One outcome: how the largest size is foretold, and how the same mixtures rank at both sizes."""
    largest, smallest = one.largest, one.sizes[0]
    verdict = "transfers partly" if one.verdict == "partly" else one.verdict
    said = (
        f"{one.outcome.name} {verdict}: at {largest.label}, foretold from smaller runs, the rank correlation over "
        f"{thousands(len(largest.observed))} runs is {plain(largest.rank, 2)} ({level_percent(level)} interval "
        f"{plain(largest.lower, 2)} to {plain(largest.upper, 2)}; {plain(smallest.rank, 2)} at {smallest.label}, foretold out of "
        f"fold), and effects are {plain(largest.slope, 2)} of the foretold ones"
    )
    if largest.same_order is None:
        return f"{said}."
    return (
        f"{said}; of pairs among {thousands(largest.n_same)} mixtures that were run at this and the next smaller size, "
        f"{plain(100 * largest.same_order, 0)} % rank alike at both."
    )
