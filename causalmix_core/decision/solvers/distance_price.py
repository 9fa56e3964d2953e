"""The price of distance at which a mixture lies on the boundary of a KL or L2 region."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from causalmix_core.decision.geometry import euclidean, kullback_leibler
from causalmix_core.decision.solvers.marginals import Prices
from causalmix_core.decision.solvers.waterfill import waterfill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.marginals import Marginals
    from causalmix_core.decision.solvers.waterfill import Filled

    Array = NDArray[np.float64]

ROOT_STEPS = 100
# After so many steps Newton must at least halve its step each time, or the bracket is cut: it
# creeps at kinks, where domains reach their bounds.
NEWTON_ALONE = 8
FIRST_STRIDE = 2.0
# Log prices as close as this are one: what lies between their solutions is as good as either.
SAME_PRICE = 1e-12
# Distances closer than this to the radius, relatively, are on the boundary.
ON_BOUNDARY = 1e-12
# Prices that count as none, relative to the coefficients, and as all, relative to the slopes.
FREE_PRICE = 1e-12
FULL_PRICE = 1e13


def nested_prices(
    marginals: Marginals, lower: Array, upper: Array, radii: Array, start: Array
) -> tuple[Array, Prices]:
    """(S, K) maximisers with D(p, t) <= radii (S,) and their prices, by a root around a root.

    The distance falls as its price rises, nearly as a power of it, so Newton runs on the two
    logarithms, kept inside a bracket, from ``start`` (S,). Never fails; ``marginals.lam`` is
    replaced by the price sought.
    """
    near = np.clip(marginals.anchor, lower, upper)
    total = np.ones((len(radii), 1))

    def solve(log_price: Array) -> tuple[Filled, Array, Array]:
        priced = replace(marginals, lam=np.exp(log_price)[:, None])
        filled = waterfill(priced, lower, upper, total, near)
        size = measure(priced, filled.shares)
        return filled, size, sensitivity(priced, filled.shares, size, lower, upper).elasticity

    least = _least_distance(marginals, lower, upper, near)
    bottom, top = _log_price_limits(marginals)
    trial = np.clip(start, bottom, top)
    answer, done = near.copy(), np.zeros(len(radii), dtype=np.bool_)
    prices, stride = Prices(np.full(len(radii), np.nan), trial), np.full(len(radii), np.inf)
    bracket = _Bracket(bottom, top, near, near, np.full(len(radii), np.inf), np.zeros(len(radii)))
    for turn in range(ROOT_STEPS):
        if done.all():
            break
        (found, share_price, _), size, elasticity = solve(trial)
        prices = Prices(
            np.where(done, prices.share, share_price[:, 0]), np.where(done, prices.log_distance, trial)
        )
        inside = size <= radii
        bracket = bracket.narrowed(trial, found, size, inside)
        reached = np.abs(size - radii) <= ON_BOUNDARY * radii + 1e-16 * np.sqrt(radii)
        at_end = (inside & (trial <= bottom)) | (~inside & (trial >= top))
        collapsed = bracket.high - bracket.low <= SAME_PRICE
        result = np.where((reached | at_end)[:, None], found, bracket.blend(radii))
        answer = np.where(done[:, None], answer, result)
        done |= reached | at_end | collapsed
        step = _newton_step(size, radii, elasticity, least)
        # Towards cheaper prices in growing steps: where no domain can move Newton asks for all.
        step = np.maximum(step, -FIRST_STRIDE * 2.0**turn)
        if turn >= NEWTON_ALONE:
            step = np.where(np.abs(step) <= 0.5 * stride, step, np.nan)
        following = _next_price(trial, bracket, bottom, step, radii)
        trial, stride = following, np.abs(following - trial)
    return answer, prices


def _log_price_limits(marginals: Marginals) -> tuple[Array, Array]:
    """Log prices (S,) of distance that count as none and as all.

    Even where nothing is to be gained, a vanishing price still leads to the nearest mixture.
    """
    coefficients = marginals.a.max(axis=1) + np.ptp(marginals.b, axis=1)
    coefficients = np.where(coefficients > 0.0, coefficients, 1.0)
    steepest = coefficients + (marginals.a / (marginals.anchor + marginals.epsilon)).max(axis=1)
    return np.log(FREE_PRICE * coefficients), np.log(FULL_PRICE * steepest)


def _newton_step(size: Array, radii: Array, elasticity: Array, least: float) -> Array:
    """Step (S,) in log price towards the radius, in the logarithm of what exceeds the least."""
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (size - least) / size
        step: Array = np.log((radii - least) / (size - least)) * part / elasticity
    return step


class _Bracket(NamedTuple):
    """Log prices (S,) between which the distance passes the radius, with what they lead to."""

    low: Array
    high: Array
    outer: Array
    inner: Array
    outer_size: Array
    inner_size: Array

    def narrowed(self, trial: Array, found: Array, size: Array, inside: NDArray[np.bool_]) -> _Bracket:
        """The bracket with its lower or upper end replaced by a trial."""
        rows = inside[:, None]
        return _Bracket(
            np.where(inside, self.low, trial),
            np.where(inside, trial, self.high),
            np.where(rows, self.outer, found),
            np.where(rows, found, self.inner),
            np.where(inside, self.outer_size, size),
            np.where(inside, size, self.inner_size),
        )

    def blend(self, radii: Array) -> Array:
        """Shares between the two ends within the radius: the distance is convex between them."""
        width = self.outer_size - self.inner_size
        room = np.maximum(radii - self.inner_size, 0.0)
        part = np.divide(room, width, out=np.zeros_like(width), where=(width > room) & np.isfinite(width))
        blended: Array = self.inner + part[:, None] * (self.outer - self.inner)
        return blended


def _least_distance(marginals: Marginals, lower: Array, upper: Array, near: Array) -> float:
    """Distance of the nearest mixture within the bounds: 0 unless the anchor breaks them."""
    if (near[0] == marginals.anchor).all():
        return 0.0
    zero, one = np.zeros_like(near[:1]), np.ones((1, 1))
    pull = replace(marginals, a=zero, b=zero, lam=one)
    nearest = waterfill(pull, lower[:1], upper[:1], one, near[:1]).shares
    return float(measure(pull, nearest)[0])


def measure(marginals: Marginals, shares: Array) -> Array:
    """(S,) distance of shares (S, K) to the anchor in the penalty's metric."""
    metric = kullback_leibler if marginals.penalty == "kl" else euclidean
    return metric(marginals.anchor, shares)


