"""The level of a model whose slopes are already known: what the pool's state says besides.

    Y = level(x) + encode(T) . slopes(x),    level(x) = c(x) - slopes(x) . centre,

c a ridge of second degree on what the slopes leave of the outcome, read at the runs' mean mixture
``centre``: there it is smoother than at encode(T) = 0, which no run comes near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.nuisance import MAX_SQUARES
from causalmix_core.effects.ridge import column_scale, fit_ridge
from causalmix_core.effects.state_scale import CLIP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.folds import Index

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Level:
    """A fitted level.

    Attributes
    ----------
    mean, spread : (d,) standardisation of the states.
    intercept, coefficients : of c, over :func:`level_columns`.
    centre : (p,) mean coded mixture.
    """

    mean: Array
    spread: Array
    intercept: float
    coefficients: Array
    centre: Array

    def at(self, states: Array, slopes: Array) -> Array:
        """(m, d) states and the slopes (m, p) there -> (m,)."""
        level: Array = self.intercept - slopes @ self.centre
        return level + _columns(states, self.mean, self.spread) @ self.coefficients


def fit_level(
    states: Array, coded: Array, slopes: Array, target: Array, folds: list[tuple[Index, Index]]
) -> Level:
    """Fit on runs with states (n, d), coded mixtures and slopes (n, p), outcome (n,)."""
    centre = coded.mean(axis=0)
    rest = target - ((coded - centre) * slopes).sum(axis=1)
    mean, spread = states.mean(axis=0), states.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    columns = _columns(states, mean, spread)
    scale = column_scale(columns, np.ones(columns.shape[1]), np.arange(columns.shape[1]))
    ridge = fit_ridge(columns, rest, scale, folds)
    return Level(mean, spread, ridge.intercept, ridge.coefficients, centre)


def _columns(states: Array, mean: Array, spread: Array) -> Array:
    return level_columns(np.clip((states - mean) / spread, -CLIP, CLIP))


def level_columns(u: Array) -> Array:
    """(m, d) -> columns of g: first degree and all products, or squares alone for many covariates."""
    d = u.shape[1]
    if d > MAX_SQUARES:
        return np.concatenate([u, u**2], axis=1)
    first, second = np.triu_indices(d)
    return np.concatenate([u, u[:, first] * u[:, second]], axis=1)
