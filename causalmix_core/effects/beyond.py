"""Pools beyond the runs: intervals that grow with the distance.

An estimator's covariance grows outside the runs as far as its form knows of it; where covariates are
clipped, where effects are averages, and in trees, it stands still while the truth may go on. So for a
pool x outside the runs' pools the variance of effects is at least

    (1 + e^2) v(x_s) + e^2 B,

x_s the last supported state on the line from the runs' average pool to x, e the distance between the
two (root mean square over covariates, in spreads), v(x_s) the variance there, and B what effects vary
between the runs' own pools: each spread beyond may change effects by as much as pools usually differ.
The estimate itself stays the extrapolated one, which in simulation errs less than effects at x_s do, at
up to three times the runs' spread (``python -m benchmarks beyond`` prints both, and how often intervals hold).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.support import (
    distances_to_runs,
    reference,
    squared_distances,
    standardised,
    usual_distance,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.engine import Engine
    from causalmix_core.effects.response import Response
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

STEP = 0.1  # of the moves over which variances are compared: a tenth of the mixture to each domain
HALVINGS = 14
MOST_POOLS = 200
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Beyond:
    """What it takes to tell how far a pool lies beyond the runs'.

    Attributes
    ----------
    runs : (m, d) distinct states of the runs in spreads; ``mean``, ``spread`` (d,) of the runs.
    low, high : (d,) range of the runs' states in table units.
    threshold : distance to the runs that is usual among them.
    engine : of the fit; ``anchor`` : (K,) the runs' mean mixture, from which moves are valued.
    """

    runs: Array
    mean: Array
    spread: Array
    low: Array
    high: Array
    threshold: float
    engine: Engine
    anchor: Array

    def inside(self, state: Array) -> bool:
        """Whether a state (d,) lies within the runs' pools, as :func:`pool_support` says."""
        slack = SLACK * (1.0 + np.abs(state))
        if ((state < self.low - slack) | (state > self.high + slack)).any():
            return False
        distance = distances_to_runs(self._standard(state)[None], self.runs)[0]
        return bool(distance <= self.threshold)

    def nearest(self, state: Array) -> Array:
        """(d,) the last supported state on the line from the average pool to ``state``."""
        start = self.mean
        if not self.inside(start):  # runs in clusters: their middle may be nobody's pool
            start = (
                self.mean
                + self.spread
                * self.runs[int(squared_distances(self._standard(state)[None], self.runs)[0].argmin())]
            )
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            inside = self.inside(start + middle * (state - start))
            low, high = (middle, high) if inside else (low, middle)
        return np.asarray(start + low * (state - start), dtype=np.float64)

    def _standard(self, state: Array) -> Array:
        return np.asarray((state - self.mean) / self.spread, dtype=np.float64)

    def widening(self, state: Array, respond: Callable[[Array], Response]) -> float:
        """Factor >= 1 on standard errors at a state (d,); 1 within the runs' pools.

        ``respond`` gives the response at a state as the engine has it.
        """
        if self.inside(state):
            return 1.0
        supported = self.nearest(state)
        squared = float((((state - supported) / self.spread) ** 2).mean())
        here, there = respond(state), respond(supported)
        steps = self._steps(here)
        between = float(np.var(self._pools_coefficients @ steps.T, axis=0).sum())
        own, near = _variance(steps, here.covariance), _variance(steps, there.covariance)
        if own <= 0.0:  # an estimator that claims no doubt has none to widen
            return 1.0
        return float(np.sqrt(max(1.0, ((1.0 + squared) * near + squared * between) / own)))

    def _steps(self, response: Response) -> Array:
        """(K, 2K) differences of features of the moves."""
        k = len(self.anchor)
        moved = self.anchor + STEP * (np.eye(k) - self.anchor)
        return response.features(moved) - response.features(self.anchor)

    @cached_property
    def _pools_coefficients(self) -> Array:
        """(m, 2K) coefficients at the runs' own pools."""
        rows = np.linspace(0, len(self.runs) - 1, min(len(self.runs), MOST_POOLS)).round().astype(int)
        states = self.mean + self.spread * self.runs[rows]
        return np.asarray(self.engine.slopes(states) @ self.engine.coding.decode.T, dtype=np.float64)


def beyond(table: RunsTable, engine: Engine) -> Beyond:
    """Measure the runs' pools once for a fit; the table has covariates."""
    runs, mean, spread = standardised(table)
    return Beyond(
        runs=reference(runs),
        mean=mean,
        spread=spread,
        low=table.states.min(axis=0),
        high=table.states.max(axis=0),
        threshold=usual_distance(runs),
        engine=engine,
        anchor=table.shares.mean(axis=0),
    )


def widened(response: Response, factor: float) -> Response:
    """The response with standard errors multiplied by ``factor``."""
    return response if factor == 1.0 else replace(response, covariance=factor**2 * response.covariance)


def _variance(steps: Array, covariance: Array) -> float:
    return float(np.einsum("mi,ij,mj->", steps, covariance, steps))
