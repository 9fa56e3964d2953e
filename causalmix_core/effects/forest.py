"""What the product asks of an EconML causal forest, whichever estimator grew it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def forest_covariance(forest: Any, state: Array) -> Array:
    """(d,) one state -> (p, p), the forest's own covariance (bootstrap of little bags)."""
    covariance: Array = forest.predict_and_var(state[None])[1][0]
    return covariance


def forest_direction_variances(forest: Any, states: Array, direction: Array) -> Array:
    """(m, d) states and a direction (p,) -> (m,) variance of the slopes along it."""
    covariances = forest.predict_and_var(states)[1]
    variances: Array = np.einsum("i,mij,j->m", direction, covariances, direction)
    return variances
