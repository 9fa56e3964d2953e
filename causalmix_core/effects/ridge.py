"""Ridge regression with blocks of different penalty, its strength chosen across pools.

The posterior of the Gaussian model y ~ N(A b, s2), b_j ~ N(0, s2 w_j^2 / lambda) gives the
covariance. ``s2`` is the out-of-fold error, which, unlike the in-sample residual, still holds
what the model cannot know of an unseen pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.folds import Index

    Array = NDArray[np.float64]

PENALTIES: Array = np.logspace(-3, 5, 33)


@dataclass(frozen=True, eq=False)
class RidgeFit:
    """A fitted ridge.

    Attributes
    ----------
    intercept, coefficients : prediction is ``intercept + columns @ coefficients`` (P,).
    covariance : (P, P) posterior covariance of the coefficients.
    penalty : the lambda chosen, for standardised columns.
    cv_error : mean squared out-of-fold error at that lambda.
    """

    intercept: float
    coefficients: Array
    covariance: Array
    penalty: float
    cv_error: float

    def predict(self, columns: Array) -> Array:
        """(m, P) columns -> (m,)."""
        prediction: Array = self.intercept + columns @ self.coefficients
        return prediction


def column_scale(columns: Array, weights: Array, blocks: NDArray[np.intp]) -> Array:
    """(P,) factor per column: prior width over the spread of its block; 0 for constant columns.

    Columns of one block are coefficients of one kind, believed to be of one size per unit. Scaled
    each by its own spread instead, a domain that the runs hardly vary would be believed to have
    effects as many times larger as its shares are smaller.

    Parameters
    ----------
    columns : (n, P). weights : (P,) > 0, prior width; smaller shrinks more.
    blocks : (P,) number of each column's block, from 0.
    """
    variance = columns.var(axis=0)
    varies = variance > (1e-10 * (1.0 + np.abs(columns).max(axis=0))) ** 2
    total = np.bincount(blocks, np.where(varies, variance, 0.0))
    spread = np.sqrt(total / np.maximum(np.bincount(blocks, varies.astype(float)), 1.0))[blocks]
    return np.where(varies, weights / np.where(varies, spread, 1.0), 0.0)


def spectrum(columns: Array) -> tuple[Array, Array]:
    """Squared singular values (r,) and right singular vectors (r, P) of (n, P) columns.

    From the smaller of the two Gram matrices: the smallest penalty is far above its rounding.
    """
    n, p = columns.shape
    if p <= n:
        values, vectors = np.linalg.eigh(columns.T @ columns)
        return np.maximum(values, 0.0), vectors.T
    values, vectors = np.linalg.eigh(columns @ columns.T)
    seen = values > 1e-10 * values[-1]
    return values[seen], (vectors[:, seen] / np.sqrt(values[seen])).T @ columns


def cross_validated_errors(
    columns: Array, target: Array, scale: Array, folds: list[tuple[Index, Index]]
) -> Array:
    """(L,) mean squared out-of-fold error for each of ``PENALTIES``."""
    total, rows = np.zeros(len(PENALTIES)), 0
    for train, test in folds:
        mean, level = columns[train].mean(axis=0), target[train].mean()
        inside = (columns[train] - mean) * scale
        values, right = spectrum(inside)
        projected = right @ (inside.T @ (target[train] - level))
        shrunk = projected[:, None] / (values[:, None] + PENALTIES)
        predicted = level + (((columns[test] - mean) * scale) @ right.T) @ shrunk
        total += ((target[test][:, None] - predicted) ** 2).sum(axis=0)
        rows += len(test)
    return total / rows


def fit_ridge(
    columns: Array,
    target: Array,
    scale: Array,
    folds: list[tuple[Index, Index]],
    errors: Array | None = None,
) -> RidgeFit:
    """Fit with the penalty of least out-of-fold error.

    Parameters
    ----------
    columns : (n, P). target : (n,).
    scale : (P,) from :func:`column_scale`.
    folds : from :func:`~causalmix_core.effects.folds.repeated_folds`.
    errors : (L,) :func:`cross_validated_errors` where the caller has them already.
    """
    if errors is None:
        errors = cross_validated_errors(columns, target, scale, folds)
    best = int(np.argmin(errors))
    penalty, noise = float(PENALTIES[best]), float(errors[best])
    mean, level = columns.mean(axis=0), float(target.mean())
    inside = (columns - mean) * scale
    values, right = spectrum(inside)
    coefficients = (right.T @ ((right @ (inside.T @ (target - level))) / (values + penalty))) * scale
    # Directions that the runs never moved in keep their prior variance noise / penalty.
    seen = (right.T * (1.0 / (values + penalty) - 1.0 / penalty)) @ right
    covariance = noise * (seen + np.eye(len(scale)) / penalty) * np.outer(scale, scale)
    return RidgeFit(level - float(mean @ coefficients), coefficients, covariance, penalty, noise)
