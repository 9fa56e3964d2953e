"""Gain against radius: how much of the outcome each further step from the anchor buys."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.feasibility import least_radius
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.marks import half_marginal_radius, knee_radius
from causalmix_core.decision.policies import recommend
from causalmix_core.decision.region import WIDEST
from causalmix_core.decision.result import Frontier
from causalmix_core.decision.solvers.concave import log_linear_path, maximise_log_linear
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision, PolicyName
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

POINTS = 25
# In KL a mixture that drops a domain is infinitely far; past this radius little is left to gain.
WIDEST_KL = 2.0
# The marginal return at the anchor is measured over this part of the range.
FIRST_STEP = 1e-3
SAME_RADIUS = 1e-9


def frontier(
    response: Response,
    region: Region,
    radii: Array | None = None,
    policy: PolicyName = "analytic",
    level: float = 0.9,
    correction: Correction = NONE,
) -> Frontier:
    """Best mixtures and their gains at ``radii`` (R,), with all else of ``region`` held.

    Without ``radii`` an even grid from 0 (where the anchor breaks the bounds: from the nearest
    mixture that keeps them) to where the path stops moving. Gains of the analytic policy never
    fall with the radius.

    Raises
    ------
    InfeasibleRegion, AnchorError
        The region is empty at the smallest radius.
    """
    grid = default_radii(response, region) if radii is None else np.unique(np.asarray(radii, dtype=float))
    first = grid[0] + FIRST_STEP * (grid[-1] - grid[0])
    steps = np.insert(grid, 1, first)
    shares = _path(response, region, steps, policy)
    believed = correction.apply(response)
    gains, se = believed.gain(shares, region.anchor), believed.gain_se(shares, region.anchor)
    half_width = NormalDist().inv_cdf(0.5 + level / 2.0) * se
    shown = np.arange(len(steps)) != 1
    return Frontier(
        radii=grid,
        gains=gains[shown],
        lower=(gains - half_width)[shown],
        upper=(gains + half_width)[shown],
        shares=shares[shown],
        level=level,
        half_marginal_radius=half_marginal_radius(region.metric, steps, gains),
        knee=knee_radius(region.metric, grid, gains[shown]),
    )


def decided_frontier(solve: Callable[[Region], Decision], region: Region, radii: Array) -> Frontier:
    """What ``solve`` decides at ``radii`` (R,), with all else of ``region`` held: for any objective.

    Radii that leave no mixture (a floor or a wanted gain out of reach) are left out. The expected gain
    shown is that of the mixture decided on, and may fall where the objective is another one.

    Raises
    ------
    InfeasibleRegion, AnchorError : the region is empty at the smallest radius.
    ObjectiveError : no radius leaves a mixture.
    """
    grid = np.unique(np.asarray(radii, dtype=float))
    steps = np.insert(grid, 1, grid[0] + FIRST_STEP * (grid[-1] - grid[0]))
    made: dict[float, Decision] = {}
    refused: ObjectiveError | None = None
    for radius in steps.tolist():
        try:
            made[radius] = solve(replace(region, radius=radius))
        except ObjectiveError as problem:
            refused = problem
    kept = [radius for radius in grid.tolist() if radius in made]
    if refused is not None and not kept:
        raise refused
    tried, shown = np.array(list(made)), [made[radius] for radius in kept]
    gains = np.array([one.gain for one in shown])
    return Frontier(
        radii=np.array(kept),
        gains=gains,
        lower=np.array([one.interval[0] for one in shown]),
        upper=np.array([one.interval[1] for one in shown]),
        shares=np.stack([one.shares for one in shown]),
        level=shown[0].level,
        # Without the smallest radii there is no marginal return at the start to compare with.
        half_marginal_radius=None
        if refused
        else half_marginal_radius(region.metric, tried, np.array([one.gain for one in made.values()])),
        knee=knee_radius(region.metric, np.array(kept), gains),
    )


def through(path: Frontier, made: Decision) -> Frontier:
    """The frontier with what was decided at its own radius as one of the points, in place of a point there.

    So a page says one gain of one radius, where the frontier's points lie apart. Decisions of the search, and
    those beyond the frontier's range, leave it as it is.
    """
    radius = made.region.radius
    if made.policy != "analytic" or not path.radii[0] <= radius <= path.radii[-1]:
        return path
    place = int(np.searchsorted(path.radii, radius - SAME_RADIUS))
    there = int(path.radii[place] <= radius + SAME_RADIUS)

    def with_point(curve: Array, value: float | Array) -> Array:
        point = np.asarray(value)[None]
        return np.concatenate([curve[:place], point, curve[place + there :]])

    return replace(
        path,
        radii=with_point(path.radii, radius),
        gains=with_point(path.gains, made.gain),
        lower=with_point(path.lower, made.interval[0]),
        upper=with_point(path.upper, made.interval[1]),
        shares=with_point(path.shares, made.shares),
    )


def default_radii(response: Response, region: Region, points: int = POINTS) -> Array:
    """(points,) even grid from the least radius to that of the best mixture within the bounds."""
    widest = replace(region, radius=WIDEST[region.metric])
    best = maximise_log_linear(response, widest)
    far = float(distance(region.metric, region.anchor, best))
    least = least_radius(region)
    limit = max(WIDEST_KL, 2.0 * least) if region.metric == "kl" else WIDEST[region.metric]
    # A response that moves nothing still gets a range to show that on.
    end = min(far, limit) if far > least else max(region.radius, least + 0.1)
    return np.linspace(least, end, points)


def _path(response: Response, region: Region, radii: Array, policy: PolicyName) -> Array:
    if policy == "analytic":
        return log_linear_path(response, region, radii)
    return np.stack([recommend(response, replace(region, radius=r), policy) for r in radii.tolist()])
