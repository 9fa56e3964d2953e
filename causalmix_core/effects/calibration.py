"""Intervals that cover: an estimator's own covariance, scaled to what is known not to be known.

The covariance of an estimator is that of its own form and takes the form as true. Here it is
scaled by one factor, so that over moves from the runs' mean mixture on the runs' own pools its
variance is on average what it ought to be,

    scale^2 = mean of [ v_rich(move) + (estimate - rich estimate)^2 ] / v_own(move),

v_rich the posterior variance in a model that assumes no form (:mod:`~causalmix_core.effects.rich_model`)
and the square the disagreement with it. The rich model learns how large each kind of effect is, and where people chose
the mixture by the pool's state it learns too little from runs of different pools (regularisation-induced
confounding, Hahn et al. 2018; a prior that takes effects and choices to have nothing to do with each
other is dogmatic, Linero 2023). scale^2 is therefore

    (1 - w) scale^2 (learned from all runs) + w scale^2 (learned within pools),    w = R (2 - R),

R the part of the mixture's variance that the state foretells: w is 0 where mixtures were drawn and 1 - (1 - R)^2
in general. Where too few pools have several runs, v_rich is instead multiplied by the variance inflation factor
1 / (1 - R). ``python -m benchmarks coverage`` prints how often the intervals then hold where the truth is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.nuisance import cross_fit, ridge_nuisance
from causalmix_core.effects.rich_model import fit_rich_model, learn_within_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Engine
    from causalmix_core.effects.rich_model import RichModel
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

POOLS = 24
MOST_DOMAINS = 16
STEPS = (0.02, 0.1)  # parts of the mixture that a domain takes over
MOST_FORETOLD = 0.99  # a mixture that the state decides alone leaves nothing to divide by


@dataclass(frozen=True)
class Calibration:
    """How an estimator's covariance is scaled, and why.

    Attributes
    ----------
    scale : > 0 factor on standard errors, scale^2 = form + disagreement.
    foretold : 0..1, R, the part of the mixture's variance that the pool's state foretells.
    within : 0..1, w, the weight of what differences within pools say; 0 where there are too few.
    form : variance of the rich model over the estimator's own.
    disagreement : squared difference of the two over the estimator's own variance.
    """

    scale: float
    foretold: float
    within: float
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
    foretold = foretold_part(table, config)
    rich = fit_rich_model(table, target, config.seed)
    moves = _moves(engine, table)
    parts = _against(rich, moves)
    inside = learn_within_pools(rich, table, target, config.seed) if foretold > 0.0 else None
    weight = 0.0
    if inside is not None:
        weight = foretold * (2.0 - foretold)
        parts = (1.0 - weight) * parts + weight * _against(inside, moves)
    elif foretold > 0.0:
        parts = parts * (1.0 / (1.0 - foretold), 1.0)
    form, disagreement = map(float, parts)
    return Calibration(float(np.sqrt(form + disagreement)), foretold, weight, form, disagreement)


def foretold_part(table: RunsTable, config: FitConfig) -> float:
    """R, 0..1: 1 - Var(T - E[T|x]) / Var(T) over all domains, nuisances cross-fitted; 0 without covariates."""
    d = table.states.shape[1]
    if d == 0:
        return 0.0
    folds = group_folds(table.groups(), config.folds, config.seed)
    rest = table.shares - cross_fit(lambda: ridge_nuisance(d), table.states, table.shares, folds)
    found = 1.0 - float((rest**2).mean(axis=0).sum() / table.shares.var(axis=0).sum())
    return min(max(0.0, found), MOST_FORETOLD)


@dataclass(frozen=True, eq=False)
class _Moves:
    """Moves of one step from ``anchor`` (n, K) to ``shares`` (n, K) on pools (n, d), and what the engine says of them."""

    shares: Array
    anchor: Array
    states: Array
    gains: Array
    variances: Array


def _against(rich: RichModel, moves: list[_Moves]) -> Array:
    """(2,) variance of the rich model, and squared disagreement with it, over the engine's own variance."""
    parts = []
    for step in moves:
        estimate, variance = rich.differences(step.shares, step.anchor, step.states)
        total = step.variances.sum()
        parts.append(np.array([variance.sum(), ((step.gains - estimate) ** 2).sum()]) / total)
    averages: Array = np.mean(parts, axis=0)
    return averages


def _moves(engine: Engine, table: RunsTable) -> list[_Moves]:
    """Of each step: from the runs' mean mixture towards each domain, on the runs' pools."""
    states, anchor = _pools(table), table.shares.mean(axis=0)
    slopes = engine.slopes(states)
    responses = [
        engine.coding.response(table.domains, slope, engine.covariance(state))
        for state, slope in zip(states, slopes, strict=True)
    ]
    found = []
    for step in STEPS:
        to = anchor + step * (_corners(len(anchor)) - anchor)
        m = len(to)
        found.append(
            _Moves(
                np.tile(to, (len(states), 1)),
                np.tile(anchor, (m * len(states), 1)),
                np.repeat(states, m, axis=0),
                np.concatenate([response.gain(to, anchor) for response in responses]),
                np.concatenate([response.gain_se(to, anchor) ** 2 for response in responses]),
            )
        )
    return found


def _pools(table: RunsTable) -> Array:
    """(m, d) distinct pools of the runs, evenly thinned."""
    distinct = np.unique(table.states, axis=0)
    return distinct[np.linspace(0, len(distinct) - 1, min(POOLS, len(distinct))).astype(int)]


def _corners(k: int) -> Array:
    """(m, K) corners of the simplex, evenly thinned."""
    return np.eye(k)[np.linspace(0, k - 1, min(MOST_DOMAINS, k)).astype(int)]
