"""Where to lay the first tangents of the convex parts: points near every good local optimum.

Only the slopes at these points matter, so they need neither add to 1 nor lie in the region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.problems import Problems

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Starts = tuple[Array, Indices]

# All low/high patterns are tried while there are at most this many domains to choose for.
PATTERN_DOMAINS = 5
# Domains on each side of the exchanges by pairs.
PAIR_SIDE = 8
# Moves of a tangent point smaller than this are no new start.
SAME_POINT = 1e-6


def reach(problems: Problems) -> tuple[Array, Array]:
    """Lowest and highest share (R, K) that each domain can about have within each problem's radius."""
    region = problems.region
    p, r = region.anchor, problems.radii[:, None]
    if region.metric == "tv":
        down = up = r
    elif region.metric == "l2":
        down = up = r * np.sqrt(1.0 - 1.0 / p.size)
    else:
        # From the second order of the two-way KL between a domain and the rest.
        up = np.sqrt(2.0 * r * p * (1.0 - p)) + r
        down = -p * np.expm1(-np.sqrt(2.0 * r * (1.0 - p) / np.maximum(p, 1e-9)))
    return np.clip(p - down, region.lower, region.upper), np.clip(p + up, region.lower, region.upper)


def first_starts(problems: Problems, low: Array, high: Array) -> Starts:
    """Anchor, extremes, chords, and for few convex domains all patterns of lowest and highest.

    A chord is laid at the logarithmic mean of its ends, where the tangent has its slope.
    """
    eps = problems.epsilon
    anchor = np.clip(problems.region.anchor, low, high)
    common = [
        anchor,
        low,
        high,
        _log_mean(low + eps, high + eps) - eps,
        _log_mean(low + eps, anchor + eps) - eps,
        _log_mean(anchor + eps, high + eps) - eps,
    ]
    every = np.arange(problems.count)
    starts, rows = [np.concatenate(common)], [np.tile(every, len(common))]
    for row, convex in enumerate((problems.a < 0.0) & (high > low)):
        found = _patterns(np.flatnonzero(convex), low[row], high[row])
        starts.append(found)
        rows.append(np.full(len(found), row))
    return np.concatenate(starts), np.concatenate(rows)


def _patterns(convex: Indices, low: Array, high: Array) -> Array:
    """(N, K) every choice of lowest and highest for the convex domains, where they are few."""
    if len(convex) > PATTERN_DOMAINS:
        return np.empty((0, low.size))
    patterns = np.arange(1, max(2 ** len(convex) - 1, 1))
    up = np.zeros((len(patterns), low.size), dtype=np.bool_)
    up[:, convex] = patterns[:, None] >> np.arange(len(convex)) & 1
    return np.where(up, high, low)


def single_moves(problems: Problems, best: Array, low: Array, high: Array, among: Indices) -> Starts:
    """From rows ``among`` of ``best`` (R, K): one convex domain to its lowest, highest or anchor share."""
    starts = best[among]
    anchor = np.broadcast_to(problems.region.anchor, starts.shape)
    values = np.stack([low[among], high[among], anchor], axis=1)
    changed = (np.abs(values - starts[:, None]) > SAME_POINT) & (problems.a[among] < 0.0)[:, None]
    row, which, domain = np.nonzero(changed)
    moved = starts[row]
    moved[np.arange(len(row)), domain] = values[row, which, domain]
    return moved, among[row]


def pair_moves(problems: Problems, best: Array, low: Array, high: Array, among: Indices) -> Starts:
    """From rows ``among`` of ``best``: one vanished convex domain comes back, one present vanishes.

    The most promising on each side, by outcome per share: those worth least leave, those that
    cost least return.
    """
    starts, rows = [best[:0]], [among[:0]]
    for row in among:
        found = _pairs(problems, int(row), best[row], low[row])
        starts.append(found)
        rows.append(np.full(len(found), row))
    return np.concatenate(starts), np.concatenate(rows)


def _pairs(problems: Problems, row: int, shares: Array, floor: Array) -> Array:
    """(N, K) exchanges in one problem."""
    convex = np.flatnonzero(problems.a[row] < 0.0)
    back = np.maximum(problems.region.anchor, floor)
    present = shares[convex] > floor[convex] + SAME_POINT
    here, gone = convex[present], convex[~present & (back[convex] > floor[convex] + SAME_POINT)]
    leaving = here[np.argsort(_worth(problems, row, floor, shares)[here], kind="stable")][:PAIR_SIDE]
    coming = gone[np.argsort(-_worth(problems, row, floor, back)[gone], kind="stable")][:PAIR_SIDE]
    out, in_ = (side.ravel() for side in np.meshgrid(leaving, coming))
    moved = np.tile(shares, (len(out), 1))
    moved[np.arange(len(out)), out] = floor[out]
    moved[np.arange(len(out)), in_] = back[in_]
    return moved


def _worth(problems: Problems, row: int, low: Array, high: Array) -> Array:
    """(K,) outcome per unit of share between two levels."""
    eps, width = problems.epsilon, np.maximum(high - low, SAME_POINT)
    logs = problems.a[row] * np.log((high + eps) / (low + eps))
    worth: Array = logs / width + problems.b[row]
    return worth


def _log_mean(low: Array, high: Array) -> Array:
    """Logarithmic mean of positive numbers, entry by entry."""
    apart = high - low > 1e-9 * high
    ratio = np.where(apart, high / low, np.e)
    mean: Array = np.where(apart, (high - low) / np.log(ratio), low)
    return mean
