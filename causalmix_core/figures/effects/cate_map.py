"""Map of one domain's effect over two covariates.

What lies outside the runs carries no number: its cells are left empty, greyed and hatched.
Where the interval includes 0 lies a veil with a dotted edge: only what is known has full colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery import covariates, numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.effects.map_layers import CLEAR, OUTSIDE, MapLayers, hatch_lines, map_layers
from causalmix_core.figures.theme import Mode, colour_scale, see_through, theme

if TYPE_CHECKING:
    import numpy as np
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.views import CateMap

    Array = NDArray[np.float64]

# With a grid of 41 x 41 this many dots keep the figure under 60 KiB on the wire.
MOST_RUNS = 1_500


def cate_map_figure(view: CateMap, *, mode: Mode, limit: float | None = None) -> go.Figure:
    """Filled map with the line of no effect, the runs as faint dots and the chosen pool as a cross.

    ``limit`` fixes the colours to -limit..limit (else the next round number over supported cells).
    """
    layers = map_layers(view)
    limit = limit or scales.around_zero(view.effects[view.supported])
    figure = canvas.blank(mode, 460, top=44)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(
            mode, labels.covariate_title(view.x), _span(view.x_values, view.pool_x), grid=False
        ),
        yaxis=canvas.axis(
            mode, labels.covariate_title(view.y), _span(view.y_values, view.pool_y), grid=False
        ),
    )
    _add_ground(figure, mode)
    _add_hatch(figure, hatch_lines(layers.standing == OUTSIDE, view.x_values, view.y_values), mode)
    _add_effects(figure, view, layers, mode, limit)
    _add_veil(figure, view, layers, mode)
    _add_runs(figure, view, mode)
    _add_pool(figure, view, mode)
    _add_key(figure, mode)
    return figure


def _span(grid: Array, pool: float) -> tuple[float, float]:
    """The grid's range, widened where the chosen pool stands beyond it."""
    low, high = float(grid[0]), float(grid[-1])
    air = 0.03 * (high - low)
    return (pool - air if pool < low else low), (pool + air if pool > high else high)


def _add_ground(figure: go.Figure, mode: Mode) -> None:
    """Grey under everything: it shows wherever the map carries no number."""
    figure.add_shape(
        type="rect", x0=0, x1=1, y0=0, y1=1, xref="x domain", yref="y domain", layer="below",
        line={"width": 0}, fillcolor=theme(mode).unsupported,
    )  # fmt: skip


def _add_effects(figure: go.Figure, view: CateMap, layers: MapLayers, mode: Mode, limit: float) -> None:
    digits = labels.digits_within(limit)
    title = labels.in_unit(f"per +1 pp of {labels.short(view.domain)}", view.unit)
    figure.add_contour(
        x=scales.float32(view.x_values),
        y=scales.float32(view.y_values),
        z=layers.effects,
        zmin=-limit,
        zmax=limit,
        zauto=False,
        autocontour=False,
        colorscale=colour_scale(theme(mode).diverging),
        # One level at 0: the colours are the map, the only line drawn is "no effect".
        contours={"coloring": "heatmap", "start": 0, "end": 0, "size": 1, "showlines": True},
        line={"color": theme(mode).ink, "width": 1.6, "smoothing": 1},
        connectgaps=False,
        hoverongaps=False,
        customdata=layers.half_width,
        hovertemplate=(
            f"{labels.covariate_title(view.x)}: %{{x:,.3~r}}<br>{labels.covariate_title(view.y)}: %{{y:,.3~r}}"
            f"<br>per +1 pp: %{{z:+.{digits}f}} {labels.safe(view.unit)}"
            f"<br>{numbers.level_percent(view.level)} interval: ± %{{customdata:.{digits}f}}<extra></extra>"
        ),
        colorbar=canvas.signed_colour_bar(mode, title, limit),
        showlegend=False,
        name="effect",
    )


def _add_veil(figure: go.Figure, view: CateMap, layers: MapLayers, mode: Mode) -> None:
    colours = theme(mode)
    figure.add_contour(
        x=scales.float32(view.x_values),
        y=scales.float32(view.y_values),
        z=layers.doubt,
        autocontour=False,
        # Plotly shades where the constraint fails: doubt >= 0, the interval includes 0.
        contours={"type": "constraint", "operation": "<", "value": 0},
        fillcolor=see_through(colours.page, 0.55),
        line={"color": colours.muted, "width": 1.2, "dash": "dot"},
        connectgaps=False,
        showscale=False,
        hoverinfo="skip",
        showlegend=False,
        name="interval includes 0",
    )


def _add_hatch(figure: go.Figure, strokes: tuple[Array, Array], mode: Mode) -> None:
    figure.add_scatter(
        x=scales.float32(strokes[0]),
        y=scales.float32(strokes[1]),
        mode="lines",
        line={"color": theme(mode).hatch, "width": 1},
        hoverinfo="skip",
        showlegend=False,
        name="hatch",
    )


def _add_runs(figure: go.Figure, view: CateMap, mode: Mode) -> None:
    keep = scales.thinned(len(view.run_x), MOST_RUNS)
    figure.add_scatter(
        x=scales.float32(view.run_x[keep]),
        y=scales.float32(view.run_y[keep]),
        mode="markers",
        marker={"size": 3.5, "color": see_through(theme(mode).ink, 0.4), "line": {"width": 0}},
        hoverinfo="skip",
        name="runs",
    )


def _add_pool(figure: go.Figure, view: CateMap, mode: Mode) -> None:
    colours = theme(mode)
    figure.add_scatter(
        x=[view.pool_x],
        y=[view.pool_y],
        mode="markers",
        marker={
            "symbol": "cross",
            "size": 15,
            "color": colours.ink,
            "line": {"color": colours.page, "width": 2},
        },
        hoverinfo="skip",
        name="this pool",
    )


def _add_key(figure: go.Figure, mode: Mode) -> None:
    """Legend entries for what is drawn as area or line; they carry no data."""
    colours = theme(mode)
    figure.add_scatter(
        x=[None], y=[None], mode="lines", line={"color": colours.ink, "width": 1.6}, name="no effect"
    )
    faint = colours.diverging[6]
    swatches = (
        ("interval includes 0", faint, "square"),
        ("outside the runs", colours.unsupported, "square-x"),
    )
    for name, fill, symbol in swatches:
        marker = {"symbol": symbol, "size": 11, "color": fill, "line": {"color": colours.hatch, "width": 1}}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=name)


def alt_cate_map(view: CateMap) -> str:
    """One sentence: the range of the effect, how much of the map is known, the nearest cell's effect."""
    standing = map_layers(view).standing
    inside = standing != OUTSIDE
    head = (
        f"Map of the effect of {view.domain} over {covariates.covariate_words(view.x)} "
        f"and {covariates.covariate_words(view.y)}"
    )
    if not inside.any():
        return f"{head}: every cell lies outside the runs."
    effects = view.effects[inside]
    digits = numbers.decimals_for(scales.around_zero(effects))
    return (
        f"{head}: from {numbers.signed(effects.min(), digits)} to {numbers.signed(effects.max(), digits)}{labels.after(view.unit)} "
        f"per percentage point; the interval excludes 0 on {100 * (standing == CLEAR).mean():.0f} % of the map "
        f"and {100 * (standing == OUTSIDE).mean():.0f} % lies outside the runs."
    )
