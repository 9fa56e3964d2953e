"""Responses with convex parts: the convex-concave procedure from many starts.

A negative log coefficient makes a_k log(t + eps) convex: the outcome rises ever faster as the
domain vanishes. Each step replaces the convex parts by their tangents, which lie below them, and
solves the concave rest exactly, so the outcome never falls. What it reaches depends on where the
first tangents are laid, hence the starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.geometry import distance
from causalmix_core.decision.marginals import Prices
from causalmix_core.decision.separable import no_prices, objectives, solve_concave

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

ROUNDS = 6
STEPS = 200
SETTLED = 1e-15
# Multiples of a step that are tried beyond it: the procedure alone converges linearly.
STRIDES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 64.0])


def climb(response: Response, region: Region, shares: Array, radii: Array) -> Array:
    """(N, K) local optima reached from tangents laid at ``shares`` (N, K), in ``radii`` (N,).

    The starts themselves need not lie in the region, the results do.
    """
    a = response.log_coefficients
    rise, fall = np.maximum(a, 0.0), np.minimum(a, 0.0)

    prices = no_prices(len(radii))

    def step(at: Array, rows: NDArray[np.int64]) -> Array:
        tangents = response.linear_coefficients + fall / (at + response.epsilon)
        concave = objectives(np.broadcast_to(rise, tangents.shape), tangents, response.epsilon)
        guess = Prices(prices.share[rows], prices.log_distance[rows])
        solved, found = solve_concave(concave, region, radii[rows], guess)
        prices.share[rows], prices.log_distance[rows] = found
        return solved

    if not len(radii):
        return shares
    reached = step(shares, moving := np.arange(len(radii)))
    scale = np.abs(response.coefficients).max()
    for _ in range(STEPS):
        before = reached[moving]
        after = _stride(response, region, before, step(before, moving), radii[moving])
        gained = response.gain(after, region.anchor) - response.gain(before, region.anchor)
        better = gained > 0.0
        reached[moving[better]] = after[better]
        moving = moving[gained > SETTLED * scale]
        if not len(moving):
            break
    return reached


def _stride(response: Response, region: Region, before: Array, after: Array, radii: Array) -> Array:
    """The best of a step and its multiples that stay in the region, row by row."""
    trials = before + STRIDES[:, None, None] * (after - before)
    inside = ((trials >= region.lower) & (trials <= region.upper)).all(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside &= distance(region.metric, region.anchor, np.maximum(trials, 0.0)) <= radii
        values = np.where(inside, response.gain(np.maximum(trials, 0.0), region.anchor), -np.inf)
    values[0] = response.gain(after, region.anchor)
    best = values.argmax(axis=0)
    chosen: Array = trials[best, np.arange(len(best))]
    chosen[best == 0] = after[best == 0]
    return chosen


def maximise_mixed(response: Response, region: Region, radii: Array) -> Array:
    """(R, K) best mixtures found at each of ``radii`` (R,)."""
    k = region.anchor.size
    near, far = _reach(region, radii)
    starts = _starts(response, region, near, far)
    n = starts.shape[1]
    shares = climb(response, region, starts.reshape(-1, k), np.repeat(radii, n))
    best = _best(response, region, shares.reshape(len(radii), n, k))
    return _exchange(response, region, best, near, far, radii)


def _best(response: Response, region: Region, shares: Array) -> Array:
    """(R, K) the best of (R, N, K) in each row."""
    best = response.gain(shares, region.anchor).argmax(axis=1)
    chosen: Array = np.take_along_axis(shares, best[:, None, None], axis=1)[:, 0]
    return chosen


def _reach(region: Region, radii: Array) -> tuple[Array, Array]:
    p, r = region.anchor, radii[:, None]
    if region.metric == "tv":
        down = up = r
    elif region.metric == "l2":
        down = up = r * np.sqrt(1.0 - 1.0 / p.size)
    else:
        up = np.sqrt(2.0 * r * p * (1.0 - p)) + r
        down = p * -np.expm1(-np.sqrt(2.0 * r * (1.0 - p) / np.maximum(p, 1e-9)))
    return np.clip(p - down, region.lower, region.upper), np.clip(p + up, region.lower, region.upper)


def _log_mean(low: Array, high: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (high - low) / np.log(high / low)
    return np.where(high - low > 1e-9 * high, mean, low)


def _starts(response: Response, region: Region, near: Array, far: Array) -> Array:
    eps = response.epsilon
    anchor = np.broadcast_to(np.clip(region.anchor, near, far), near.shape)
    chord = _log_mean(near + eps, far + eps) - eps
    down = _log_mean(near + eps, anchor + eps) - eps
    up = _log_mean(anchor + eps, far + eps) - eps
    return np.stack([anchor, near, far, chord, down, up], axis=1)


def _exchange(response: Response, region: Region, best: Array, near: Array, far: Array, radii: Array) -> Array:
    for trials in (_singles, _pairs):
        for _ in range(ROUNDS):
            starts, rows = trials(response, region, best, near, far)
            if not len(rows):
                break
            found = climb(response, region, starts, radii[rows])
            gains = response.gain(found, region.anchor)
            before = response.gain(best, region.anchor)
            order = np.lexsort((gains, rows))
            last = order[np.r_[rows[order][1:] != rows[order][:-1], True]]
            better = gains[last] > before[rows[last]] + 1e-9 * np.abs(before[rows[last]])
            best[rows[last][better]] = found[last][better]
            if not better.any():
                break
    return best


def _singles(response, region, best, near, far):
    convex = np.flatnonzero(response.log_coefficients < 0.0)
    values = np.stack([near, far, np.broadcast_to(region.anchor, near.shape)], axis=1)[:, :, convex]
    trials = np.repeat(best[:, None], 3 * len(convex), axis=1).reshape(len(best), 3, len(convex), best.shape[1])
    trials[:, :, np.arange(len(convex)), convex] = values
    changed = np.abs(values - best[:, None, convex]) > 1e-6
    return trials[changed], np.nonzero(changed)[0]


def _pairs(response, region, best, near, far):
    convex = np.flatnonzero(response.log_coefficients < 0.0)
    starts, rows = [], []
    for r, t in enumerate(best):
        worth = response.log_coefficients * np.log((t + response.epsilon) / (near[r] + response.epsilon)) + response.linear_coefficients * (t - near[r])
        size = t - near[r]
        gone = convex[size[convex] < 1e-6]
        here = convex[size[convex] >= 1e-6]
        back = response.log_coefficients * np.log((region.anchor + response.epsilon) / (near[r] + response.epsilon)) + response.linear_coefficients * (region.anchor - near[r])
        here = here[np.argsort((worth[here]) / size[here])][:8]
        gone = gone[np.argsort(-back[gone] / np.maximum(region.anchor[gone] - near[r][gone], 1e-9))][:8]
        for i in gone:
            for j in here:
                x = t.copy(); x[i] = region.anchor[i]; x[j] = near[r][j]
                starts.append(x); rows.append(r)
    return np.array(starts).reshape(-1, len(region.anchor)), np.array(rows, dtype=int)
