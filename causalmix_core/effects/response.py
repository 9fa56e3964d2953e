"""What a fit knows about one pool: the response of the outcome to the mixture, with covariance.

Every estimator of the product ends in the same form, separable over domains,

    Y(T; x) - Y(p; x) = sum_k a_k(x) [log(T_k + eps) - log(p_k + eps)] + b_k(x) [T_k - p_k],

so that everything a page or the command line shows afterwards (effects, maps, curves, gains,
radii) is linear algebra on (a, b) and their covariance. The paper's log coding has b = 0; the
contrast coding has a = 0; the recommended estimator has both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PERCENTAGE_POINT = 0.01


@dataclass(frozen=True, eq=False)
class Response:
    """Response of one outcome to the mixture at one pool state.

    Attributes
    ----------
    domains : K names.
    epsilon : > 0, the eps inside the logarithm (unused where ``log_coefficients`` are 0).
    log_coefficients : (K,) a, outcome units per unit of log share.
    linear_coefficients : (K,) b, outcome units per unit of share; only differences matter.
    covariance : (2K, 2K) covariance of the stacked (a, b).
    """

    domains: tuple[str, ...]
    epsilon: float
    log_coefficients: Array
    linear_coefficients: Array
    covariance: Array

    @property
    def coefficients(self) -> Array:
        """(2K,) a and b stacked, in the order of ``covariance``."""
        return np.concatenate([self.log_coefficients, self.linear_coefficients])

    def features(self, shares: Array) -> Array:
        """Basis values of mixtures: (..., K) shares -> (..., 2K), log part first."""
        return np.concatenate([np.log(shares + self.epsilon), shares], axis=-1)

    def gain(self, shares: Array, anchor: Array) -> Array:
        """Expected outcome at ``shares`` (..., K) minus that at ``anchor`` (K,); shape (...)."""
        gain: Array = (self.features(shares) - self.features(anchor)) @ self.coefficients
        return gain

    def gain_se(self, shares: Array, anchor: Array) -> Array:
        """Standard error of :meth:`gain`, shape (...)."""
        step = self.features(shares) - self.features(anchor)
        variance = np.einsum("...i,ij,...j->...", step, self.covariance, step)
        return np.sqrt(np.maximum(variance, 0.0))

    def gradient(self, shares: Array) -> Array:
        """(..., K) derivative with respect to each share at mixtures (..., K), sum not held."""
        return self.log_coefficients / (shares + self.epsilon) + self.linear_coefficients

    def substitution_map(self, anchor: Array) -> Array:
        """(K, 2K) linear map from coefficients to substitution effects at ``anchor`` (K,).

        Row k is the derivative along ``e_k - anchor``: domain k comes in, the whole anchor goes
        out pro rata. Weighted by the anchor these directions cancel.
        """
        k = len(anchor)
        directions = np.eye(k) - anchor[None, :]
        log_part = directions / (anchor + self.epsilon)[None, :]
        return PERCENTAGE_POINT * np.concatenate([log_part, directions], axis=1)

    def substitution_effects(self, anchor: Array) -> Array:
        """(K,) outcome units per percentage point of each domain, taken pro rata from the anchor.

        The move is ``T = p + 0.01 (e_k - p)``: one percent of the mixture is replaced by domain
        k. Gauge-free (no reference domain), and ``sum_k p_k effect_k = 0`` holds exactly.
        """
        effects: Array = self.substitution_map(anchor) @ self.coefficients
        return effects

    def substitution_se(self, anchor: Array) -> Array:
        """(K,) standard errors of :meth:`substitution_effects`."""
        rows = self.substitution_map(anchor)
        return np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", rows, self.covariance, rows), 0.0))

    def elasticities(self, anchor: Array) -> Array:
        """(K,) d outcome / d log share of each domain at ``anchor``, the rest held in proportion.

        Useful where runs are wide and sparse: it does not explode for tiny domains.
        """
        directions = np.eye(len(anchor)) - anchor[None, :]
        slopes: Array = directions @ self.gradient(anchor)
        return anchor * slopes
