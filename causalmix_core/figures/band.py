"""A line with its uncertainty: solid and filled where the runs are, dotted beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.figures import scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def touching(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``mask`` (G,) and its direct neighbours, so that the dotted part joins the solid one."""
    grown = mask.copy()
    grown[:-1] |= mask[1:]
    grown[1:] |= mask[:-1]
    return grown


def add_band(
    figure: go.Figure,
    x: Array,
    lower: Array,
    upper: Array,
    supported: NDArray[np.bool_],
    colour: str,
) -> None:
    """The interval as an area: faint everywhere, stronger where supported."""
    _add_area(figure, x, lower, upper, see_through(colour, 0.08), "interval")
    edges = np.flatnonzero(np.diff(np.concatenate([[False], supported, [False]]).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        inside = slice(start, end)
        _add_area(
            figure, x[inside], lower[inside], upper[inside], see_through(colour, 0.16), "supported interval"
        )


def _add_area(figure: go.Figure, x: Array, lower: Array, upper: Array, fill: str, name: str) -> None:
    figure.add_scatter(
        x=scales.float32(np.concatenate([x, x[::-1]])),
        y=scales.float32(np.concatenate([upper, lower[::-1]])),
        mode="lines",
        line={"width": 0, "color": fill},
        fill="toself",
        fillcolor=fill,
        hoverinfo="skip",
        name=name,
    )


def add_line(
    figure: go.Figure,
    x: Array,
    y: Array,
    supported: NDArray[np.bool_],
    colour: str,
    hover: Sequence[str],
) -> None:
    """The estimate: dotted where it is extrapolated, solid on top where it is supported."""
    parts = ((touching(~supported), "dot", 2.0, "extrapolated"), (supported, "solid", 2.8, "estimate"))
    for keep, dash, width, name in parts:
        figure.add_scatter(
            x=scales.float32(x),
            y=scales.masked(y, keep),
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            hoverinfo="skip",
            name=name,
        )
    # One unseen line carries the hover text, so that the seam between the two does not speak twice.
    figure.add_scatter(
        x=scales.float32(x),
        y=scales.float32(y),
        mode="lines",
        line={"width": 0, "color": colour},
        hovertext=list(hover),
        hoverinfo="text",
        name="hover",
    )


def add_rug(figure: go.Figure, mode: Mode, values: Array, floor: float) -> None:
    """One short stroke per run along the bottom of the chart."""
    keep = scales.thinned(len(values))
    figure.add_scatter(
        x=scales.float32(values[keep]),
        y=np.full(len(keep), floor, dtype=np.float32),
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 9,
            "color": see_through(theme(mode).muted, 0.5),
            "line": {"width": 1, "color": see_through(theme(mode).muted, 0.5)},
        },
        hoverinfo="skip",
        name="runs",
    )


def limits(lower: Array, upper: Array, supported: NDArray[np.bool_]) -> tuple[float, float]:
    """Vertical range from the supported part alone: what is extrapolated may leave the chart."""
    inside = supported if supported.any() else np.ones(len(lower), dtype=bool)
    return scales.range_with_zero(float(lower[inside].min()), float(upper[inside].max()))
