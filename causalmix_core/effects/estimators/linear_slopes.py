"""Slopes linear in some of the pool's covariates: the form of averages, LinearDML and the ridge R-learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.engine import SeparablePrediction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.level import Level

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StateFeatures:
    """(1, standardised covariates) of a state; without columns just 1.

    ``columns`` (q - 1,) which state columns; ``mean``, ``spread`` (q - 1,) over the runs.
    """

    columns: NDArray[np.intp]
    mean: Array
    spread: Array

    def __call__(self, states: Array) -> Array:
        """(m, d) states -> (m, q)."""
        u = (states[:, self.columns] - self.mean) / self.spread
        return np.concatenate([np.ones((len(u), 1)), u], axis=1)


def fit_features(states: Array, conditions: bool) -> StateFeatures:
    """All covariates of the runs (n, d), or none where effects are averages."""
    used = np.arange(states.shape[1] if conditions else 0)
    spread = states[:, used].std(axis=0)
    return StateFeatures(used, states[:, used].mean(axis=0), np.where(spread > 0, spread, 1.0))


def interactions(coded: Array, features: Array) -> Array:
    """(n, p) and (n, q) -> (n, q p) regression columns."""
    columns: Array = np.einsum("np,nq->nqp", coded, features).reshape(len(coded), -1)
    return columns


@dataclass(frozen=True, eq=False)
class LinearSlopesEngine(SeparablePrediction):
    """slopes(x) = features(x) @ coefficients.

    Attributes
    ----------
    coefficients : (q, p). coefficient_covariance : (q p, q p), features outer.
    """

    coding: Coding
    features: StateFeatures
    coefficients: Array
    coefficient_covariance: Array
    fitted_level: Level
    method: str
    summary: str

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p)."""
        slopes: Array = self.features(states) @ self.coefficients
        return slopes

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p)."""
        q, p = self.coefficients.shape
        one = self.features(state[None])[0]
        blocks = self.coefficient_covariance.reshape(q, p, q, p)
        found: Array = np.einsum("a,aibj,b->ij", one, blocks, one, optimize=True)
        return found

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,)."""
        rows = interactions(np.tile(direction, (len(states), 1)), self.features(states))
        found: Array = ((rows @ self.coefficient_covariance) * rows).sum(axis=1)
        return found

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        return self.fitted_level.at(states, self.slopes(states))
