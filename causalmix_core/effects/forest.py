"""What the product asks of an EconML causal forest, whichever estimator grew it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from causalmix_core.effects.coding import Coding, helmert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def grow_forest(
    states: Array,
    contrasts: Array,
    rest: Array,
    *,
    criterion: Literal["mse", "het"],
    leaf: int,
    trees: int,
    seed: int,
) -> Any:
    """An honest ``econml.grf.CausalForest`` of ``rest`` (n,) on ``contrasts`` (n, K - 1), splitting on states.

    Both should be purged of the pool's state. One thread: the same sums in the same order.
    """
    from econml.grf import CausalForest

    forest = CausalForest(
        n_estimators=trees,
        criterion=criterion,
        min_samples_leaf=leaf,
        max_samples=0.45,
        honest=True,
        inference=True,
        n_jobs=1,
        random_state=seed,
    )
    return forest.fit(states, contrasts, rest)


def contrast_map(coding: Coding) -> Array:
    """(p, K - 1) where slopes on contrasts stand in a coding that holds them (contrast, log-linear)."""
    basis = helmert(coding.k)
    return np.eye(coding.k - 1) if coding.name == "contrast" else np.vstack([0.0 * basis, basis])


def forest_covariance(forest: Any, state: Array) -> Array:
    """(d,) one state -> (p, p), the forest's own covariance (bootstrap of little bags)."""
    covariance: Array = forest.predict_and_var(state[None])[1][0]
    return covariance


def forest_direction_variances(forest: Any, states: Array, direction: Array) -> Array:
    """(m, d) states and a direction (p,) -> (m,) variance of the slopes along it."""
    covariances = forest.predict_and_var(states)[1]
    variances: Array = np.einsum("i,mij,j->m", direction, covariances, direction)
    return variances
