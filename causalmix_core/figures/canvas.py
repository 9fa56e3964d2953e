"""The empty chart all others start from: transparent, no title, explicit fonts, grid and ranges."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from causalmix_core.delivery import numbers
from causalmix_core.figures import labels
from causalmix_core.figures.theme import FONT, TRANSPARENT, Mode, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = 12
# Rows are tall up to this number of domains.
ROOMY = 24


def blank(
    mode: Mode, height: int, *, left: int = 12, right: int = 16, top: int = 14, bottom: int = 12
) -> go.Figure:
    """A figure without traces; ``height`` and margins in pixels, the width is the container's."""
    colours = theme(mode)
    return go.Figure(
        layout={
            # An empty template keeps Plotly's own (6 KiB of defaults) out of every message.
            "template": go.layout.Template(layout={}),
            "paper_bgcolor": TRANSPARENT,
            "plot_bgcolor": TRANSPARENT,
            "height": height,
            "margin": {"l": left, "r": right, "t": top, "b": bottom},
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "hoverlabel": {
                "bgcolor": colours.page,
                "bordercolor": colours.rule,
                "align": "left",
                "font": {"family": FONT, "size": 13, "color": colours.ink},
            },
            "colorway": list(colours.categorical),
            "barmode": "overlay",
            "showlegend": False,
            "dragmode": False,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "font": {"size": SMALL, "color": colours.muted},
                "bgcolor": TRANSPARENT,
                "itemclick": False,
                "itemdoubleclick": False,
                "itemsizing": "trace",
            },
        }
    )


def lay_out(figure: go.Figure, **parts: Any) -> None:
    """Set parts of the layout, each as a whole; ``margin_r`` and the like set one number of a part.

    In place of ``update_layout``: that merges, and walks all of the layout to do so, which takes most of a figure's time.
    """
    for name, value in parts.items():
        figure.layout[name] = value


def axis(
    mode: Mode, title: str, limits: tuple[float, float], *, grid: bool = True, **more: Any
) -> dict[str, Any]:
    """One axis with a fixed range; ``more`` overrides single settings."""
    colours = theme(mode)
    return {
        "title": {"text": title, "font": {"size": 13, "color": colours.muted}, "standoff": 8},
        "range": list(limits),
        "autorange": False,
        "fixedrange": True,
        "automargin": True,
        "tickangle": 0,
        "showgrid": grid,
        "gridcolor": colours.grid,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": colours.muted},
        **more,
    }


def row_axis(mode: Mode, names: Sequence[str]) -> dict[str, Any]:
    """Vertical axis with one named row each, the first on top."""
    count = len(names)
    return axis(
        mode,
        "",
        (count - 0.5, -0.5),
        grid=False,
        tickmode="array",
        tickvals=np.arange(count),
        ticktext=[labels.short(name) for name in names],
        tickfont={"size": 13, "color": theme(mode).ink},
        ticklabelstandoff=6,
    )


def row_height(count: int, tall: int = 38) -> int:
    """Pixels a row gets: roomy for a few domains, tight for many."""
    return tall if count <= ROOMY else 22


def vertical_rule(
    figure: go.Figure, mode: Mode, x: float, *, dash: str = "solid", width: float = 1.2
) -> None:
    """A line over the whole height at ``x``, behind the traces."""
    line = {"color": theme(mode).rule, "width": width, "dash": dash}
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="y domain", layer="below", line=line)


def horizontal_rule(figure: go.Figure, mode: Mode, y: float) -> None:
    """A line over the whole width at ``y``, behind the traces."""
    line = {"color": theme(mode).rule, "width": 1.2}
    figure.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=y, y1=y, layer="below", line=line)


def note(figure: go.Figure, mode: Mode, text: str, **place: Any) -> None:
    """A small direct label; ``place`` is the annotation's position."""
    colours = theme(mode)
    figure.add_annotation(
        text=text,
        showarrow=False,
        font={"size": SMALL, "color": colours.muted, "family": FONT},
        **place,
    )


def above(figure: go.Figure, mode: Mode, text: str, x: float, limits: tuple[float, float]) -> None:
    """A label over the chart at ``x``, turned inwards near the ends of the axis ``limits``."""
    place = (x - limits[0]) / (limits[1] - limits[0])
    side = "left" if place < 0.1 else "right" if place > 0.9 else "center"
    note(figure, mode, text, x=x, y=1, yref="y domain", xanchor=side, yanchor="bottom")


def row_texts(figure: go.Figure, mode: Mode, x: float, texts: Sequence[str]) -> None:
    """One value label per row right of ``x``; the right margin grows to hold the longest."""
    lines = [len(html.unescape(re.sub("<[^>]*>", "", line))) for text in texts for line in text.split("<br>")]
    lay_out(figure, margin_r=22 + 7 * max(lines, default=0))
    figure.add_scatter(
        x=np.full(len(texts), x),
        y=np.arange(len(texts)),
        mode="text",
        text=["&nbsp;" + text.replace("<br>", "<br>&nbsp;") for text in texts],
        textposition="middle right",
        textfont={"size": 13, "color": theme(mode).ink, "family": FONT},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
        name="labels",
    )


def muted_text(mode: Mode, text: str) -> str:
    """``text`` in the second rank, for use inside a label."""
    return f'<span style="font-size:11px;color:{theme(mode).muted}">{text}</span>'


def signed_colour_bar(mode: Mode, title: str, limit: float, **more: Any) -> dict[str, Any]:
    """:func:`colour_bar` from -limit to limit, labelled at the ends, the halves and 0."""
    ticks = np.linspace(-limit, limit, 5)
    digits = numbers.decimals_for(limit / 2)
    return colour_bar(
        mode,
        title,
        tickmode="array",
        tickvals=ticks,
        ticktext=[numbers.signed(t, digits) for t in ticks],
        **more,
    )


def colour_bar(mode: Mode, title: str, **more: Any) -> dict[str, Any]:
    """A slim colour bar at the right with its title turned along it."""
    colours = theme(mode)
    return {
        "title": {"text": title, "side": "right", "font": {"size": SMALL, "color": colours.muted}},
        "thickness": 12,
        "outlinewidth": 0,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": colours.muted},
        **more,
    }
