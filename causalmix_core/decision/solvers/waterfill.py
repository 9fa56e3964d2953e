"""One price for all: the shares at which every domain's marginal value meets, adding to a total.

Exact up to rounding: a binary search over the 2K prices at which a domain reaches a bound, then
a safeguarded Newton iteration on the smooth piece in between. Many problems at once (rows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.marginals import Marginals

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

NEWTON_STEPS = 80
ROUNDING = 4e-16


class Filled(NamedTuple):
    """Solution of a waterfill: shares (S, K), price (S, 1), and whether it is unique (S,)."""

    shares: Array
    price: Array
    unique: NDArray[np.bool_]


def waterfill(marginals: Marginals, lower: Array, upper: Array, total: Array, near: Array) -> Filled:
    """Maximise the marginals' concave objective with ``sum_k t_k = total`` within a box.

    Parameters
    ----------
    lower, upper : (S, K) bounds; total : (S, 1) between the sums of the bounds (clipped there).
    near : (S, K) where domains tied at the price would rather be; the optimum chosen among equals
        is the one that leaves it least in total variation.
    """
    full_until, empty_from = marginals.value(upper), marginals.value(lower)
    prices = np.sort(np.concatenate([full_until, empty_from], axis=1), axis=1)

    def above(mu: Array) -> Array:
        """Shares just above a price: tied domains are at their lower bound."""
        inner = np.clip(marginals.share(mu), lower, upper)
        return np.where(mu >= empty_from, lower, np.where(mu <= full_until, upper, inner))

    index = _first_price_below_total(prices, above, total)
    price = np.take_along_axis(prices, index, axis=1)
    low = above(price)
    high = np.where(price <= full_until, upper, low)
    at_break = high.sum(axis=1, keepdims=True) >= total
    shares = _between(low, high, np.clip(near, low, high), total)
    unique = ~at_break[:, 0] | (((high > low) & (price <= full_until)).sum(axis=1) <= 1)
    if at_break.all():
        return Filled(shares, price, unique)
    before = np.take_along_axis(prices, np.maximum(index - 1, 0), axis=1)
    before = np.where(at_break, full_until.min(axis=1, keepdims=True), before)
    free = (full_until <= before) & (empty_from >= price) & (full_until < empty_from) & ~at_break
    fixed = np.where(at_break, shares, np.where(full_until >= price, upper, lower))
    piece = _Piece(free, np.where(free, lower, fixed), np.where(free, upper, fixed))
    end = np.where(at_break, before, _finite_end(marginals, piece, total, price))
    inside, inside_price = _smooth_piece(marginals, piece, total, (before, end))
    return Filled(np.where(at_break, shares, inside), np.where(at_break, price, inside_price), unique)


class _Piece(NamedTuple):
    """Prices between two breakpoints: which domains (S, K) move, and between which shares."""

    free: NDArray[np.bool_]
    low: Array
    high: Array


def _finite_end(marginals: Marginals, piece: _Piece, total: Array, price: Array) -> Array:
    """``price``, or where it is infinite one at which the free domains surely hold too little.

    Only "kl" keeps domains open for ever; there t <= (a + lam p) / (mu - b + lam).
    """
    held = np.where(piece.free, 0.0, piece.low).sum(axis=1, keepdims=True)
    pull = marginals.a + marginals.lam * marginals.anchor
    weight = np.where(piece.free, pull, 0.0).sum(axis=1, keepdims=True)
    highest = np.where(piece.free, marginals.b, -np.inf).max(axis=1, keepdims=True) - marginals.lam
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = highest + 2.0 * weight / (total - held)
    return np.where(np.isfinite(price), price, bound)


def _first_price_below_total(prices: Array, above: Callable[[Array], Array], total: Array) -> Indices:
    """(S, 1) index of the lowest breakpoint just above which the shares add to at most ``total``."""
    left = np.full((len(prices), 1), -1)
    right = np.full((len(prices), 1), prices.shape[1] - 1)
    while (right - left > 1).any():
        middle = np.maximum((left + right + 1) // 2, 0)
        below = above(np.take_along_axis(prices, middle, axis=1)).sum(axis=1, keepdims=True) <= total
        open_ = right - left > 1
        right = np.where(below & open_, middle, right)
        left = np.where(~below & open_, middle, left)
    return right


def _between(low: Array, high: Array, near: Array, total: Array) -> Array:
    """The point of the box [low, high] that adds to ``total``, filled evenly starting at ``near``."""
    gap = total - near.sum(axis=1, keepdims=True)
    room = np.where(gap > 0.0, high - near, near - low)
    width = room.sum(axis=1, keepdims=True)
    part = np.divide(gap, width, out=np.zeros_like(gap), where=width > 0.0)
    shares: Array = np.clip(near + np.clip(part, -1.0, 1.0) * room, low, high)
    return shares


def _smooth_piece(
    marginals: Marginals, piece: _Piece, total: Array, bracket: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Root of ``sum_k t_k(mu) = total`` where the free domains move and no bound is met.

    Newton on 1 / sum (t + eps), which is linear in the price for one domain in log coding and
    nearly so for many; the plain Newton step for "l2", whose shares are nearly linear in it.
    """
    left, right = bracket
    price = left
    harmonic = marginals.penalty != "l2"
    size = np.abs(marginals.b).max(axis=1, keepdims=True) + marginals.lam
    offset = np.where(piece.free, marginals.epsilon, 0.0).sum(axis=1, keepdims=True)
    for _ in range(NEWTON_STEPS):
        shares = np.clip(np.where(piece.free, marginals.share(price), piece.low), piece.low, piece.high)
        gap = total - shares.sum(axis=1, keepdims=True)
        yields = _yields(marginals, shares, piece.free)
        rate = yields.sum(axis=1, keepdims=True)
        left, right = np.where(gap <= 0.0, price, left), np.where(gap >= 0.0, price, right)
        # What the rounding of the price alone does to the total.
        floor = ROUNDING * (total - rate * (np.abs(price) + size))
        done = (np.abs(gap) <= floor) | (right - left <= ROUNDING * np.abs(price))
        if done.all():
            break
        step = np.divide(gap, rate, out=np.zeros_like(gap), where=rate < 0.0)
        if harmonic:
            moving = np.where(piece.free, shares, 0.0).sum(axis=1, keepdims=True) + offset
            step *= np.divide(moving, moving + gap, out=np.ones_like(gap), where=moving + gap > 0.0)
        trial = price + step
        outside = (trial < left) | (trial > right)
        price = np.where(done, price, np.where(outside, 0.5 * (left + right), trial))
    # The rest of the gap goes to each domain as a last, unrounded change of price would send it.
    part = np.divide(gap, rate, out=np.zeros_like(gap), where=rate < 0.0)
    closed = np.clip(shares + part * yields, piece.low, piece.high)
    return _between(piece.low, piece.high, closed, total), price


def _yields(marginals: Marginals, shares: Array, free: NDArray[np.bool_]) -> Array:
    """(S, K) derivative of the free domains' shares in the price, <= 0."""
    with np.errstate(divide="ignore"):
        yields: Array = np.where(free, 1.0 / marginals.slope(shares), 0.0)
    return yields
