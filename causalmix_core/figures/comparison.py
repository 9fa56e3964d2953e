"""Dot plot of a comparison: how much of what the mixture does each estimator foretells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.effects.compared import Compared, Comparison

FLOOR = -0.5  # worse than that is drawn at the edge: how much worse does not matter
_DECIMALS = 2


def comparison_figure(found: Comparison, *, mode: Mode) -> go.Figure:
    """One row an estimator, simplest on top: mixture R2 with its interval, values at the right.

    Filled dots: within noise of the best. Open dots: clearly behind. The dashed line is the best;
    the chosen estimator is in the accent colour.
    """
    colours = theme(mode)
    rows = found.estimators
    low = max(min(0.0, *(row.mixture_r2.lower for row in rows)), FLOOR)
    limits = (low - 0.04, max(1.0, *(row.mixture_r2.upper for row in rows)) + 0.02)
    figure = canvas.blank(mode, 64 + canvas.row_height(len(rows), 32) * len(rows))
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, "← nothing foretold   mixture R² on runs left out   all foretold →", limits),
        yaxis=canvas.row_axis(mode, [row.name for row in rows]),
    )
    canvas.vertical_rule(figure, mode, 0.0)
    canvas.vertical_rule(figure, mode, found.of(found.best).mixture_r2.value, dash="dash")
    tints = [colours.accent if row.name == found.chosen else colours.neutral for row in rows]
    ends = np.clip([[row.mixture_r2.lower, row.mixture_r2.upper] for row in rows], low, None)
    figure.add_bar(
        base=ends[:, 0],
        x=ends[:, 1] - ends[:, 0],
        y=np.arange(len(rows)),
        orientation="h",
        width=0.16,
        marker={"color": [see_through(t, 0.45) for t in tints], "cornerradius": 4, "line": {"width": 0}},
        hoverinfo="skip",
        name="interval",
    )
    figure.add_scatter(
        x=np.clip([row.mixture_r2.value for row in rows], low, None),
        y=np.arange(len(rows)),
        mode="markers",
        marker={
            "size": 12,
            "symbol": ["circle" if row.mixture_r2.value >= low else "triangle-left" for row in rows],
            "color": [t if row.within_noise else colours.page for row, t in zip(rows, tints, strict=True)],
            "line": {"color": tints, "width": 2},
        },
        hovertext=[_hover(row, found.level) for row in rows],
        hoverinfo="text",
        name="mixture R²",
    )
    canvas.row_texts(figure, mode, limits[1], [_value(row, mode) for row in rows])
    return figure


def _value(row: Compared, mode: Mode) -> str:
    spread = labels.interval(row.mixture_r2.lower, row.mixture_r2.upper, _DECIMALS)
    return f"<b>{numbers.plain(row.mixture_r2.value, _DECIMALS)}</b> {canvas.muted_text(mode, spread)}"


def _hover(row: Compared, level: float) -> str:
    words = "within noise of the best" if row.within_noise else "clearly behind the best"
    behind = labels.interval(row.behind.lower, row.behind.upper, _DECIMALS)
    return (
        f"<b>{labels.safe(row.name)}</b><br>{words}"
        f"<br>behind by {numbers.plain(row.behind.value, _DECIMALS)} "
        f"({numbers.level_percent(level)} interval {behind})"
        f"<br>a fit takes {numbers.duration(row.seconds)}"
    )


def alt_comparison(found: Comparison) -> str:
    """One sentence: how many were compared, the best, and who is within noise of it."""
    near = [row.name for row in found.estimators if row.within_noise and row.name != found.best]
    beside = ", ".join(near) if near else "none"
    return (
        f"Mixture R² of {len(found.estimators)} estimators on {found.n_runs:,} runs held out in {found.folds} folds: "
        f"best is {found.best} with {numbers.plain(found.of(found.best).mixture_r2.value, _DECIMALS)}; "
        f"within noise of it: {beside}; chosen: {found.chosen}."
    )
