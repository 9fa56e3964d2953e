"""Dots and whiskers: what each method gained over the anchor on pools that no run had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.delivery.study_findings import between, milli
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.delivery.study_findings import Findings, GroupGains, MethodGain

MILLI = 1000.0
_SYMBOLS = {"own": "circle", "privileged": "diamond-open", "rival": "circle-open"}


def study_figure(found: Findings, group: GroupGains, *, mode: Mode) -> go.Figure:
    """One row a method, best on top: mean gain over the anchor with its interval, in thousandths.

    Filled dots are the product's own, open ones rivals, diamonds know what nobody knows of a real pool; the headline
    method is in the accent colour.
    """
    colours, rows = theme(mode), ranked(group)
    ends = MILLI * np.array([_ends(row) for row in rows])
    limits = scales.range_with_zero(float(ends.min()), float(ends.max()))
    figure = canvas.blank(mode, 84 + canvas.row_height(len(rows), 30) * len(rows), top=28)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(
            mode, "← worse   gain over the anchor, thousandths of a bit per byte   better →", limits
        ),
        yaxis=canvas.row_axis(mode, [row.method for row in rows]),
    )
    canvas.vertical_rule(figure, mode, 0.0, width=2.4)
    canvas.above(figure, mode, labels.safe(found.anchor_title), 0.0, limits)
    tints = [colours.accent if row.method == found.headline else colours.neutral for row in rows]
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
        x=[MILLI * row.mean for row in rows],
        y=np.arange(len(rows)),
        mode="markers",
        marker={
            "size": 11,
            "symbol": [_SYMBOLS.get(row.kind, "circle-open") for row in rows],
            "color": tints,
            "line": {"color": tints, "width": 2},
        },
        hovertext=[_hover(row) for row in rows],
        hoverinfo="text",
        name="mean gain",
    )
    canvas.row_texts(figure, mode, limits[1], [_value(row, mode) for row in rows])
    return figure


def ranked(group: GroupGains) -> list[MethodGain]:
    """The methods of a group, the largest mean gain first."""
    return sorted(group.methods, key=lambda row: (-row.mean, row.method))


def _ends(row: MethodGain) -> tuple[float, float]:
    """The interval, or the mean twice where one pool has none."""
    return (row.mean, row.mean) if np.isnan(row.low) else (row.low, row.high)


def _value(row: MethodGain, mode: Mode) -> str:
    interval = between(row)
    return milli(row.mean) + (f" {canvas.muted_text(mode, interval)}" if interval else "")


def _hover(row: MethodGain) -> str:
    said = labels.safe(row.words)
    return (
        f"<b>{labels.safe(row.method)}</b>{f'<br>{said}' if said else ''}<br>better than the anchor in {row.wins} of "
        f"{row.pools} pools, worst pool {milli(row.worst)}"
    )


def alt_study(found: Findings, group: GroupGains) -> str:
    """One sentence: the best and the worst method on a group of pools."""
    rows = ranked(group)
    best, worst = rows[0], rows[-1]
    return (
        f"Mean gain over {found.anchor_title} of {numbers.thousands(len(rows))} methods on {group.pools} {group.group} pools, "
        f"in thousandths of a bit per byte: {best.method} {milli(best.mean)} first, {worst.method} {milli(worst.mean)} last."
    )
