"""Boosted trees behind the interface: they predict by themselves, and lend a Response by projection.

Trees have no slopes. At a pool their predictions over the runs' own mixtures are projected onto
(log(T + eps), T) by lightly ridged least squares, which gives level and slopes there; eps is the
one that a ridge on the same runs finds best. The covariance is that of the projection: it says how
far the predictions are from the form, and nothing of how far they are from the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.coding_choice import choose_coding
from causalmix_core.effects.ridge import column_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

MIXTURES = 128  # that predictions are projected over: a map of 41 x 41 pools stays within seconds
PENALTY = 0.1  # of standardised columns: a tenth of a run


@dataclass(frozen=True, eq=False)
class Projection:
    """Least squares over R mixtures, ready for any predictions of them.

    Attributes
    ----------
    mixtures : (R, K). coded : (R, p).
    solve : (p, R) from centred predictions to slopes. spread : (p, p) covariance per unit of noise.
    """

    mixtures: Array
    coded: Array
    solve: Array
    spread: Array

    def slopes(self, predicted: Array) -> Array:
        """(m, R) predictions -> (m, p)."""
        found: Array = predicted @ self.solve.T  # its rows sum to zero, so centring is in it
        return found

    def noise(self, predicted: Array) -> Array:
        """(m, R) predictions -> (m,) mean squared distance from the form."""
        centred = predicted - predicted.mean(axis=1, keepdims=True)
        missed = centred - self.slopes(predicted) @ (self.coded - self.coded.mean(axis=0)).T
        squares: Array = (missed**2).sum(axis=1) / max(len(self.mixtures) - self.coded.shape[1], 1)
        return squares

    def level(self, predicted: Array) -> Array:
        """(m, R) predictions -> (m,)."""
        level: Array = predicted.mean(axis=1) - self.slopes(predicted) @ self.coded.mean(axis=0)
        return level


def make_projection(coding: Coding, shares: Array) -> Projection:
    """Over at most ``MIXTURES`` of the runs' mixtures (n, K), evenly over their order."""
    keep = np.unique(np.linspace(0, len(shares) - 1, min(len(shares), MIXTURES)).round().astype(int))
    mixtures = shares[keep]
    coded = coding.encode(mixtures)
    scale = column_scale(coded, np.ones(coding.size), coding.parts)
    centred = (coded - coded.mean(axis=0)) * scale
    inverse = np.linalg.inv(centred.T @ centred + PENALTY * np.eye(coding.size))
    return Projection(
        mixtures, coded, scale[:, None] * (inverse @ centred.T), inverse * np.outer(scale, scale)
    )


def projection_coding(shares: Array, target: Array, residuals: Residuals, epsilon: float | None) -> Coding:
    """Logs beside shares, with the epsilon given or the one that foretells other pools best in a ridge."""
    k = shares.shape[1]
    candidates = [Coding("log-linear", k, e) for e in ([epsilon] if epsilon is not None else EPSILONS)]
    return choose_coding(candidates, shares, target, np.empty((len(shares), 0)), residuals.splits)[0]


@dataclass(frozen=True, eq=False)
class BoostedEngine:
    """A booster on the mixture, alone or beside the pool's state.

    Attributes
    ----------
    booster : a fitted ``LGBMRegressor``. uses_states : whether states stand beside shares in it.
    """

    coding: Coding
    booster: Any
    uses_states: bool
    projection: Projection
    method: str
    summary: str

    def predict(self, shares: Array, states: Array) -> Array:
        """(m, K) and (m, d) -> (m,), the booster's own."""
        columns = np.concatenate([shares, states], axis=1) if self.uses_states else shares
        found: Array = self.booster.predict(columns)
        return found

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, 2K)."""
        return self.projection.slopes(self._over_mixtures(states))

    def covariance(self, state: Array) -> Array:
        """(d,) -> (2K, 2K), of the projection."""
        found: Array = self.projection.noise(self._over_mixtures(state[None]))[0] * self.projection.spread
        return found

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (2K,) -> (m,)."""
        noise = self.projection.noise(self._over_mixtures(states))
        found: Array = noise * float(direction @ self.projection.spread @ direction)
        return found

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,), of the projection."""
        return self.projection.level(self._over_mixtures(states))

    def _over_mixtures(self, states: Array) -> Array:
        """(m, d) -> (m, R) predictions of the reference mixtures at each state."""
        mixtures = self.projection.mixtures
        if not self.uses_states:
            return np.tile(self.booster.predict(mixtures), (len(states), 1))
        # Pools that are asked for twice (neighbours of one pool) are foretold once.
        distinct, member = np.unique(states, axis=0, return_inverse=True)
        tiled = np.tile(mixtures, (len(distinct), 1))
        found = self.predict(tiled, np.repeat(distinct, len(mixtures), axis=0))
        over: Array = found.reshape(len(distinct), len(mixtures))[member.ravel()]
        return over


def boosted_engine(
    table: RunsTable,
    target: Array,
    booster: Any,
    coding: Coding,
    *,
    uses_states: bool,
    method: str,
    summary: str,
) -> BoostedEngine:
    """Fit a booster on the table's runs and prepare its projection."""
    columns = np.concatenate([table.shares, table.states], axis=1) if uses_states else table.shares
    fitted = booster.fit(columns, target)
    projection = make_projection(coding, table.shares)
    return BoostedEngine(coding, fitted, uses_states, projection, method, summary)
