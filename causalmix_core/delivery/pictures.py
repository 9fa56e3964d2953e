"""What the pictures of a decision say, in one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery.covariates import covariate_words, value
from causalmix_core.delivery.numbers import decimals_for, percent, plain, signed, thousands
from causalmix_core.delivery.sentences import interval_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.pareto import Pareto
    from causalmix_core.decision.region import Metric
    from causalmix_core.decision.result import Frontier
    from causalmix_core.decision.ternary import Ternary
    from causalmix_core.decision.trajectory import Trajectory
    from causalmix_core.effects.pool_path import PoolPath
    from causalmix_core.evidence.table import Outcome

    Array = NDArray[np.float64]

# The gain has reached its end where no more than this part of it is missing.
REACHED = 1e-6
MOST_NAMED = 3
# A tenth of a percent is what tables show: below it nothing has moved.
SHOWN = 0.0005


def radius_text(radius: float, metric: Metric) -> str:
    """A radius as it is typed: in percent of the data, else as a number."""
    return percent(radius) if metric == "tv" else f"{radius:.3g}"


def position_text(path: PoolPath, position: float) -> str:
    """A place on a shift of the pool: a value, or how many standard deviations from the pool at hand."""
    return f"{signed(position, 1)} sd" if path.whole else value(position)


def path_words(path: PoolPath) -> str:
    """What is shifted: ``duplicate rate of code``, ``duplicate rate of all domains``."""
    if path.whole:
        return f"{path.covariate.name.replace('_', ' ')} of all domains"
    return covariate_words(path.covariate)


def frontier_sentence(
    path: Frontier,
    radius: float | None,
    support: float | None,
    metric: Metric,
    unit: str = "",
    unseen: Sequence[str] = (),
) -> str:
    """Gain now and at the end, then the marks: knee, returns halved, end of support of all but ``unseen`` domains."""
    rise = float(path.gains[-1] - path.gains[0])
    full = int(np.argmax(path.gains - path.gains[0] >= (1.0 - REACHED) * rise))
    end, after = float(path.gains[full]), f" {unit}" if unit else ""
    said = (
        f"The estimated gain reaches {signed(end, decimals_for(end))}{after} at a radius of "
        f"{radius_text(float(path.radii[full]), metric)}"
    )
    if radius is not None:
        now, low, high = (
            float(np.interp(radius, path.radii, c)) for c in (path.gains, path.lower, path.upper)
        )
        digits = decimals_for(now, low, high)
        interval = interval_phrase(low, high, path.level, digits)
        said += f"; at the current {radius_text(radius, metric)} it is {signed(now, digits)} ({interval})"
    if path.knee is not None:
        said += f"; the curve bends most at {radius_text(path.knee, metric)} (its knee)"
    if path.half_marginal_radius is not None:
        said += f"; from {radius_text(path.half_marginal_radius, metric)} on a step brings half of what the first did"
    aside = f", {', '.join(unseen)} aside" if unseen else ""
    if support is None:
        return f"{said}; all its mixtures lie within those of the runs{aside}."
    return f"{said}; beyond {radius_text(support, metric)} the mixtures leave those of the runs{aside}."


def trajectory_sentence(path: PoolPath, moved: Trajectory) -> str:
    """Which shares move along the shift, from where to where, and how many jumps there are."""
    first, last = moved.positions[0], moved.positions[-1]
    ends = f"{position_text(path, float(first))} to {position_text(path, float(last))}"
    here = " from this pool" if path.whole else f" (this pool: {position_text(path, path.here)})"
    said = f"As {path_words(path)} goes from {ends}{here}, "
    spread = np.ptp(moved.shares, axis=0)
    order = [k for k in np.argsort(-spread.round(9), kind="stable")[:MOST_NAMED] if spread[k] >= SHOWN]
    if not order:
        return said + "the recommended mixture stays the same."
    said += "the recommended share of " + ", ".join(
        f"{moved.domains[k]} goes from {plain(100 * moved.shares[0, k], 1)} to {percent(float(moved.shares[-1, k]))}"
        for k in order
    )
    jumps = int(moved.jumps.sum())
    if jumps:
        steps = 0.5 * np.abs(np.diff(moved.shares, axis=0)).sum(axis=1)
        largest = int(np.argmax(steps))
        where = position_text(path, float(moved.positions[largest]))
        said += f"; the mixture jumps {jumps} time{'s' if jumps > 1 else ''}, farthest at {where}, by {percent(float(steps[largest]))} of the data"
    outside = float((~path.supported(path.positions)).mean())
    return said + (f"; {percent(outside)} of the range lies outside the runs' pools." if outside else ".")


def pareto_sentence(found: Pareto, outcomes: tuple[Outcome, Outcome]) -> str:
    """The two ends of the trade, and where the mixture at hand stands."""
    path, present = found.path, found.present.gains[0]
    digits = [decimals_for(*path.gains[:, j], float(present[j])) for j in (0, 1)]

    def pair(gains: Array) -> str:
        return " and ".join(f"{signed(float(gains[j]), digits[j])} in {outcomes[j].name}" for j in (0, 1))

    here = f"The mixture at hand gains {pair(present)}"
    stands = "a mixture on the line beats it" if found.dominated else "no mixture on the line beats it"
    if len(path.gains) == 1:
        return f"One mixture is best for both outcomes: it gains {pair(path.gains[0])}. {here}: {stands}."
    return (
        f"With all weight on {outcomes[0].name} the best mixture gains {pair(path.gains[0])}; with all on "
        f"{outcomes[1].name}, {pair(path.gains[-1])}. {here}: {stands}."
    )


def ternary_sentence(found: Ternary, unit: str = "") -> str:
    """What the triangle divides, what that gains inside the region, and where the runs stand."""
    names = ", ".join(found.names)
    if found.others == "held":
        what = f"{percent(found.whole)} of the mixture divided among {names}, the others held as recommended"
    else:
        what = f"The whole mixture divided among {names}, the last standing for all others too"
    inside = found.gains[found.inside]
    if len(inside):
        best = int(np.argmax(np.where(found.inside, found.gains, -np.inf)))
        low, high = float(inside.min()), float(inside.max())
        digits = decimals_for(low, high)
        shares = ", ".join(
            f"{name} {percent(float(found.whole * part))}"
            for name, part in zip(found.names, found.parts[best], strict=True)
        )
        gained = (
            f"inside the region the estimated gain is {signed(low, digits)} to {signed(high, digits)}"
            f"{f' {unit}' if unit else ''}, highest near {shares}"
        )
    else:
        gained = "the region is too narrow here to hold a point of the grid"
    return f"{what}: {gained}; {thousands(len(found.runs))} runs stand by their shares among these domains."
