"""What one more unit of share is worth in each domain, and the share at which it is worth mu.

The dual of every problem in this room falls apart over domains: given a price ``mu`` of share
and a price ``lam`` of distance, domain k takes the share t that maximises

    a_k log(t + eps) + b_k t - mu t - lam d_k(t),       a_k >= 0,

where d_k is the domain's part of the distance. ``Marginals`` holds the derivative of that and its
closed-form inverse, for many problems at once (rows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# "none" prices no distance; "l2" takes d = (t - p)^2 / 2; "kl" takes d = t - p - p log(t / p),
# which adds up to KL(p || T) for mixtures and, unlike -p log t alone, is flat at the anchor.
Penalty = Literal["none", "l2", "kl"]


class Prices(NamedTuple):
    """Prices (S,) of share and, as a logarithm, of distance; nan where distance has none."""

    share: Array
    log_distance: Array


@dataclass(frozen=True, eq=False)
class Marginals:
    """Marginal value m_k(t) = a_k / (t + eps) + b_k - lam d_k'(t) of S problems in K domains.

    Attributes
    ----------
    a : (S, K) >= 0; b : (S, K); epsilon : > 0; anchor : (K,); lam : (S, 1), > 0 unless the
    penalty is "none".
    """

    a: Array
    b: Array
    epsilon: float
    anchor: Array
    lam: Array
    penalty: Penalty

    def rows(self, index: NDArray[np.int64]) -> Marginals:
        """Only the chosen problems."""
        return replace(self, a=self.a[index], b=self.b[index], lam=self.lam[index])

    def value(self, t: Array) -> Array:
        """(S, K) marginal value at shares ``t``, non-increasing in t; +inf for "kl" at 0."""
        plain: Array = self.a / (t + self.epsilon) + self.b
        if self.penalty == "none":
            return plain
        if self.penalty == "l2":
            return plain - self.lam * (t - self.anchor)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.anchor > 0.0, self.anchor / t, 0.0)
        return plain + self.lam * (ratio - 1.0)

    def slope(self, t: Array) -> Array:
        """(S, K) derivative of :meth:`value`, <= 0."""
        plain: Array = -self.a / np.square(t + self.epsilon)
        if self.penalty == "none":
            return plain
        if self.penalty == "l2":
            return plain - self.lam
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = np.where(self.anchor > 0.0, self.lam * self.anchor / np.square(t), 0.0)
        return plain - pull

    def share(self, mu: Array) -> Array:
        """(S, K) share whose marginal value is ``mu`` (S, 1); +inf where it is always above."""
        if self.penalty == "l2":
            return self._share_l2(mu)
        excess = mu - self.b + (self.lam if self.penalty == "kl" else 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self._share_kl(excess) if self.penalty == "kl" else self.a / excess - self.epsilon
        shares: Array = np.where(excess > 0.0, t, np.inf)
        return shares

    def _share_l2(self, mu: Array) -> Array:
        # lam s^2 - c s - a = 0 in s = t + eps, the root written without cancellation.
        c = self.b - mu + self.lam * (self.anchor + self.epsilon)
        root = np.sqrt(np.square(c) + 4.0 * self.lam * self.a)
        with np.errstate(divide="ignore", invalid="ignore"):
            s = np.where(c > 0.0, (c + root) / (2.0 * self.lam), 2.0 * self.a / (root - c))
        shares: Array = np.where((self.a == 0.0) & (c <= 0.0), 0.0, s) - self.epsilon
        return shares

    def _share_kl(self, excess: Array) -> Array:
        # excess t^2 - c t - lam p eps = 0, the root written without cancellation.
        pull = self.lam * self.anchor
        c = self.a + pull - excess * self.epsilon
        root = np.sqrt(np.square(c) + 4.0 * excess * pull * self.epsilon)
        positive = (c + root) / (2.0 * excess)
        shares: Array = np.where(c > 0.0, positive, 2.0 * pull * self.epsilon / (root - c))
        return shares
