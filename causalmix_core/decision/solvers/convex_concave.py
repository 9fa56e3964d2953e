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

    from causalmix_core.decision.solvers.problems import Problems

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

STEPS = 60
# Multiples of a step that are tried beyond it: the procedure alone converges linearly.
STRIDES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 64.0])


class _Climb:
    """Concave subproblems of N climbs, each started from its last prices."""

    def __init__(self, problems: Problems, rows: Indices) -> None:
        self._problems, self._rows = problems, rows
        self._rise, self._fall = np.maximum(problems.a, 0.0), np.minimum(problems.a, 0.0)
        self._prices = no_prices(len(rows))

    def step(self, tangent_at: Array, climbs: Indices) -> Array:
        """Maximisers (n, K) of ``climbs`` (n,), convex parts replaced by their tangents at (n, K)."""
        problems, prices, rows = self._problems, self._prices, self._rows[climbs]
        slopes = problems.b[rows] + self._fall[rows] / (tangent_at + problems.epsilon)
        concave = objectives(self._rise[rows], slopes, problems.epsilon)
        guess = Prices(prices.share[climbs], prices.log_distance[climbs])
        solved, found = solve_concave(concave, problems.region, problems.radii[rows], guess)
        prices.share[climbs], prices.log_distance[climbs] = found
        return solved


def climb(problems: Problems, starts: Array, rows: Indices, settled: float) -> Array:
    """(N, K) local optima of problems ``rows`` (N,) from tangents laid at ``starts`` (N, K).

    The starts need not lie in the region, the results do. A climb stops when a step brings less
    than ``settled`` times its problem's largest coefficient.
    """
    least = settled * problems.size[rows]
    moving = np.arange(len(rows))
    concave = _Climb(problems, rows)
    reached = concave.step(starts, moving)
    for _ in range(STEPS):
        if not len(moving):
            break
        before, here = reached[moving], rows[moving]
        after = _stride(problems, before, concave.step(before, moving), here)
        gained = problems.gain(after, here) - problems.gain(before, here)
        better = gained > 0.0
        reached[moving[better]] = after[better]
        moving = moving[gained > least[moving]]
    return reached


def _stride(problems: Problems, before: Array, after: Array, rows: Indices) -> Array:
    """The best of a step and its multiples that stay in the region, climb by climb."""
    region = problems.region
    trials = before + STRIDES[:, None, None] * (after - before)
    inside = ((trials >= region.lower) & (trials <= region.upper)).all(axis=2)
    trials = np.clip(trials, region.lower, region.upper)
    inside &= distance(region.metric, region.anchor, trials) <= problems.radii[rows]
    # The step itself is feasible by construction, whatever the last digit of its distance says.
    inside[0], trials[0] = True, after
    values = np.where(inside, problems.gain(trials, rows), -np.inf)
    best = values.argmax(axis=0)
    chosen: Array = trials[best, np.arange(len(best))]
    return chosen
