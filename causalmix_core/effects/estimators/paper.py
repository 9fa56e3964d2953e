"""The paper's estimator: CausalForestDML on log(T + eps), all K coordinates (section 3 there).

    Y = theta(X)' log(T + eps) + g(X) + noise,

nuisances E[Y | X] and E[log(T + eps) | X] by cross-fitted LightGBM, theta by EconML's
``CausalForestDML`` (Athey, Tibshirani, Wager 2019). The paper leaves open eps, folds, forest and
LightGBM settings: eps is chosen by cross-validation unless given, the rest are EconML's defaults
and the settings of :mod:`~causalmix_core.effects.nuisance`.

Ablations: without X there is nothing to split on and nothing to purge, which leaves least squares
of Y on log(T + eps) (heteroscedasticity-robust covariance, HC3); without orthogonalisation both
nuisances are constants, and the forest regresses Y on log(T + eps) within its leaves.

The forest's own covariance is that of its bootstrap of little bags and is too narrow; like every
estimator's it is scaled before anybody sees it (:mod:`~causalmix_core.effects.calibration`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.coding_choice import choose_coding
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.estimators.log_linear import AverageEngine
from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.forest import forest_covariance, forest_direction_variances
from causalmix_core.effects.nuisance import boosted_nuisance
from causalmix_core.effects.ridge import RidgeFit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


THREADS = 2


@dataclass(frozen=True, eq=False)
class PaperEngine(SeparablePrediction):
    """A fitted ``CausalForestDML`` behind the common interface."""

    coding: Coding
    estimator: Any
    constants: tuple[float, Array] | None

    method = "causal forest"

    @property
    def summary(self) -> str:
        """One sentence for people."""
        purged = "cross-fitted LightGBM nuisances" if self.constants is None else "no orthogonalisation"
        return f"CausalForestDML on log(T + {self.coding.epsilon:g}), all domains, {purged} (the paper's estimator)."

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, K)."""
        slopes: Array = self.estimator.const_marginal_effect(states)
        return slopes

    def covariance(self, state: Array) -> Array:
        """(d,) -> (K, K), the forest's own."""
        return forest_covariance(self._forest, state)

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (K,) -> (m,), the forest's own."""
        return forest_direction_variances(self._forest, states, direction)

    @property
    def _forest(self) -> Any:
        return self.estimator.model_final_.estimators_[0]

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,): E[Y|x] - theta(x)' E[log(T + eps)|x], nuisances averaged over folds."""
        outcome, coded = self._nuisances(states)
        level: Array = outcome - (coded * self.slopes(states)).sum(axis=1)
        return level

    def _nuisances(self, states: Array) -> tuple[Array, Array]:
        if self.constants is not None:
            return np.full(len(states), self.constants[0]), np.tile(self.constants[1], (len(states), 1))
        models_y, models_t = self.estimator.models_y[0], self.estimator.models_t[0]
        outcome = np.mean([model.predict(states).reshape(len(states)) for model in models_y], axis=0)
        coded = np.mean([model.predict(states) for model in models_t], axis=0)
        return outcome, coded


def fit_paper(
    table: RunsTable, target: Array, config: FitConfig, report: Progress
) -> PaperEngine | AverageEngine:
    """Fit the paper's estimator or one of its two ablations."""
    report(0.0, "choosing epsilon")
    coding = _choose_epsilon(table, target, config)
    coded = coding.encode(table.shares)
    if not config.covariates or table.states.shape[1] == 0:
        return _without_states(coding, coded, target)
    from econml.dml import CausalForestDML
    from joblib import parallel_backend
    from sklearn.dummy import DummyRegressor
    from sklearn.multioutput import MultiOutputRegressor

    report(0.1, "cross-fitting nuisances and growing the forest")
    boosted = boosted_nuisance(config.seed)
    estimator = CausalForestDML(
        model_y=boosted if config.orthogonalise else DummyRegressor(),
        model_t=MultiOutputRegressor(boosted, n_jobs=THREADS) if config.orthogonalise else DummyRegressor(),
        cv=group_folds(table.groups(), config.folds, config.seed),
        n_estimators=config.trees,
        n_jobs=THREADS,
        random_state=config.seed,
    )
    # Trees and boosted models are grown side by side, each from its own seed: order does not matter.
    with parallel_backend("threading"):
        estimator.fit(target, coded, X=table.states)
    # Predictions are sums over trees, whose last bits would depend on which thread came first.
    estimator.model_final_.estimators_[0].n_jobs = 1
    constants = None if config.orthogonalise else (float(target.mean()), coded.mean(axis=0))
    return PaperEngine(coding, estimator, constants)


def _choose_epsilon(table: RunsTable, target: Array, config: FitConfig) -> Coding:
    """Given, or the one whose logs foretell unseen pools best in a ridge beside (X, X^2)."""
    k = len(table.domains)
    if config.epsilon is not None:
        return Coding("log", k, config.epsilon)
    states = table.states if config.covariates else table.states[:, :0]
    folds = group_folds(table.groups(), config.folds, config.seed)
    candidates = [Coding("log", k, epsilon) for epsilon in EPSILONS]
    return choose_coding(candidates, table.shares, target, np.hstack([states, states**2]), folds)[0]


def _without_states(coding: Coding, coded: Array, target: Array) -> AverageEngine:
    """Least squares of Y on the coded mixture with HC3 covariance."""
    centred = coded - coded.mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred)
    slopes = inverse @ centred.T @ (target - target.mean())
    leverage = np.einsum("ij,jk,ik->i", centred, inverse, centred) + 1.0 / len(target)
    residual = (target - target.mean() - centred @ slopes) / np.clip(1.0 - leverage, 1e-6, None)
    covariance = inverse @ (centred.T * residual**2) @ centred @ inverse
    intercept = float(target.mean() - coded.mean(axis=0) @ slopes)
    ridge = RidgeFit(intercept, slopes, covariance, 0.0, float((residual**2).mean()))
    summary = f"Least squares on log(T + {coding.epsilon:g}), one answer for every pool (the paper's estimator without X)."
    return AverageEngine(coding, ridge, "least squares on logs", summary)
