"""Variance components: how large each kind of coefficient is, learned from the runs themselves.

Columns come in blocks of one kind (average slopes, slopes shared by all domains, own deviations,
the level ...). Coefficients of block b are N(0, v_b) per unit spread of the block, noise is
N(0, v_0); the v maximise the marginal likelihood of the runs times the boundary-avoiding prior of
Chung et al. (2013, Psychometrika 78, p. 685), p(sqrt v) ~ sqrt v: a plain maximum sets a variance to zero as
soon as zero is possible, and intervals then claim to know what the runs only failed to show.
One penalty for all blocks, chosen by cross-validation, was less accurate and its intervals worse
(docs/DECISIONS.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.ridge import RidgeFit, spectrum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Blocks = NDArray[np.intp]

START, START_NOISE = 0.1, 0.2  # in units of the outcome's variance
LOWEST, HIGHEST = 1e-6, 400.0
BOUNDARY = 0.5  # exponent of the prior in v: 1/2 is p(sqrt v) ~ sqrt v with the Jacobian of log v
WIDEST = 1.0  # a variance beyond the outcome's own is believed only on evidence


@dataclass(frozen=True, eq=False)
class Components:
    """Learned variances, in units of the outcome's variance.

    Attributes
    ----------
    variances : (B,) > 0, what each block explains of a run's outcome, on average over the runs.
    noise : > 0, what no block explains.
    evidence : log marginal likelihood (with the prior), to compare bases on the same runs.
    """

    variances: Array
    noise: float
    evidence: float


def learn_components(
    columns: Array, blocks: Blocks, target: Array, start: Components | None = None, steps: int = 40
) -> Components:
    """Variances of the blocks of columns (n, P), numbered by ``blocks`` (P,), for a target (n,)."""
    centred = columns - columns.mean(axis=0)
    scale = block_scale(centred, blocks)
    grams = [_gram(centred[:, blocks == b] * scale[b]) for b in range(int(blocks.max()) + 1)]
    return learn_variances(np.stack(grams), target, start, steps)


def learn_variances(
    grams: Array, target: Array, start: Components | None = None, steps: int = 40
) -> Components:
    """Variances of the kernels ``grams`` (B, n, n), each of mean diagonal 1, for a target (n,)."""
    return most_evident(grams, (target - target.mean()) / target.std(), start, steps)


def most_evident(
    grams: Array, y: Array, start: Components | None = None, steps: int = 40, boundary: float = BOUNDARY
) -> Components:
    """Variances of kernels (B, n, n) for outcomes (n,) whose mean is 0 and whose variance is about 1.

    ``boundary`` > 0 is the exponent of the prior in each variance: how far it is kept from zero.
    """
    from scipy.optimize import minimize

    first = np.full(len(grams) + 1, START)
    first[-1] = START_NOISE
    if start is not None:
        first = np.append(start.variances, start.noise)
    found = minimize(
        _negative_evidence,
        np.log(np.clip(first, LOWEST, HIGHEST)),
        args=(grams, y, boundary),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(LOWEST), np.log(HIGHEST))] * len(first),
        options={"maxiter": steps, "ftol": 1e-7},
    )
    values = np.exp(found.x)
    return Components(values[:-1], float(values[-1]), -float(found.fun))


def fit_components(
    columns: Array, blocks: Blocks, target: Array, components: Components, certain: bool = False
) -> RidgeFit:
    """The posterior of the coefficients of columns (n, P) at given variances.

    ``penalty`` of the result is 1: the variances are in the columns' scale. ``certain`` leaves the
    covariance out (its shape is then (0, 0)), which is most of the work.
    """
    mean, level = columns.mean(axis=0), float(target.mean())
    centred = columns - mean
    scale = (block_scale(centred, blocks) * np.sqrt(components.variances / components.noise))[blocks]
    inside = centred * scale
    noise = components.noise * float(target.std()) ** 2
    if certain:
        coefficients, covariance = _mode(inside, target - level) * scale, np.empty((0, 0))
    else:
        values, right = spectrum(inside)
        coefficients = (right.T @ ((right @ (inside.T @ (target - level))) / (values + 1.0))) * scale
        seen = (right.T * (1.0 / (values + 1.0) - 1.0)) @ right
        covariance = noise * (seen + np.eye(len(scale))) * np.outer(scale, scale)
    return RidgeFit(level - float(mean @ coefficients), coefficients, covariance, 1.0, noise)


def _mode(inside: Array, target: Array) -> Array:
    """(P,) ridge coefficients of penalty 1, from the smaller of the two Gram matrices."""
    from scipy.linalg import solve

    n, p = inside.shape
    if p <= n:
        primal: Array = solve(inside.T @ inside + np.eye(p), inside.T @ target, assume_a="pos")
        return primal
    dual: Array = inside.T @ solve(inside @ inside.T + np.eye(n), target, assume_a="pos")
    return dual


def block_scale(centred: Array, blocks: Blocks) -> Array:
    """(B,) factor that gives the columns (n, P) of a block a mean squared row norm of 1; 0 if constant."""
    total = np.bincount(blocks, (centred**2).mean(axis=0))
    return np.where(total > 1e-18, 1.0 / np.sqrt(np.maximum(total, 1e-18)), 0.0)


def _gram(columns: Array) -> Array:
    gram: Array = columns @ columns.T
    return gram


def _negative_evidence(logs: Array, grams: Array, y: Array, boundary: float) -> tuple[float, Array]:
    """Minus the log evidence and its gradient in the log variances."""
    from scipy.linalg import cholesky, lapack

    variances = np.exp(logs)
    n = len(y)
    kernel = np.tensordot(variances[:-1], grams, axes=1)
    kernel[np.diag_indices(n)] += variances[-1]
    root = cholesky(kernel, lower=True, overwrite_a=True, check_finite=False)
    log_determinant = 2.0 * float(np.log(np.diag(root)).sum())
    inverse = lapack.dpotri(root, lower=1, overwrite_c=1)[0]
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    weights = inverse @ y
    # Half the derivative of y' K^-1 y + log det K in K.
    slope = 0.5 * (inverse - np.outer(weights, weights))
    gradient = np.append(grams.reshape(len(grams), -1) @ slope.ravel(), np.trace(slope)) * variances
    value = 0.5 * (float(y @ weights) + log_determinant)
    value += float((0.5 * variances[:-1] / WIDEST - boundary * logs[:-1]).sum())
    gradient[:-1] += 0.5 * variances[:-1] / WIDEST - boundary
    return value, gradient
