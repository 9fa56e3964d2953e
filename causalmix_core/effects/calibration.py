"""Intervals that cover: an estimator's own covariance, scaled to what is known not to be known.

The covariance of an estimator is that of its own form and takes the form as true. Here it is
scaled by one factor, so that over moves from the runs' mean mixture on the runs' own pools its
variance is on average what it ought to be,

    scale^2 = mean of [ inflation * v_rich(move) + (estimate - rich estimate)^2 ] / v_own(move),

v_rich the posterior variance in a model that assumes no form (:mod:`~causalmix_core.effects.rich_model`),
the square the disagreement with it, and ``inflation`` the variance inflation factor
Var(T) / Var(T - E[T|x]): where people chose the mixture by the pool's state, level and slopes explain
the same differences, shrinkage gives part of the slopes to the level, and no posterior notices
(regularisation-induced confounding, Hahn et al. 2018). ``python -m benchmarks coverage`` prints how often
the intervals then hold where the truth is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.nuisance import cross_fit, ridge_nuisance
from causalmix_core.effects.rich_model import fit_rich_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Engine
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

POOLS = 24
MOST_DOMAINS = 16
STEPS = (0.02, 0.1)  # parts of the mixture that a domain takes over


@dataclass(frozen=True)
class Calibration:
    """How an estimator's covariance is scaled, and why.

    Attributes
    ----------
    scale : > 0 factor on standard errors.
    inflation : >= 1 variance inflation by confounding with the pool's state.
    form : variance of the rich model over the estimator's own, before inflation.
    disagreement : squared difference of the two over the estimator's own variance.
    """

    scale: float
    inflation: float
    form: float
    disagreement: float


@dataclass(frozen=True, eq=False)
class CalibratedEngine:
    """An engine whose covariance is scaled; all else is its own."""

    engine: Engine
    calibration: Calibration

    @property
    def coding(self) -> Coding:
        """The engine's."""
        return self.engine.coding

    @property
    def method(self) -> str:
        """The engine's."""
        return self.engine.method

    @property
    def summary(self) -> str:
        """The engine's."""
        return self.engine.summary

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p), the engine's."""
        return self.engine.slopes(states)

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p), scaled."""
        return self.calibration.scale**2 * self.engine.covariance(state)

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,), scaled."""
        return self.calibration.scale**2 * self.engine.direction_variances(states, direction)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,), the engine's."""
        return self.engine.level(states)

    def predict(self, shares: Array, states: Array) -> Array:
        """(m, K), (m, d) -> (m,), the engine's."""
        return self.engine.predict(shares, states)


def uncalibrated(engine: Engine) -> Engine:
    """The engine inside, or the engine itself."""
    return engine.engine if isinstance(engine, CalibratedEngine) else engine


def calibrate(table: RunsTable, target: Array, config: FitConfig, engine: Engine) -> Calibration:
    """Scale of an engine's covariance, from moves on the runs' own pools."""
    inflation = variance_inflation(table, config)
    rich = fit_rich_model(table, target, config.seed)
    states = _pools(table)
    anchor = table.shares.mean(axis=0)
    form, disagreement = [], []
    for step in STEPS:
        to = anchor + step * (_moves(len(anchor)) - anchor)
        own, own_variance = _own(engine, table.domains, states, to, anchor)
        m = len(to)
        estimate, variance = rich.differences(
            np.tile(to, (len(states), 1)), np.tile(anchor, (m * len(states), 1)), np.repeat(states, m, axis=0)
        )
        total = own_variance.sum()
        form.append(variance.sum() / total)
        disagreement.append(((own - estimate) ** 2).sum() / total)
    squared = inflation * np.mean(form) + np.mean(disagreement)
    return Calibration(float(np.sqrt(squared)), inflation, float(np.mean(form)), float(np.mean(disagreement)))


def variance_inflation(table: RunsTable, config: FitConfig) -> float:
    """Var(T) / Var(T - E[T|x]) over all domains, nuisances cross-fitted; 1 without covariates."""
    d = table.states.shape[1]
    if d == 0:
        return 1.0
    folds = group_folds(table.groups(), config.folds, config.seed)
    rest = table.shares - cross_fit(lambda: ridge_nuisance(d), table.states, table.shares, folds)
    return max(1.0, float(table.shares.var(axis=0).sum() / (rest**2).mean(axis=0).sum()))


def _pools(table: RunsTable) -> Array:
    """(m, d) distinct pools of the runs, evenly thinned."""
    distinct = np.unique(table.states, axis=0)
    return distinct[np.linspace(0, len(distinct) - 1, min(POOLS, len(distinct))).astype(int)]


def _moves(k: int) -> Array:
    """(m, K) corners of the simplex, evenly thinned."""
    return np.eye(k)[np.linspace(0, k - 1, min(MOST_DOMAINS, k)).astype(int)]


def _own(
    engine: Engine, domains: tuple[str, ...], states: Array, to: Array, anchor: Array
) -> tuple[Array, Array]:
    """The engine's own gain and variance of each move at each state: two (states * moves,)."""
    gains, variances = [], []
    for state, slopes in zip(states, engine.slopes(states), strict=True):
        response = engine.coding.response(domains, slopes, engine.covariance(state))
        gains.append(response.gain(to, anchor))
        variances.append(response.gain_se(to, anchor) ** 2)
    return np.concatenate(gains), np.concatenate(variances)
