"""A simple stand-in for a fitted quantity, and the SHAP values of that stand-in.

A quantity of the fit at every pool (an effect, a recommended move) is regressed on the pools'
covariates by boosted trees of three leaves: sums of functions of one or two covariates. Tree
SHAP then splits each prediction exactly into the parts of the covariates. What counts is how
well the stand-in foretells pools that it has not seen: its R2 goes with every explanation.

EconML's own ``shap_values`` is not used. For a vector of treatments it explains the mean of the
trees' solutions, while the forest's effect is the solution of the trees' mean equations; with five
and more domains the two differ by more than half of the effects.

Source: Lundberg et al. (2020), From local explanations to global understanding with explainable AI
for trees, Nature Machine Intelligence 2, 56-67 (algorithm 2, path-dependent).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lightgbm import LGBMRegressor
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FOLDS = 3
SEED = 0
FLAT = 1e-9  # a quantity that varies less than this, relative to its size, is constant


@dataclass(frozen=True, eq=False)
class Explained:
    """SHAP values (q, d) at the points asked for, with base and R2 as in ``views.Drivers``."""

    values: Array
    base: float
    r2: float
    r2_in_sample: float


def explain(states: Array, target: Array, points: Array) -> Explained:
    """Fit the stand-in to ``target`` (m,) over ``states`` (m, d) and explain it at ``points`` (q, d).

    A constant target is explained entirely, by none of the covariates.
    """
    from shap import TreeExplainer

    centre, scale = float(target.mean()), float(target.std())
    if scale <= FLAT * (abs(centre) + FLAT):
        return Explained(np.zeros(points.shape), centre, 1.0, 1.0)
    scaled = (target - centre) / scale
    model = _boosted().fit(states, scaled)
    explainer = TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = np.asarray(explainer.shap_values(points, check_additivity=False), dtype=np.float64)
    base = float(np.ravel(explainer.expected_value)[0])
    return Explained(
        values=scale * values,
        base=centre + scale * base,
        r2=share_explained(scaled, _out_of_fold(states, scaled)),
        r2_in_sample=share_explained(scaled, np.asarray(model.predict(states))),
    )


def share_explained(observed: Array, predicted: Array) -> float:
    """1 - squared errors over squared deviations from the mean, over all columns; 1.0 if none deviate."""
    total = float(((observed - observed.mean(axis=0)) ** 2).sum())
    return 1.0 - float(((observed - predicted) ** 2).sum()) / total if total > 0.0 else 1.0


def pool_folds(count: int) -> NDArray[np.int64]:
    """(count,) number of the fold of each distinct pool."""
    return np.random.default_rng(SEED).permutation(np.arange(count) % FOLDS)


def _out_of_fold(states: Array, target: Array) -> Array:
    fold = pool_folds(len(states))
    predicted = np.empty(len(states))
    for number in range(FOLDS):
        out = fold == number
        predicted[out] = _boosted().fit(states[~out], target[~out]).predict(states[out])
    return predicted


def _boosted() -> LGBMRegressor:
    from lightgbm import LGBMRegressor

    return LGBMRegressor(
        n_estimators=150,
        num_leaves=3,
        learning_rate=0.15,
        min_child_samples=5,
        n_jobs=1,
        random_state=SEED,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )
