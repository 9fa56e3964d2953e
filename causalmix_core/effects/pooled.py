"""The recommended estimator where covariates describe the whole pool only.

    Y = g(x) + c(T) . (alpha + B u) + (what a forest finds in the rest),

c(T) the coded mixture (contrasts, or logs beside shares: whichever foretells unseen pools
better), u the standardised covariates, g with second-degree terms. One ridge fits level and slopes
jointly, interactions shrunken more than averages; an honest causal forest on contrasts, purged of
the pool's state by cross-fitting, then takes what is left: the ridge carries the trend that a
forest of a few hundred runs flattens, the forest carries steps that a ridge cannot.

Under confounding the joint ridge with logs beat the cross-fitted R-learner clearly in simulation
(docs/DECISIONS.md). Without orthogonalisation g is dropped and the forest is not purged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.average import candidate_codings
from causalmix_core.effects.coding import Coding, helmert
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.forest import forest_covariance, forest_direction_variances
from causalmix_core.effects.nuisance import cross_fit, ridge_nuisance
from causalmix_core.effects.ridge import RidgeFit, column_scale, cross_validated_errors, fit_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.folds import Index
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

INTERACTION_WEIGHTS: tuple[float, ...] = (0.6, 0.3, 1.0)  # the first while the coding is chosen
FOREST_LEAF = 20
MAX_SQUARES = 20


@dataclass(frozen=True, eq=False)
class PooledEngine(SeparablePrediction):
    """Joint ridge in the pool's state plus a forest on the rest."""

    coding: Coding
    mean: Array
    spread: Array
    ridge: RidgeFit
    with_level: bool
    forest: Any

    method = "ridge and forest"

    @property
    def summary(self) -> str:
        """One sentence for people."""
        logs = f"log and linear response, epsilon {self.coding.epsilon:g}"
        shape = "linear response" if self.coding.name == "contrast" else logs
        return f"Ridge of outcome on mixture and pool state ({shape}) plus a causal forest on the rest."

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p)."""
        features = self._features(states)
        q, p = features.shape[1], self.coding.size
        slopes: Array = features @ self.ridge.coefficients[: q * p].reshape(q, p)
        return slopes + self.forest.predict(states) @ self._forest_map.T

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p): ridge and forest variance added, as if independent."""
        features = self._features(state[None])[0]
        q, p = len(features), self.coding.size
        blocks = self.ridge.covariance[: q * p, : q * p].reshape(q, p, q, p)
        own: Array = np.einsum("a,aibj,b->ij", features, blocks, features, optimize=True)
        return own + self._forest_map @ forest_covariance(self.forest, state) @ self._forest_map.T

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,)."""
        rows = interaction_columns(np.tile(direction, (len(states), 1)), self._features(states))
        size = rows.shape[1]
        own: Array = ((rows @ self.ridge.covariance[:size, :size]) * rows).sum(axis=1)
        return own + forest_direction_variances(self.forest, states, direction @ self._forest_map)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        if not self.with_level:
            return np.full(len(states), self.ridge.intercept)
        columns = level_columns((states - self.mean) / self.spread)
        return self.ridge.intercept + columns @ self.ridge.coefficients[-columns.shape[1] :]

    def _features(self, states: Array) -> Array:
        return with_one((states - self.mean) / self.spread)

    @property
    def _forest_map(self) -> Array:
        """(p, K - 1): where the forest's contrasts stand in the ridge's coding."""
        basis = helmert(self.coding.k)
        return (
            np.eye(self.coding.k - 1) if self.coding.name == "contrast" else np.vstack([0.0 * basis, basis])
        )


def with_one(u: Array) -> Array:
    """(m, d) -> (m, 1 + d) with a leading 1."""
    return np.concatenate([np.ones((len(u), 1)), u], axis=1)


def interaction_columns(coded: Array, features: Array) -> Array:
    """(n, p) coded mixtures x (n, q) features (1, u) -> (n, q p) regression columns."""
    return np.einsum("np,nq->nqp", coded, features).reshape(len(coded), -1)


def level_columns(u: Array) -> Array:
    """(m, d) -> columns of g: first degree and all products, or squares alone for many covariates."""
    d = u.shape[1]
    if d > MAX_SQUARES:
        return np.concatenate([u, u**2], axis=1)
    first, second = np.triu_indices(d)
    return np.concatenate([u, u[:, first] * u[:, second]], axis=1)


def fit_pooled(table: RunsTable, target: Array, config: FitConfig, report: Progress) -> PooledEngine:
    """Fit on a table with covariates of the whole pool."""
    mean, spread = table.states.mean(axis=0), table.states.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    u = (table.states - mean) / spread
    folds = group_folds(table.groups(), config.folds, config.seed)
    level = level_columns(u) if config.orthogonalise else u[:, :0]

    def errors_of(coding: Coding, weight: float) -> tuple[Array, Array, Array]:
        slopes = interaction_columns(coding.encode(table.shares), with_one(u))
        columns = np.concatenate([slopes, level], axis=1)
        averages = np.concatenate([[1.0], np.full(u.shape[1], weight)])
        weights = np.concatenate([np.repeat(averages, coding.size), np.ones(level.shape[1])])
        # A block is one feature of the state in one part of the coding, over all domains.
        slope_blocks = (2 * np.arange(len(averages))[:, None] + coding.parts).ravel()
        level_blocks = 2 * len(averages) + np.arange(level.shape[1])
        scale = column_scale(columns, weights, np.concatenate([slope_blocks, level_blocks]))
        return cross_validated_errors(columns, target, scale, folds), columns, scale

    report(0.0, "choosing the response and penalty")
    codings = candidate_codings(len(table.domains), config.epsilon)
    coding = min(codings, key=lambda c: errors_of(c, INTERACTION_WEIGHTS[0])[0].min())
    tried = [errors_of(coding, weight) for weight in INTERACTION_WEIGHTS]
    errors, columns, scale = min(tried, key=lambda found: found[0].min())
    ridge = fit_ridge(columns, target, scale, folds, errors)
    report(0.5, "growing the forest")
    forest = _fit_forest(table, target - ridge.predict(columns), folds, config)
    return PooledEngine(coding, mean, spread, ridge, config.orthogonalise, forest)


def _fit_forest(table: RunsTable, rest: Array, folds: list[tuple[Index, Index]], config: FitConfig) -> Any:
    from econml.grf import CausalForest

    contrasts = Coding("contrast", len(table.domains)).encode(table.shares)
    if config.orthogonalise:
        d = table.states.shape[1]
        contrasts = contrasts - cross_fit(lambda: ridge_nuisance(d), table.states, contrasts, folds)
    else:
        contrasts = contrasts - contrasts.mean(axis=0)
    forest = CausalForest(
        n_estimators=config.trees,
        criterion="mse",
        min_samples_leaf=FOREST_LEAF,
        max_samples=0.45,
        honest=True,
        inference=True,
        n_jobs=1,
        random_state=config.seed,
    )
    return forest.fit(table.states, contrasts, rest)
