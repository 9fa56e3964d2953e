"""What a quantity depends on over the runs' pools: a row of dots a covariate, a dot a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.delivery.covariates import covariate_words
from causalmix_core.delivery.explanations import r2_words
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, colour_scale, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.explain.views import Drivers

    Array = NDArray[np.float64]

MOST_ROWS = 10
_BINS = 60
_STEP, _HALF_ROW = 0.055, 0.38


def swarm(values: Array, limits: tuple[float, float]) -> Array:
    """(m,) vertical offsets within -0.38..0.38 that keep dots of like value apart."""
    low, high = limits
    place = np.clip(np.floor((values - low) / (high - low) * _BINS), 0, _BINS - 1).astype(np.int64)
    rank = np.zeros(len(values))
    for found in np.unique(place):
        inside = np.flatnonzero(place == found)
        rank[inside] = np.arange(len(inside))
    # 0, 1, -1, 2, -2, ...: every stack grows to both sides of its row.
    offset = np.where(rank % 2 == 1, (rank + 1) / 2, -rank / 2)
    largest = float(np.abs(offset).max(initial=0.0))
    return offset * min(_STEP, _HALF_ROW / largest if largest > 0.0 else _STEP)


def dot_colours(mode: Mode) -> tuple[str, ...]:
    """The sequential scale without its end that fades into the page: dots stand alone."""
    return theme(mode).sequential[3:]


def drivers_figure(view: Drivers, *, mode: Mode, limits: tuple[float, float] | None = None) -> go.Figure:
    """Dots right of the line raise the quantity at their pool, dots left of it lower it.

    A dot's colour is how high the covariate is among the pools; the chosen pool is a diamond; the number at
    the right is the mean size. The ten most important covariates. ``limits`` fixes the axis.
    """
    rows = [int(i) for i in view.order[:MOST_ROWS]]
    drawn = np.vstack([view.values[:, rows], view.here.values[rows]])
    limits = limits or scales.range_with_zero(float(drawn.min()), float(drawn.max()))
    digits = labels.digits_within(max(map(abs, limits)))
    figure = canvas.blank(mode, 100 + 40 * len(rows), top=36)
    title = f"← lowers   {labels.in_unit(view.quantity + ' of ' + labels.short(view.domain), view.unit)}   raises →"
    words = [covariate_words(view.covariates[i]) for i in rows]
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, title, limits, exponentformat="none"),
        yaxis={**canvas.row_axis(mode, words), "ticktext": [labels.short(name, 32) for name in words]},
        coloraxis={
            "colorscale": colour_scale(dot_colours(mode)),
            "cmin": 0,
            "cmax": 1,
            "showscale": False,
        },
    )
    canvas.vertical_rule(figure, mode, 0.0)
    for row, i in enumerate(rows):
        _add_row(figure, view, i, row, limits, digits)
    _add_here(figure, view, rows, mode, digits)
    _add_key(figure, mode)
    sizes = [f"<b>{numbers.plain(float(view.importance[i]), digits)}</b>" for i in rows]
    canvas.row_texts(figure, mode, limits[1], sizes)
    return figure


def _add_row(
    figure: go.Figure, view: Drivers, column: int, row: int, limits: tuple[float, float], digits: int
) -> None:
    states = view.states[:, column]
    rank = np.searchsorted(np.sort(states), states) / max(len(states) - 1, 1)
    figure.add_scatter(
        x=scales.float32(view.values[:, column]),
        y=scales.float32(row + swarm(view.values[:, column], limits)),
        mode="markers",
        marker={
            "size": 6,
            "color": scales.float32(rank),
            "coloraxis": "coloraxis",
            "opacity": 0.85,
            "line": {"width": 0},
        },
        customdata=scales.float32(states),
        hovertemplate=(
            f"<b>{labels.covariate_title(view.covariates[column])}</b>: %{{customdata:,.3~r}}"
            f"<br>%{{x:+.{digits}f}} {labels.safe(view.unit)}<extra></extra>"
        ),
        showlegend=False,
        name="pools",
    )


def _add_here(figure: go.Figure, view: Drivers, rows: list[int], mode: Mode, digits: int) -> None:
    colours = theme(mode)
    figure.add_scatter(
        x=scales.float32(view.here.values[rows]),
        y=np.arange(len(rows)),
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 12,
            "color": colours.ink,
            "line": {"color": colours.page, "width": 2},
        },
        customdata=scales.float32(view.here.state[rows]),
        hovertemplate=f"this pool: %{{customdata:,.3~r}}<br>%{{x:+.{digits}f}} {labels.safe(view.unit)}<extra></extra>",
        name="this pool",
    )


def _add_key(figure: go.Figure, mode: Mode) -> None:
    """Legend entries for the colours; they carry no data."""
    scale = dot_colours(mode)
    for name, colour in (("covariate low among the pools", scale[0]), ("high", scale[-1])):
        figure.add_scatter(x=[None], y=[None], mode="markers", marker={"size": 9, "color": colour}, name=name)


def alt_drivers(view: Drivers) -> str:
    """One sentence: the three covariates that move the quantity most, and how far that holds."""
    digits = numbers.decimals_for(float(view.importance.max(initial=0.0)))
    named = ", ".join(
        f"{covariate_words(view.covariates[i])} {numbers.plain(float(view.importance[i]), digits)}"
        for i in view.order[:3]
    )
    return (
        f"How {len(view.covariates)} covariates move the {view.quantity} of {view.domain} over {len(view.states)} pools; "
        f"mean size in {view.unit or 'outcome units'}, the largest first: {named}; {r2_words(view.r2)} on pools left out."
    )
