"""Where to lay the first tangents of the convex parts: points near every good local optimum.

Only the slopes at these points matter, so they need neither add to 1 nor lie in the region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Starts = tuple[Array, Indices]

# All low/high patterns are tried while there are at most this many domains to choose for.
PATTERN_DOMAINS = 5
# Domains on each side of the exchanges by pairs.
PAIR_SIDE = 8
# Moves of a tangent point smaller than this are no new start.
SAME_POINT = 1e-6


def reach(region: Region, radii: Array) -> tuple[Array, Array]:
    """Lowest and highest share (R, K) that each domain can about have within each radius (R,)."""
    p, r = region.anchor, radii[:, None]
    if region.metric == "tv":
        down = up = r
    elif region.metric == "l2":
        down = up = r * np.sqrt(1.0 - 1.0 / p.size)
    else:
        # From the second order of the two-way KL between a domain and the rest.
        up = np.sqrt(2.0 * r * p * (1.0 - p)) + r
        down = -p * np.expm1(-np.sqrt(2.0 * r * (1.0 - p) / np.maximum(p, 1e-9)))
    return np.clip(p - down, region.lower, region.upper), np.clip(p + up, region.lower, region.upper)


def first_starts(response: Response, region: Region, low: Array, high: Array) -> Array:
    """(R, N, K) starts: anchor, extremes, chords, and for few convex domains all patterns.

    A chord is laid at the logarithmic mean of its ends, where the tangent has its slope.
    """
    eps = response.epsilon
    anchor = np.clip(region.anchor, low, high)
    starts = [
        anchor,
        low,
        high,
        _log_mean(low + eps, high + eps) - eps,
        _log_mean(low + eps, anchor + eps) - eps,
        _log_mean(anchor + eps, high + eps) - eps,
    ]
    convex = _convex(response)
    convex = convex[(high > low)[:, convex].any(axis=0)]
    if len(convex) <= PATTERN_DOMAINS:
        for pattern in range(1, 2 ** len(convex) - 1):
            up = np.zeros(region.anchor.size, dtype=np.bool_)
            up[convex] = [pattern >> i & 1 for i in range(len(convex))]
            starts.append(np.where(up, high, low))
    return np.stack(starts, axis=1)


def single_moves(response: Response, region: Region, best: Array, low: Array, high: Array) -> Starts:
    """From each row of ``best`` (R, K): one convex domain to its lowest, highest or anchor share."""
    convex = _convex(response)
    anchor = np.broadcast_to(region.anchor, low.shape)
    values = np.stack([low, high, anchor], axis=1)[:, :, convex]
    shape = (len(best), 3, len(convex), best.shape[1])
    moved = np.broadcast_to(best[:, None, None], shape).copy()
    moved[:, :, np.arange(len(convex)), convex] = values
    changed = np.abs(values - best[:, None, convex]) > SAME_POINT
    return moved[changed], np.nonzero(changed)[0]


def pair_moves(response: Response, region: Region, best: Array, low: Array, high: Array) -> Starts:
    """From each row of ``best``: one vanished convex domain comes back, one present vanishes.

    The most promising on each side, by outcome per share: those worth least leave, those that
    cost least return.
    """
    convex = _convex(response)
    starts, rows = [best[:0]], []
    for row, shares in enumerate(best):
        floor = low[row]
        back = np.maximum(region.anchor, floor)
        present = shares[convex] > floor[convex] + SAME_POINT
        here, gone = convex[present], convex[~present & (back[convex] > floor[convex] + SAME_POINT)]
        leaving = here[np.argsort(_worth(response, floor, shares)[here], kind="stable")][:PAIR_SIDE]
        coming = gone[np.argsort(-_worth(response, floor, back)[gone], kind="stable")][:PAIR_SIDE]
        out, in_ = (side.ravel() for side in np.meshgrid(leaving, coming))
        moved = np.tile(shares, (len(out), 1))
        moved[np.arange(len(out)), out] = floor[out]
        moved[np.arange(len(out)), in_] = back[in_]
        starts.append(moved)
        rows.append(np.full(len(out), row))
    return np.concatenate(starts), np.concatenate(rows)


def _convex(response: Response) -> Indices:
    return np.flatnonzero(response.log_coefficients < 0.0)


def _worth(response: Response, low: Array, high: Array) -> Array:
    """(K,) outcome per unit of share between two levels."""
    eps, width = response.epsilon, np.maximum(high - low, SAME_POINT)
    logs = response.log_coefficients * np.log((high + eps) / (low + eps))
    worth: Array = logs / width + response.linear_coefficients
    return worth


def _log_mean(low: Array, high: Array) -> Array:
    """Logarithmic mean of positive numbers, entry by entry."""
    apart = high - low > 1e-9 * high
    ratio = np.where(apart, high / low, np.e)
    mean: Array = np.where(apart, (high - low) / np.log(ratio), low)
    return mean
