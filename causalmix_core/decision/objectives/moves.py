"""A region in the terms of a smooth solver: free variables, linear rows, and no kinks.

Total variation is taken apart into what each domain gains and what it gives up, both >= 0; the
balls of KL and L2 are left as they are. Domains that cannot move are no variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.geometry import distance, kullback_leibler
from causalmix_core.decision.solvers.candidates import pull_inside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

# Present domains keep at least this part of their anchor share while KL is solved, where 0 is infinitely far.
LEAST_PART = 1e-9
SPARE = 1e-11


class Moves:
    """Variables x (n,) with mixture ``base + matrix @ x``, bounds, and the rows of the region.

    Attributes
    ----------
    region : the region; ``lower``, ``upper`` : (n,) bounds of x.
    matrix : (K, n), with one entry a column: its row is ``moved`` (n,), its sign ``signs`` (n,).
    balance : (n,) and ``missing``: shares add to 1 where balance . x = missing.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        p, k = region.anchor, len(region.anchor)
        if region.metric == "tv":
            low = np.concatenate([np.maximum(region.lower - p, 0.0), np.maximum(p - region.upper, 0.0)])
            high = np.concatenate([np.maximum(region.upper - p, 0.0), np.maximum(p - region.lower, 0.0)])
            matrix, base, grown = np.hstack([np.eye(k), -np.eye(k)]), p, np.repeat([1.0, 0.0], k)
        else:
            least = LEAST_PART * p if region.metric == "kl" else np.zeros(k)
            high = region.upper
            low = np.minimum(np.maximum(region.lower, least), high)
            matrix, base, grown = np.eye(k), np.zeros(k), np.zeros(k)
        if region.metric != "kl":
            # Nobody moves farther than the radius.
            around = np.zeros(len(low)) if region.metric == "tv" else p
            low, high = np.maximum(low, around - region.radius), np.minimum(high, around + region.radius)
        free = high > low
        self.matrix: Array = matrix[:, free]
        self.moved = np.abs(self.matrix).argmax(axis=0)
        self.signs: Array = self.matrix.sum(axis=0)
        self.lower, self.upper = low[free], high[free]
        self._free = free
        self._base: Array = base + matrix[:, ~free] @ low[~free]
        self._grown, self._fixed_growth = grown[free], float(grown[~free] @ low[~free])
        self.balance = self.signs
        self.missing = 1.0 - float(self._base.sum())

    def shares(self, x: Array) -> Array:
        """(S, n) -> (S, K): the mixtures of x, kept from falling below 0 by rounding."""
        mixtures: Array = np.maximum(self._base + x @ self.matrix.T, 0.0)
        return mixtures

    def variables(self, shares: Array) -> Array:
        """(n,) the x of a mixture of the region."""
        if self.region.metric == "tv":
            change = shares - self.region.anchor
            x = np.concatenate([np.maximum(change, 0.0), np.maximum(-change, 0.0)])[self._free]
        else:
            x = shares[self._free]
        inside: Array = np.clip(x, self.lower, self.upper)
        return inside

    def length(self, x: Array) -> Array:
        """(S, n) -> (S,): the distance, squared in L2 where it has a kink at the anchor."""
        anchor = self.region.anchor
        if self.region.metric == "tv":
            moved: Array = x @ self._grown + self._fixed_growth
            return moved
        if self.region.metric == "l2":
            squared: Array = np.square(self.shares(x) - anchor).sum(axis=1)
            return squared
        return kullback_leibler(anchor, self.shares(x))

    def length_slope(self, x: Array) -> Array:
        """(S, n) derivative of :meth:`length`."""
        if self.region.metric == "tv":
            return np.broadcast_to(self._grown, x.shape)
        p, t = self.region.anchor, self.shares(x)
        if self.region.metric == "l2":
            straight: Array = 2.0 * (t - p) @ self.matrix
            return straight
        ratio = np.divide(p, t, out=np.zeros_like(t), where=p > 0.0)
        slope: Array = (1.0 - ratio) @ self.matrix
        return slope

    def length_bend(self, shares: Array) -> Array:
        """(S, K) -> (S, K): second derivative of :meth:`length` along each share, >= 0; there is none across."""
        if self.region.metric == "kl":
            p = self.region.anchor
            return np.divide(p, shares**2, out=np.zeros_like(shares), where=p > 0.0)
        return np.full(shares.shape, 2.0 if self.region.metric == "l2" else 0.0)

    @property
    def reach(self) -> float:
        """The radius in the terms of :meth:`length`, less what keeps rounding inside."""
        radius = (1.0 - SPARE) * self.region.radius
        return radius**2 if self.region.metric == "l2" else radius

    @property
    def narrow(self) -> float:
        """What the region is wide, 1 from a fifth of all data on: gains within a small radius are small too."""
        radius = self.region.radius
        width = float(np.sqrt(0.5 * radius)) if self.region.metric == "kl" else radius
        return min(1.0, max(5.0 * width, 1e-9))

    def inside(self, x: Array) -> Array:
        """(K,) the mixture of the region that x stands for, rounding and small excess mended."""
        region = self.region
        shares = np.clip(self.shares(np.clip(x, self.lower, self.upper)[None])[0], region.lower, region.upper)
        gap = 1.0 - float(shares.sum())
        room = region.upper - shares if gap > 0.0 else shares - region.lower
        width = float(room.sum())
        if width > 0.0:
            shares = shares + gap / width * room
        if float(distance(region.metric, region.anchor, shares)) <= region.radius:
            return shares
        mended: Array = pull_inside(shares[None], region)[0]
        return mended
