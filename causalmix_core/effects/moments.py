"""Statistics of out-of-fold effects: robust slopes, and the doubly robust value of moves; NumPy only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

FLAT = 1e-12  # a column smaller than this part of the target's spread says nothing
NOTHING = 1e-9  # a column that varies this much less than the others is constant to rounding


def clustered_slopes(columns: Array, target: Array, clusters: NDArray[np.int64]) -> tuple[Array, Array]:
    """Coefficients (c,) of target (n,) on columns (n, c), no intercept, with errors (c,) clustered by ``clusters`` (n,).

    Liang and Zeger (1986), residuals scaled by leverage as in HC3. 0 and 0 for a column that is flat.
    """
    kept = columns.std(axis=0) > FLAT * max(float(target.std()), 1e-300)
    slopes, errors = np.zeros(len(kept)), np.zeros(len(kept))
    if not kept.any():
        return slopes, errors
    inside = columns[:, kept]
    inverse = np.linalg.pinv(inside.T @ inside)
    slopes[kept] = inverse @ inside.T @ target
    leverage = np.einsum("ij,jk,ik->i", inside, inverse, inside)
    scaled = (target - inside @ slopes[kept]) / np.clip(1.0 - leverage, 1e-6, None)
    _, member = np.unique(clusters, return_inverse=True)
    sums = np.zeros((int(member.max()) + 1, inside.shape[1]))
    np.add.at(sums, member, inside * scaled[:, None])
    errors[kept] = np.sqrt(np.diag(inverse @ sums.T @ sums @ inverse))
    return slopes, errors


def p_above_zero(estimate: float, error: float) -> float:
    """One-sided p-value of "is at most 0" under the normal approximation."""
    if error <= 0.0:
        return 1.0
    return 0.5 * math.erfc(estimate / error / math.sqrt(2.0))


def shrunk_covariance(values: Array) -> Array:
    """(c, c) covariance of centred values (n, c), shrunk towards a scaled identity.

    Ledoit and Wolf (2004), Journal of Multivariate Analysis 88: the shrinkage of least expected
    squared error, estimated from the values.
    """
    n, c = values.shape
    sample = values.T @ values / n
    mean = np.trace(sample) / c
    apart = ((sample - mean * np.eye(c)) ** 2).sum()
    noise = (((values**2).sum(axis=1) ** 2).sum() / n - (sample**2).sum()) / n
    weight = 0.0 if apart <= 0.0 else min(1.0, max(0.0, noise / apart))
    shrunk: Array = (1.0 - weight) * sample + weight * mean * np.eye(c)
    return shrunk


@dataclass(frozen=True)
class PolicyScore:
    """Doubly robust value of moves at some of the runs' pools.

    ``gain``, ``se`` : mean over the pools and its error; ``noise`` : sigma, root mean square of
    what the effects leave; ``weight`` : nu, that of the Riesz representer.
    """

    gain: float
    se: float
    noise: float
    weight: float


def score_moves(
    oof: OutOfFold, rows: NDArray[np.intp], groups: NDArray[np.int64], start: Array, ends: Array
) -> PolicyScore:
    """Value of moving from ``start`` (K,) to ``ends`` (m, K) at the pools of ``rows`` (m,).

    psi = d.theta(x) + (Y_res - theta(x).phi_res) alpha, alpha = d' S^-1 phi_res
    (Chernozhukov et al. 2018), d = phi(end) - phi(start), S the shrunk covariance of phi_res over
    all runs; the error is clustered by pool (``groups`` (m,)).
    """
    step = _features(oof, rows, ends) - _features(oof, rows, np.broadcast_to(start, ends.shape))
    spread = oof.feature_residual.std(axis=0)
    kept = spread > NOTHING * max(float(spread.max()), 1e-300)
    residual = oof.feature_residual[:, kept] / spread[kept]
    inverse = np.linalg.pinv(shrunk_covariance(residual), hermitian=True)
    alpha = ((step[:, kept] / spread[kept]) @ inverse * residual[rows]).sum(axis=1)
    left = (oof.outcome_residual - oof.effect)[rows]
    score = (step * oof.coefficients[rows]).sum(axis=1) + left * alpha
    _, pool = np.unique(groups, return_inverse=True)
    sums, pools = np.bincount(pool, score - score.mean()), int(pool.max()) + 1
    variance = float((sums**2).sum()) * pools / (pools - 1) if pools > 1 else math.inf
    return PolicyScore(
        float(score.mean()),
        math.sqrt(variance) / len(score),
        math.sqrt(float((left**2).mean())),
        math.sqrt(float((alpha**2).mean())),
    )


def _features(oof: OutOfFold, rows: NDArray[np.intp], shares: Array) -> Array:
    """(m, 2K) features of mixtures (m, K), with each run's own epsilon."""
    return np.concatenate([np.log(shares + oof.epsilon[rows, None]), shares], axis=1)
