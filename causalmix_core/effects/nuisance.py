"""Nuisance models: what the pool's state says of outcome and mixture before any effect.

Cross-fitted residuals (each run predicted from folds that did not see its pool) are what keeps
the effects first-order insensitive to nuisance error (Chernozhukov et al. 2018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.folds import Index

    Array = NDArray[np.float64]

NuisanceName = Literal["ridge", "boosted", "constant"]

MAX_SQUARES = 20  # beyond this many covariates second-degree terms outnumber a few hundred runs


def ridge_nuisance(d: int) -> Any:
    """Ridge on standardised covariates, with second-degree terms up to ``MAX_SQUARES`` of them.

    On a few hundred runs this beats boosted trees as a nuisance at a tenth of the cost.
    """
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    ridge = RidgeCV(np.logspace(-3, 4, 15))
    if d > MAX_SQUARES:
        return make_pipeline(StandardScaler(), ridge)
    squares = PolynomialFeatures(2, include_bias=False)
    return make_pipeline(StandardScaler(), squares, StandardScaler(), ridge)


def boosted_nuisance(seed: int) -> Any:
    """LightGBM with settings for a few hundred rows (the paper names the learner only).

    One thread: at this size OpenMP barriers cost more than they give, and on a busy machine
    hundreds of times more.
    """
    from lightgbm import LGBMRegressor

    return LGBMRegressor(
        n_estimators=200,
        learning_rate=0.05,
        num_leaves=8,
        min_child_samples=10,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.8,
        reg_lambda=1.0,
        random_state=seed,
        deterministic=True,
        n_jobs=1,
        verbose=-1,
    )


def make_nuisance(name: NuisanceName, d: int, seed: int) -> Any:
    """An unfitted model of several targets at once; without covariates (d = 0) it is always constant."""
    from sklearn.dummy import DummyRegressor
    from sklearn.multioutput import MultiOutputRegressor

    if name == "constant" or d == 0:
        return DummyRegressor()
    return ridge_nuisance(d) if name == "ridge" else MultiOutputRegressor(boosted_nuisance(seed))


class Foreteller:
    """What the states of a split's train rows teach of the states of its test rows, for any targets.

    What the states alone decide (scaling, second degree) is done once, however many targets follow.
    """

    def __init__(self, name: NuisanceName, states: Array, train: Index, test: Index, seed: int = 0) -> None:
        model = make_nuisance(name, states.shape[1], seed)
        self._train, self._test = train, test
        self._inside, self._outside, self._learner = states[train], states[test], model
        if hasattr(model, "steps"):
            self._inside = model[:-1].fit_transform(states[train])
            self._outside, self._learner = model[:-1].transform(states[test]), model[-1]

    def __call__(self, targets: Array) -> Array:
        """(n, c) columns of all rows -> (m, c) what is foretold of the test rows."""
        learnt = targets[self._train]
        mean, spread = learnt.mean(axis=0), learnt.std(axis=0)
        # Columns of one spread share one penalty fairly.
        spread = np.where(spread > 0, spread, 1.0)
        self._learner.fit(self._inside, (learnt - mean) / spread)
        found: Array = self._learner.predict(self._outside).reshape(len(self._test), targets.shape[1])
        return mean + spread * found


def cross_fit(
    make: Callable[[], Any], covariates: Array, target: Array, folds: list[tuple[Index, Index]]
) -> Array:
    """Out-of-fold predictions of ``target`` (n,) or (n, p) from ``covariates`` (n, d)."""
    predicted = np.empty_like(target)
    for train, test in folds:
        predicted[test] = make().fit(covariates[train], target[train]).predict(covariates[test])
    return predicted
