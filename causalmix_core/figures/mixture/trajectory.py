"""Shares of the recommended mixture along a shift of the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers, pictures
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, domain_colours, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.decision.trajectory import Trajectory
    from causalmix_core.effects.pool_path import PoolPath

    Array = NDArray[np.float64]

# Lines named at their right end: those of the largest moves.
_MOST_NAMED = 8
_TEXT_HEIGHT = 15 / 300  # of the chart's height, so that names do not lie on each other


def trajectory_figure(
    path: PoolPath, moved: Trajectory, *, mode: Mode, colours: Mapping[str, str] | None = None
) -> go.Figure:
    """One line a domain, in percent; the pool at hand as a rule, pools beyond the runs shaded.

    Lines break where the mixture jumps, with a dotted step over the gap.
    """
    painted = colours or domain_colours(moved.domains, mode)
    top = min(100.0, scales.nice_ceiling(105.0 * float(moved.shares.max())))
    span = scales.padded(moved.positions, 0.01)
    figure = canvas.blank(mode, 360, top=30)
    unit = " (sd of the runs from this pool)" if path.whole else ""
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, labels.safe(pictures.path_words(path)) + unit, span, grid=False),
        yaxis=canvas.axis(mode, "share of the mixture (%)", (-0.02 * top, 1.02 * top), nticks=6),
    )
    _shade(figure, path, moved, mode)
    canvas.vertical_rule(figure, mode, path.here, dash="dash")
    canvas.above(figure, mode, "this pool", path.here, span)
    x, shares = _with_gaps(moved)
    for k, domain in enumerate(moved.domains):
        _add_domain(figure, moved, k, painted[domain], x, shares[:, k], _hover(path, moved, k))
    _add_names(figure, moved, painted, mode, span[1], top)
    return figure


def _with_gaps(moved: Trajectory) -> tuple[Array, Array]:
    """Positions and shares in percent with a row of nan inside every jump."""
    places = np.flatnonzero(moved.jumps) + 1
    x = np.insert(moved.positions, places, np.nan)
    shares: Array = np.insert(100.0 * moved.shares, places, np.nan, axis=0)
    return x, shares


def _add_domain(
    figure: go.Figure, moved: Trajectory, k: int, colour: str, x: Array, shares: Array, hover: list[str]
) -> None:
    places = np.flatnonzero(moved.jumps) + 1
    figure.add_scatter(
        x=scales.float32(x),
        y=scales.float32(shares),
        mode="lines",
        line={"color": colour, "width": 2.4},
        hovertext=np.insert(np.asarray(hover, dtype=object), places, "").tolist(),
        hoverinfo="text",
        name=labels.safe(moved.domains[k]),
    )
    if not len(places):
        return
    gap = np.full(len(places), np.nan)
    figure.add_scatter(
        x=np.stack([moved.positions[places - 1], moved.positions[places], gap], axis=1).ravel(),
        y=100.0 * np.stack([moved.shares[places - 1, k], moved.shares[places, k], gap], axis=1).ravel(),
        mode="lines",
        line={"color": see_through(colour, 0.6), "width": 1.4, "dash": "dot"},
        hoverinfo="skip",
        name="jump",
    )


def _shade(figure: go.Figure, path: PoolPath, moved: Trajectory, mode: Mode) -> None:
    """Grey behind every stretch of pools beyond the runs."""
    outside = ~path.supported(moved.positions)
    edges = scales.cell_edges(moved.positions)
    steps = np.flatnonzero(np.diff(np.concatenate([[False], outside, [False]]).astype(np.int8)))
    for start, end in zip(steps[::2], steps[1::2], strict=True):
        figure.add_shape(
            type="rect",
            x0=float(edges[start]),
            x1=float(edges[end]),
            y0=0,
            y1=1,
            yref="y domain",
            layer="below",
            line={"width": 0},
            fillcolor=see_through(theme(mode).unsupported, 0.45),
        )
    if outside.any():
        widest = int(np.argmax(outside))
        canvas.note(
            figure,
            mode,
            "grey: beyond the runs",
            x=float(moved.positions[widest]) if outside[0] else 1,
            xref="x" if outside[0] else "x domain",
            y=0.01,
            yref="y domain",
            xanchor="left" if outside[0] else "right",
            yanchor="bottom",
        )


def _add_names(
    figure: go.Figure, moved: Trajectory, painted: Mapping[str, str], mode: Mode, x: float, top: float
) -> None:
    """Names at the right end of the lines, moved apart where they would lie on each other."""
    spread = np.ptp(moved.shares, axis=0).round(9)
    named = sorted(
        np.argsort(-spread, kind="stable")[:_MOST_NAMED].tolist(), key=lambda k: moved.shares[-1, k]
    )
    heights = apart(100.0 * moved.shares[-1, named], _TEXT_HEIGHT * top, top)
    longest = max(len(labels.short(moved.domains[k])) for k in named)
    canvas.lay_out(figure, margin_r=30 + 7 * longest)
    for k, height in zip(named, heights, strict=True):
        domain = moved.domains[k]
        swatch = f'<span style="color:{painted[domain]}">\N{BLACK SQUARE}</span>'
        figure.add_annotation(
            x=x,
            y=float(height),
            text=f"{swatch} {labels.short(domain)}",
            showarrow=False,
            xanchor="left",
            font={"size": canvas.SMALL, "color": theme(mode).ink},
        )


def apart(heights: Array, gap: float, top: float) -> Array:
    """Increasing ``heights`` (N,) moved as little as a sweep up and one down need to be ``gap`` apart."""
    placed = heights.astype(float).copy()
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    limit = top
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - gap
    return placed


def _hover(path: PoolPath, moved: Trajectory, k: int) -> list[str]:
    digits = numbers.decimals_for(float(np.abs(moved.gains).max(initial=0.0))) + 1
    return [
        f"<b>{labels.safe(moved.domains[k])}</b>: {numbers.percent(float(share))}"
        f"<br>{labels.safe(pictures.path_words(path))}: {pictures.position_text(path, float(position))}"
        f"<br>gain of the mixture: {numbers.signed(float(gain), digits)}"
        for position, share, gain in zip(moved.positions, moved.shares[:, k], moved.gains, strict=True)
    ]


def alt_trajectory(path: PoolPath, moved: Trajectory) -> str:
    """One sentence: which shares move from where to where."""
    return pictures.trajectory_sentence(path, moved)
