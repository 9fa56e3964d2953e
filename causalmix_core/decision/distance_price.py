"""The price of distance at which a mixture lies on the boundary of a KL or L2 region."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.geometry import euclidean, kullback_leibler
from causalmix_core.decision.waterfill import waterfill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.marginals import Marginals
    from causalmix_core.decision.waterfill import Filled

    Array = NDArray[np.float64]

ROOT_STEPS = 100
# Distances closer than this to the radius, relatively, are on the boundary.
ON_BOUNDARY = 1e-12
# Prices that count as none and as all, relative to the spread of the objective's slopes.
FREE_PRICE = 1e-11
FULL_PRICE = 1e13


def within_curved(marginals: Marginals, lower: Array, upper: Array, radii: Array, loose: Filled) -> Array:
    """(S, K) maximisers with D(p, t) <= radii (S,), where ``loose`` solves without the radius.

    The distance falls as its price rises, nearly as a power of it, so Newton runs on the two
    logarithms, kept inside a bracket. ``marginals.lam`` is replaced by the price sought.
    """
    spread = np.ptp(marginals.a / (marginals.anchor + marginals.epsilon) + marginals.b, axis=1)
    scale = np.where(spread > 0.0, spread, 1.0)
    near = np.clip(marginals.anchor, lower, upper)
    total = np.ones((len(radii), 1))

    def solve(log_price: Array) -> tuple[Array, Array, Array]:
        priced = replace(marginals, lam=np.exp(log_price)[:, None])
        shares = waterfill(priced, lower, upper, total, near).shares
        size, elasticity = _distance_and_elasticity(priced, shares, lower, upper)
        return shares, size, elasticity

    shares = loose.shares
    done = loose.unique & (_distance(marginals, shares) <= radii)
    low, high = np.log(FREE_PRICE * scale), np.log(FULL_PRICE * scale)
    if not (done | loose.unique).all():
        # Among equals the nearest to the anchor: the limit of a vanishing price of distance.
        nearest, size, _ = solve(low)
        settled = ~loose.unique & (size <= radii)
        shares, done = np.where(settled[:, None], nearest, shares), done | settled
    trial = np.clip(np.log(_first_price(marginals, scale, radii)), low, high)
    tolerance = ON_BOUNDARY * radii + 1e-16 * np.sqrt(radii)
    for _ in range(ROOT_STEPS):
        if done.all():
            break
        found, size, elasticity = solve(trial)
        shares = np.where(done[:, None], shares, found)
        inside = size <= radii
        low, high = np.where(inside, low, trial), np.where(inside, trial, high)
        done |= (np.abs(size - radii) <= tolerance) | (high - low <= 1e-14 * np.abs(trial))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.log(radii / size) / elasticity
        trial = _next_price(trial, low, high, step)
    return shares


def _distance(marginals: Marginals, shares: Array) -> Array:
    """(S,) distance of shares (S, K) to the anchor in the penalty's metric."""
    measure = kullback_leibler if marginals.penalty == "kl" else euclidean
    return measure(marginals.anchor, shares)


def _first_price(marginals: Marginals, scale: Array, radii: Array) -> Array:
    """(S,) the price that puts a small step without bounds at the radius."""
    slopes = marginals.a / (marginals.anchor + marginals.epsilon) + marginals.b
    if marginals.penalty == "kl":
        mean = (slopes * marginals.anchor).sum(axis=1, keepdims=True)
        spread = np.sqrt(0.5 * (marginals.anchor * np.square(slopes - mean)).sum(axis=1))
        first: Array = np.maximum(spread, FREE_PRICE * scale) / np.sqrt(radii)
        return first
    first = euclidean(slopes.mean(axis=1, keepdims=True), slopes) / radii
    return np.maximum(first, FREE_PRICE * scale)


def _distance_and_elasticity(
    marginals: Marginals, shares: Array, lower: Array, upper: Array
) -> tuple[Array, Array]:
    """(S,) distance, and d log distance / d log price <= 0 along the solutions.

    From differentiating the stationarity of the domains strictly within their bounds; nan or 0
    where none can move, which the bracket answers.
    """
    size = _distance(marginals, shares)
    free = (shares > lower) & (shares < upper)
    # A domain without curvature takes any amount: a tiny slope stands for none.
    slope = np.minimum(marginals.slope(shares), -1e-30)
    weight = np.where(free, 1.0 / slope, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if marginals.penalty == "kl":
            pull = np.where(marginals.anchor > 0.0, -marginals.anchor / shares, 0.0)
            squared = size
        else:
            pull = shares - marginals.anchor
            squared = np.square(size)
        pull = np.where(free, pull, 0.0)
        mean = (weight * pull).sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
        change = (pull * weight * (pull - mean)).sum(axis=1)
        elasticity: Array = marginals.lam[:, 0] * change / squared
    return size, elasticity


def _next_price(trial: Array, low: Array, high: Array, step: Array) -> Array:
    """Newton's next trial where it stays in the bracket, its middle elsewhere."""
    proposed = trial + step
    good = np.isfinite(proposed) & (proposed > low) & (proposed < high)
    return np.where(good, proposed, 0.5 * (low + high))