def first_prices(marginals: Marginals, radii: Array) -> Prices:
    """The prices that put a small step without bounds at the radius."""
    slopes = marginals.a / (marginals.anchor + marginals.epsilon) + marginals.b
    if marginals.penalty == "kl":
        mean = (slopes * marginals.anchor).sum(axis=1, keepdims=True)
        steepness = np.sqrt(0.5 * (marginals.anchor * np.square(slopes - mean)).sum(axis=1) / radii)
    else:
        mean = slopes.mean(axis=1, keepdims=True)
        steepness = euclidean(mean, slopes) / radii
    with np.errstate(divide="ignore"):
        return Prices(mean[:, 0], np.log(steepness))


class Sensitivity(NamedTuple):
    """How total and log distance answer to the prices, each (S,), all <= 0 but ``crossed``.

    Attributes
    ----------
    total : d total / d mu; crossed : d total / d log lam; distance : d log D / d mu.
    elasticity : d log D / d log lam with the total held.
    """

    total: Array
    crossed: Array
    distance: Array
    elasticity: Array


def sensitivity(marginals: Marginals, shares: Array, size: Array, lower: Array, upper: Array) -> Sensitivity:
    """From differentiating the stationarity of the domains strictly within their bounds.

    Not finite, or 0, where none can move.
    """
    free = (shares > lower) & (shares < upper)
    # A domain without curvature takes any amount: a tiny slope stands for none.
    weight = np.where(free, 1.0 / np.minimum(marginals.slope(shares), -1e-30), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if marginals.penalty == "kl":
            ratio = np.where(marginals.anchor > 0.0, marginals.anchor / shares, 0.0)
            pull, scale = np.where(free, 1.0 - ratio, 0.0), size
        else:
            pull, scale = np.where(free, shares - marginals.anchor, 0.0), np.square(size)
        lam = marginals.lam[:, 0]
        total, crossed = weight.sum(axis=1), (weight * pull).sum(axis=1)
        # Centred first: the plain difference of sums loses all digits beside a flat domain.
        centred = pull - (crossed / total)[:, None]
        held = (weight * pull * centred).sum(axis=1)
        return Sensitivity(total, lam * crossed, crossed / scale, lam * held / scale)


def _next_price(trial: Array, bracket: _Bracket, bottom: Array, step: Array, radii: Array) -> Array:
    """Newton's next trial where it stays in the bracket; else the chord's, or the middle.

    A step that leaves towards no price at all is answered by trying that first.
    """
    proposed = trial + step
    untested = bracket.low == bottom
    proposed = np.where(untested & (proposed <= bottom), bottom, proposed)
    good = np.isfinite(proposed) & (proposed > bracket.low) & (proposed < bracket.high)
    good |= untested & (proposed == bottom) & (trial > bottom)
    with np.errstate(divide="ignore", invalid="ignore"):
        outer, inner = np.log(bracket.outer_size), np.log(bracket.inner_size)
        part = (outer - np.log(radii)) / (outer - inner)
    part = np.where((part > 0.1) & (part < 0.9), part, 0.5)
    return np.where(good, proposed, bracket.low + part * (bracket.high - bracket.low))
