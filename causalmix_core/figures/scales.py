"""Axis ranges that hold still, grid edges, and thinning of point clouds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MAX_POINTS = 2000
_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def nice_ceiling(value: float) -> float:
    """The next round number at or above ``value`` > 0; 1.0 where there is nothing to show.

    Round numbers a third apart: an axis built on them stays put while its values drift.
    """
    if not (math.isfinite(value) and value > 0):
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return next((step * scale for step in _STEPS if value <= step * scale * (1 + 1e-9)), 10.0 * scale)


def around_zero(*arrays: Array) -> float:
    """Half-width of a symmetric axis that holds all finite values."""
    finite = [np.abs(a[np.isfinite(a)]).max(initial=0.0) for a in arrays]
    return nice_ceiling(1.02 * max(finite, default=0.0))


def range_with_zero(low: float, high: float, air: float = 0.1) -> tuple[float, float]:
    """Range in round steps that holds ``low``, ``high`` and 0, ``air`` of a step clear of each end."""
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 0 or not math.isfinite(high - low):
        return -1.0, 1.0
    step = nice_ceiling((high - low) / 8)
    return step * math.floor(low / step - air), step * math.ceil(high / step + air)


def padded(values: Array, pad: float = 0.04) -> tuple[float, float]:
    """Range of finite values with a margin of ``pad`` of their span on both sides."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    air = pad * (high - low) if high > low else max(abs(high), 1.0) * pad
    return low - air, high + air


def cell_edges(centres: Array) -> Array:
    """(G,) centres of grid cells -> (G + 1,) their edges."""
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middles = (centres[1:] + centres[:-1]) / 2
    edges: Array = np.concatenate([[2 * centres[0] - middles[0]], middles, [2 * centres[-1] - middles[-1]]])
    return edges


def thinned(count: int, most: int = MAX_POINTS) -> NDArray[np.int64]:
    """Indices of at most ``most`` of ``count`` points, evenly over their order."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def float32(values: Array) -> NDArray[np.float32]:
    """Half the bytes on the wire; far more precision than a screen shows."""
    return np.asarray(values, dtype=np.float32)


def masked(values: NDArray[np.float64], keep: NDArray[np.bool_]) -> NDArray[np.float32]:
    """``values`` as float32 with NaN (a gap in the chart) where ``keep`` is false."""
    return np.where(keep, values, np.nan).astype(np.float32)
