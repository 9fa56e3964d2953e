"""The recommended estimator where covariates describe the whole pool only.

An R-learner in two steps on cross-fitted residuals: a ridge on coded mixture x (1, x), whose
interactions are shrunken more than its averages, then an honest causal forest on what is left
(contrast coding only). The ridge carries the trend, which a forest of a few hundred runs flattens;
the forest carries steps, which a ridge cannot. On a wide, sparse design cross-validation picks the
log-and-linear coding and the ridge stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.average import candidate_codings, choose_coding
from causalmix_core.effects.coding import Coding
from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.nuisance import cross_fit, ridge_nuisance
from causalmix_core.effects.ridge import RidgeFit, fit_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

INTERACTION_WEIGHT = 3.0**-0.5
FOREST_LEAF = 20


@dataclass(frozen=True, eq=False)
class PooledEngine:
    """Ridge trend in the pool's state plus, for contrasts, a forest on the rest."""

    coding: Coding
    mean: Array
    spread: Array
    ridge: RidgeFit
    forest: Any | None
    level_model: Any

    @property
    def method(self) -> str:
        """Short name of what was fitted."""
        return "ridge and forest" if self.forest is not None else "ridge R-learner"

    @property
    def summary(self) -> str:
        """One sentence for people."""
        if self.forest is None:
            shape = (
                f"log and linear response, epsilon {self.coding.epsilon:g}"
                if self.coding.name != "contrast"
                else ""
            )
            return f"Ridge R-learner on mixture and pool state ({shape}, chosen by cross-validation)."
        return "Ridge R-learner on contrasts of the mixture and pool state, plus a causal forest on the rest."

    def _features(self, states: Array) -> Array:
        return np.concatenate([np.ones((len(states), 1)), (states - self.mean) / self.spread], axis=1)

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p)."""
        features = self._features(states)
        slopes: Array = features @ self.ridge.coefficients.reshape(features.shape[1], self.coding.size)
        return slopes if self.forest is None else slopes + self.forest.predict(states)

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p): ridge and forest variance added, as if independent."""
        features = self._features(state[None])[0]
        q, p = len(features), self.coding.size
        blocks = self.ridge.covariance.reshape(q, p, q, p)
        covariance: Array = np.einsum("a,aibj,b->ij", features, blocks, features, optimize=True)
        return (
            covariance if self.forest is None else covariance + self.forest.predict_and_var(state[None])[1][0]
        )

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,)."""
        rows = residual_columns(np.tile(direction, (len(states), 1)), self._features(states))
        variances: Array = ((rows @ self.ridge.covariance) * rows).sum(axis=1)
        if self.forest is None:
            return variances
        return variances + forest_direction_variances(self.forest, states, direction)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        level: Array = self.level_model.predict(states)
        return level


def forest_direction_variances(forest: Any, states: Array, direction: Array) -> Array:
    """(m,) variance along ``direction`` of an EconML forest's own covariance."""
    covariances = forest.predict_and_var(states)[1]
    variances: Array = np.einsum("i,mij,j->m", direction, covariances, direction)
    return variances


def residual_columns(coded: Array, features: Array) -> Array:
    """(n, p) residual coding x (n, q) features (1, x) -> (n, q p) regression columns."""
    return np.einsum("np,nq->nqp", coded, features).reshape(len(coded), -1)


def fit_pooled(table: RunsTable, target: Array, config: FitConfig) -> PooledEngine:
    """Fit on a table with covariates of the whole pool."""
    states, d = table.states, table.states.shape[1]
    folds = group_folds(table.groups(), config.folds, config.seed)
    candidates = candidate_codings(len(table.domains), config.epsilon)
    coding, _ = choose_coding(candidates, table.shares, target, np.hstack([states, states**2]), folds)
    coded = coding.encode(table.shares)
    if config.orthogonalise:
        coded_residual = coded - cross_fit(lambda: ridge_nuisance(d), states, coded, folds)
        target_residual = target - cross_fit(lambda: ridge_nuisance(d), states, target, folds)
    else:
        coded_residual, target_residual = coded - coded.mean(axis=0), target - target.mean()
    mean, spread = states.mean(axis=0), np.where(states.std(axis=0) > 0, states.std(axis=0), 1.0)
    features = np.concatenate([np.ones((len(states), 1)), (states - mean) / spread], axis=1)
    columns = residual_columns(coded_residual, features)
    weights = np.repeat(np.concatenate([[1.0], np.full(d, INTERACTION_WEIGHT)]), coding.size)
    ridge = fit_ridge(columns, target_residual, weights, folds)
    forest = None
    if coding.name == "contrast":
        forest = _fit_forest(states, coded_residual, target_residual - ridge.predict(columns), config)
    engine = PooledEngine(coding, mean, spread, ridge, forest, None)
    rest = target - (coded * engine.slopes(states)).sum(axis=1)
    return PooledEngine(coding, mean, spread, ridge, forest, ridge_nuisance(d).fit(states, rest))


def _fit_forest(states: Array, coded_residual: Array, rest: Array, config: FitConfig) -> Any:
    from econml.grf import CausalForest

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
    return forest.fit(states, coded_residual, rest)
