"""The convex-concave procedure: climbing where a response has convex parts.

A negative log coefficient makes a_k log(t + eps) convex: the outcome rises ever faster as the
domain vanishes. Each step replaces the convex parts by their tangents, which lie below them, and
solves the concave rest exactly, so the outcome never falls. What is reached depends on where the
first tangents are laid (:mod:`~causalmix_core.decision.solvers.mixed` chooses them).

Source: Yuille and Rangarajan, "The Concave-Convex Procedure", Neural Computation 15 (2003).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.geometry import distance
from causalmix_core.decision.solvers.marginals import Prices
from causalmix_core.decision.solvers.separable import no_prices, objectives, solve_concave

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

STEPS = 60
# Multiples of a step that are tried beyond it: the procedure alone converges linearly.
STRIDES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 64.0])


class _Climb:
    """Concave subproblems of one response and region, each started from its row's last prices."""

    def __init__(self, response: Response, region: Region, radii: Array) -> None:
        self._response, self._region, self._radii = response, region, radii
        self._rise = np.maximum(response.log_coefficients, 0.0)
        self._fall = np.minimum(response.log_coefficients, 0.0)
        self._prices = no_prices(len(radii))

    def step(self, tangent_at: Array, rows: Indices) -> Array:
        """Maximisers (N, K) with the convex parts replaced by their tangents at (N, K)."""
        response, prices = self._response, self._prices
        slopes = response.linear_coefficients + self._fall / (tangent_at + response.epsilon)
        concave = objectives(np.broadcast_to(self._rise, slopes.shape), slopes, response.epsilon)
        guess = Prices(prices.share[rows], prices.log_distance[rows])
        solved, found = solve_concave(concave, self._region, self._radii[rows], guess)
        prices.share[rows], prices.log_distance[rows] = found
        return solved


def climb(response: Response, region: Region, starts: Array, radii: Array, settled: float) -> Array:
    """(N, K) local optima within ``radii`` (N,) from tangents laid at ``starts`` (N, K).

    The starts need not lie in the region, the results do. A row stops when a step brings less
    than ``settled`` times the largest coefficient.
    """
    least = settled * float(np.abs(response.coefficients).max())
    moving = np.arange(len(radii))
    problem = _Climb(response, region, radii)
    reached = problem.step(starts, moving)
    for _ in range(STEPS):
        if not len(moving):
            break
        before = reached[moving]
        after = _stride(response, region, before, problem.step(before, moving), radii[moving])
        gained = response.gain(after, region.anchor) - response.gain(before, region.anchor)
        better = gained > 0.0
        reached[moving[better]] = after[better]
        moving = moving[gained > least]
    return reached


def _stride(response: Response, region: Region, before: Array, after: Array, radii: Array) -> Array:
    """The best of a step and its multiples that stay in the region, row by row."""
    trials = before + STRIDES[:, None, None] * (after - before)
    inside = ((trials >= region.lower) & (trials <= region.upper)).all(axis=2)
    trials = np.clip(trials, region.lower, region.upper)
    inside &= distance(region.metric, region.anchor, trials) <= radii
    # The step itself is feasible by construction, whatever the last digit of its distance says.
    inside[0], trials[0] = True, after
    values = np.where(inside, response.gain(trials, region.anchor), -np.inf)
    best = values.argmax(axis=0)
    chosen: Array = trials[best, np.arange(len(best))]
    return chosen
