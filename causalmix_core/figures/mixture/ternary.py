"""Three domains in a triangle: gain by colour, the region's border, the runs and the mixtures at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers, pictures
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, colour_scale, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.decision.ternary import Ternary

    Array = NDArray[np.float64]

HEIGHT = 0.75**0.5  # of a triangle with sides of 1
_AIR = 0.09
_REST = "and all others"


def places(parts: Array) -> tuple[Array, Array]:
    """Plane of parts (..., 3): the first corner at the left, the second at the right, the third on top: x and y."""
    return parts[..., 1] + 0.5 * parts[..., 2], HEIGHT * parts[..., 2]


def ternary_figure(found: Ternary, *, mode: Mode, unit: str = "") -> go.Figure:
    """Colour is the gain over the anchor, faded outside the region; 2,000 runs at most."""
    figure = canvas.blank(mode, 430, left=20, right=20, top=36, bottom=36)
    blank = {"showticklabels": False, "grid": False}
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, "", (-_AIR, 1 + _AIR), constrain="domain", **blank),
        yaxis=canvas.axis(
            mode, "", (-_AIR, HEIGHT + _AIR), scaleanchor="x", scaleratio=1, constrain="domain", **blank
        ),
    )
    _add_gains(figure, found, mode, unit)
    _add_frame(figure, found, mode)
    if found.bounds is not None:
        _add_border(figure, found.bounds, "dot", theme(mode).muted, "floors and caps")
    _add_border(figure, found.border, "solid", theme(mode).ink, "region")
    _add_runs(figure, found, mode)
    _add_marks(figure, found, mode)
    return figure


def bricks(parts: Array, gains: Array) -> Array:
    """(side, 2 side) the grid of gains as bricks, nan beside the triangle.

    Each point takes two cells of a row, and rows are half a brick apart, as the grid's are.
    """
    side = round((np.sqrt(8 * len(parts) + 1) - 1) / 2)
    counts = np.rint(parts * (side - 1)).astype(int)
    laid = np.full((side, 2 * side), np.nan)
    row, left = counts[:, 2], 2 * counts[:, 1] + counts[:, 2]
    laid[row, left] = laid[row, left + 1] = gains
    return laid


def _add_gains(figure: go.Figure, found: Ternary, mode: Mode, unit: str) -> None:
    """The whole triangle faintly, and over it what lies inside the region, cut to its box."""
    limit = scales.around_zero(found.gains[found.inside] if found.inside.any() else found.gains)
    whole = bricks(found.parts, found.gains)
    bar = canvas.signed_colour_bar(mode, labels.in_unit("gain over the anchor", unit), limit, len=0.85)
    _add_bricks(
        figure, whole, (0, 0), (mode, unit, limit), opacity=0.22, showscale=False, name="gain outside"
    )
    inside = bricks(found.parts, np.where(found.inside, found.gains, np.nan))
    rows, columns = (np.flatnonzero(np.isfinite(inside).any(axis=axis)) for axis in (1, 0))
    corner = (int(rows[0]), int(columns[0])) if len(rows) else (0, 0)
    cut = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else inside[:1, :1]
    _add_bricks(figure, cut, corner, (mode, unit, limit), side=len(whole), colorbar=bar, name="gain")


def _add_bricks(
    figure: go.Figure,
    laid: Array,
    corner: tuple[int, int],
    shown: tuple[Mode, str, float],
    side: int | None = None,
    **more: object,
) -> None:
    """Bricks whose lower left one is ``corner`` (row, column) of a grid of ``side`` points."""
    mode, unit, limit = shown
    last = (side or len(laid)) - 1
    step = 0.5 / last
    figure.add_heatmap(
        x0=(corner[1] - 0.5) * step,
        dx=step,
        y0=HEIGHT * corner[0] / last,
        dy=HEIGHT / last,
        z=scales.float32(laid),
        zmin=-limit,
        zmax=limit,
        colorscale=colour_scale(theme(mode).diverging),
        hovertemplate=f"gain: %{{z:+.{labels.digits_within(limit)}f}} {labels.safe(unit)}<extra></extra>",
        hoverongaps=False,
        **more,
    )


def _add_frame(figure: go.Figure, found: Ternary, mode: Mode) -> None:
    """The triangle, its lines at a quarter, half and three quarters, and the corners' names."""
    for part in (0.25, 0.5, 0.75):
        for corner in range(3):
            ends = np.zeros((2, 3))
            ends[:, corner] = part
            ends[0, (corner + 1) % 3] = ends[1, (corner + 2) % 3] = 1.0 - part
            x, y = places(ends)
            line = {"color": see_through(theme(mode).rule, 0.35), "width": 1}
            figure.add_shape(type="line", x0=x[0], x1=x[1], y0=y[0], y1=y[1], line=line, layer="between")
    x, y = places(np.eye(3)[[0, 1, 2, 0]])
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": theme(mode).rule, "width": 1.2},
        hoverinfo="skip",
        showlegend=False,
        name="frame",
    )
    whole = numbers.percent(found.whole)
    names = [f"<b>{labels.short(name)}</b> {whole}" for name in found.names]
    if found.others == "summed":
        names[2] = f"<b>{labels.short(found.names[2])}</b> {_REST} {whole}"
    for corner, (text, side) in enumerate(zip(names, ("left", "right", "center"), strict=True)):
        x, y = places(np.eye(3)[corner])
        edge = "bottom" if corner == 2 else "top"
        shift = {"left": -_AIR, "right": _AIR, "center": 0.0}[side]
        canvas.note(
            figure,
            mode,
            text,
            x=float(x) + shift,
            y=float(y),
            xanchor=side,
            yanchor=edge,
            yshift=6 if corner == 2 else -6,
        )


def _add_border(figure: go.Figure, border: Array, dash: str, colour: str, name: str) -> None:
    x, y = places(np.concatenate([border, border[:1]]))
    figure.add_scatter(
        x=scales.float32(x),
        y=scales.float32(y),
        mode="lines",
        line={"color": colour, "width": 1.8, "dash": dash},
        hoverinfo="skip",
        name=name,
    )


def _add_runs(figure: go.Figure, found: Ternary, mode: Mode) -> None:
    keep = scales.thinned(len(found.runs))
    x, y = places(found.runs[keep])
    figure.add_scatter(
        x=scales.float32(x),
        y=scales.float32(y),
        mode="markers",
        marker={"size": 4, "color": see_through(theme(mode).ink, 0.4), "line": {"width": 0}},
        hoverinfo="skip",
        name="runs",
    )


def _add_marks(figure: go.Figure, found: Ternary, mode: Mode) -> None:
    colours = theme(mode)
    marks = (
        ("anchor", found.anchor, "circle", colours.page, colours.ink),
        ("proposed", found.recommended, "diamond", colours.ink, colours.page),
    )
    for name, parts, symbol, fill, line in marks:
        x, y = places(parts)
        said = "".join(
            f"<br>{labels.safe(corner)}: {numbers.percent(float(found.whole * part))}"
            for corner, part in zip(found.names, parts, strict=True)
        )
        figure.add_scatter(
            x=[float(x)],
            y=[float(y)],
            mode="markers",
            marker={"symbol": symbol, "size": 13, "color": fill, "line": {"color": line, "width": 1.6}},
            hovertext=[f"<b>{name}</b>{said}"],
            hoverinfo="text",
            name=name,
        )


def alt_ternary(found: Ternary, unit: str = "") -> str:
    """One sentence: what is divided, what that gains inside the region, how many runs there are."""
    return pictures.ternary_sentence(found, unit)
