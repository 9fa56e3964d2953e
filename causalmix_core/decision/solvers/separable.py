"""Exact maximisers of concave, separable objectives over a region, many problems at once.

    max  sum_k a_k log(t_k + eps) + b_k t_k,   a_k >= 0,
    s.t. sum_k t_k = 1,  lower <= t <= upper,  D(p, t) <= r.

Both sums are priced (mu for the total, lam for the distance), which leaves one closed form per
domain. Total variation splits into two independent waterfills, one for the domains that grow and
one for those that shrink; KL and L2 need one root in lam around a waterfill. Linear objectives
are the case a = 0, where the waterfill is the greedy transport from the worst domains to the best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from causalmix_core.decision.solvers.ball import within_ball
from causalmix_core.decision.solvers.marginals import Marginals, Prices
from causalmix_core.decision.solvers.waterfill import Filled, waterfill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.solvers.marginals import Penalty

    Array = NDArray[np.float64]

# Slopes closer than this, relative to their size, differ by rounding only.
TIED = 1e-14


@dataclass(frozen=True, eq=False)
class Objectives:
    """S concave separable objectives in K domains.

    Attributes
    ----------
    a : (S, K) >= 0; b : (S, K), measured from ``offset`` (S,); epsilon : > 0.
    """

    a: Array
    b: Array
    offset: Array
    epsilon: float

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Objectives:
        """Only the chosen rows (S,)."""
        return Objectives(self.a[rows], self.b[rows], self.offset[rows], self.epsilon)


class Solution(NamedTuple):
    """Maximisers (S, K) and their prices, a good guess for neighbouring problems."""

    shares: Array
    prices: Prices


def objectives(a: Array, b: Array, epsilon: float) -> Objectives:
    """Broadcast (S, K) or (K,) coefficients to rows; b is measured from its largest entry.

    Adding a constant to b changes no decision; taking it out keeps digits, and lets slopes that
    differ by rounding only count as the tie they are.
    """
    a, b = np.broadcast_arrays(np.atleast_2d(a), np.atleast_2d(b))
    offset = b.max(axis=1)
    centred = b - offset[:, None]
    rounding = TIED * np.abs(b).max(axis=1, keepdims=True)
    return Objectives(a, np.where(np.abs(centred) <= rounding, 0.0, centred), offset, epsilon)


def no_prices(rows: int) -> Prices:
    """Prices of ``rows`` problems of which nothing is known."""
    return Prices(np.full(rows, np.nan), np.full(rows, np.nan))


def maximise_concave(objective: Objectives, region: Region, radii: Array) -> Array:
    """(S, K) maximisers over ``region`` with row s's radius ``radii[s]`` in place of its own.

    Among equals the one nearest to the anchor; the region must not be empty at any radius.
    Radius 0 returns the anchor itself, bit for bit.
    """
    return solve_concave(objective, region, radii, no_prices(len(radii))).shares


def solve_concave(objective: Objectives, region: Region, radii: Array, guess: Prices) -> Solution:
    """:func:`maximise_concave` that starts at ``guess`` (nan where there is none)."""
    shares = np.tile(region.anchor, (len(radii), 1))
    prices = no_prices(len(radii))
    moving = radii > 0.0
    if not moving.any():
        return Solution(shares, prices)
    rows = objective[moving]
    lower = np.broadcast_to(region.lower, rows.a.shape)
    upper = np.broadcast_to(region.upper, rows.a.shape)
    if region.metric == "tv":
        shares[moving] = _within_tv(rows, region.anchor, lower, upper, radii[moving, None])
        return Solution(shares, prices)
    start = Prices(guess.share[moving] - rows.offset, guess.log_distance[moving])
    marginals = _marginals(rows, region.anchor, "kl" if region.metric == "kl" else "l2")
    shares[moving], found = within_ball(marginals, lower, upper, radii[moving], start)
    prices.share[moving], prices.log_distance[moving] = found.share + rows.offset, found.log_distance
    return Solution(shares, prices)


def _fill_freely(objective: Objectives, anchor: Array, lower: Array, upper: Array, total: Array) -> Filled:
    """Waterfill without a price on distance."""
    free = _marginals(objective, anchor, "none")
    return waterfill(free, lower, upper, total, np.clip(anchor, lower, upper))


def _marginals(objective: Objectives, anchor: Array, penalty: Penalty) -> Marginals:
    """The objectives' marginal values, with distance still without a price."""
    free = np.zeros((len(objective.a), 1))
    return Marginals(objective.a, objective.b, objective.epsilon, anchor, free, penalty)


def _within_tv(objective: Objectives, anchor: Array, lower: Array, upper: Array, radius: Array) -> Array:
    """Total variation: what grows takes exactly r at one price, what shrinks gives r at another.

    Where the growing domains' price is not above the shrinking ones', moving r does not pay: the
    radius does not bind, and one waterfill over the whole box is the answer.
    """
    middle = np.clip(anchor, lower, upper)
    base = middle.sum(axis=1, keepdims=True)
    grown = base + radius - np.maximum(lower - anchor, 0.0).sum(axis=1, keepdims=True)
    shrunk = base - radius + np.maximum(anchor - upper, 0.0).sum(axis=1, keepdims=True)
    reachable = (grown <= upper.sum(axis=1, keepdims=True)) & (shrunk >= lower.sum(axis=1, keepdims=True))
    both = objective[np.tile(np.arange(len(base)), 2)]
    filled = _fill_freely(
        both,
        anchor,
        np.concatenate([middle, lower]),
        np.concatenate([upper, middle]),
        np.concatenate([grown, shrunk]),
    )
    up, down = np.split(filled.shares, 2)
    up_price, down_price = np.split(filled.price, 2)
    binding = reachable & (up_price > down_price)
    shares = up + down - middle
    if not binding.all():
        loose = _fill_freely(objective, anchor, lower, upper, np.ones_like(base)).shares
        shares = np.where(binding, shares, loose)
    return np.clip(shares, lower, upper)
