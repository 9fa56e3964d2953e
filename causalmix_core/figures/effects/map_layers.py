"""What a CATE map shows where: numbers, doubt, and the hatching of what lies outside the runs."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.figures import scales

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.views import CateMap

    Array = NDArray[np.float64]

CLEAR, UNCLEAR, OUTSIDE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class MapLayers:
    """A CATE map as it is drawn.

    Attributes
    ----------
    effects, half_width : (Gy, Gx) float32, NaN outside the runs; half-width of the interval.
    doubt : (Gy, Gx) float32, half-width less the size of the effect: >= 0 where the interval
        includes 0; NaN outside the runs.
    standing : (Gy, Gx) uint8, ``CLEAR`` | ``UNCLEAR`` (interval includes 0) | ``OUTSIDE``.
    """

    effects: NDArray[np.float32]
    half_width: NDArray[np.float32]
    doubt: NDArray[np.float32]
    standing: NDArray[np.uint8]


def map_layers(view: CateMap) -> MapLayers:
    """Mask what is unsupported and mark where the interval at ``view.level`` includes 0."""
    half_width = NormalDist().inv_cdf(0.5 + view.level / 2) * view.se
    doubt = half_width - np.abs(view.effects)
    standing = np.where(view.supported, np.where(doubt >= 0, UNCLEAR, CLEAR), OUTSIDE).astype(np.uint8)
    return MapLayers(
        effects=scales.masked(view.effects, view.supported),
        half_width=scales.masked(half_width, view.supported),
        doubt=scales.masked(doubt, view.supported),
        standing=standing,
    )


def hatch_lines(
    mask: NDArray[np.bool_], x_centres: Array, y_centres: Array, every: int = 2
) -> tuple[Array, Array]:
    """Diagonal strokes over the cells where ``mask`` (Gy, Gx) is true.

    One stroke per unbroken run of cells on every ``every``-th diagonal of the (evenly spaced)
    grid; x and y of the ends, with NaN between strokes.
    """
    x_edges, y_edges = scales.cell_edges(x_centres), scales.cell_edges(y_centres)
    ys, xs = mask.shape
    points: list[tuple[float, float]] = []
    for offset in range(-(ys - 1), xs):
        if offset % every:
            continue
        first = max(0, -offset)
        on = np.concatenate([[False], np.diagonal(mask, offset), [False]]).astype(np.int8)
        starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
        for start, end in zip(starts + first, ends + first, strict=True):
            points += [(x_edges[start + offset], y_edges[start]), (x_edges[end + offset], y_edges[end])]
            points.append((np.nan, np.nan))
    columns = np.asarray(points, dtype=float).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]
