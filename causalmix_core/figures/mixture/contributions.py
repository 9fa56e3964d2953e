"""What each domain's change brings: a waterfall from the anchor to the gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, domain_colours, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def steps(contributions: Array) -> tuple[Array, Array]:
    """(K + 1,) start and end of each bar: domain after domain, the last one the whole gain."""
    ends = np.cumsum(contributions)
    starts = np.concatenate([[0.0], ends[:-1], [0.0]])
    return starts, np.concatenate([ends, ends[-1:]])


def contributions_figure(
    domains: Sequence[str],
    contributions: Array,
    *,
    mode: Mode,
    unit: str = "",
    limits: tuple[float, float] | None = None,
    colours: Mapping[str, str] | None = None,
) -> go.Figure:
    """Waterfall in domain order; ``contributions`` (K,) in outcome units, striped where negative.

    The last row is their sum, the gain. ``limits`` fixes the axis.
    """
    painted = colours or domain_colours(domains, mode)
    starts, ends = steps(contributions)
    low, high = limits or scales.range_with_zero(float(ends.min()), float(ends.max()), air=0.0)
    high += 0.02 * (high - low)
    digits = labels.digits_within(max(abs(low), abs(high)))
    rows = [*domains, "gain"]
    sizes = np.append(contributions, ends[-1])
    figure = canvas.blank(mode, 64 + canvas.row_height(len(rows), 32) * len(rows))
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, labels.in_unit("gain over the anchor", unit), (low, high)),
        yaxis=canvas.row_axis(mode, rows),
    )
    canvas.vertical_rule(figure, mode, 0.0)
    _add_joints(figure, ends, mode)
    figure.add_bar(
        base=np.minimum(starts, ends),
        x=np.abs(ends - starts),
        y=np.arange(len(rows)),
        orientation="h",
        width=0.56,
        marker={
            "color": [*(painted[d] for d in domains), theme(mode).muted],
            "line": {"width": 0},
            "cornerradius": 2,
            "pattern": {
                "shape": ["/" if size < 0 else "" for size in sizes],
                "fgcolor": theme(mode).page,
                "fillmode": "overlay",
                "size": 7,
                "solidity": 0.3,
            },
        },
        hovertext=[
            f"<b>{labels.safe(row)}</b><br>{numbers.signed(size, digits)} {labels.safe(unit)}"
            for row, size in zip(rows, sizes, strict=True)
        ],
        hoverinfo="text",
        name="contribution",
    )
    *parts, total = (numbers.signed(size, digits) for size in sizes)
    canvas.row_texts(figure, mode, high, [*parts, f"<b>{total}</b>"])
    return figure


def _add_joints(figure: go.Figure, ends: Array, mode: Mode) -> None:
    """Thin lines from the end of one bar to the start of the next."""
    rows = np.arange(len(ends) - 1)
    gaps = np.full(len(rows), np.nan)
    figure.add_scatter(
        x=np.stack([ends[:-1], ends[:-1], gaps], axis=1).ravel(),
        y=np.stack([rows, rows + 1, gaps], axis=1).ravel(),
        mode="lines",
        line={"color": theme(mode).rule, "width": 1},
        hoverinfo="skip",
        name="joints",
    )


def alt_contributions(domains: Sequence[str], contributions: Array, unit: str = "") -> str:
    """One sentence: the gain and the three changes that bring most of it."""
    order = np.argsort(-np.abs(contributions), kind="stable")[:3]
    digits = numbers.decimals_for(float(np.abs(contributions).max(initial=0.0)))
    named = ", ".join(f"{domains[i]} {numbers.signed(contributions[i], digits)}" for i in order)
    total = numbers.signed(float(contributions.sum()), digits)
    return f"The gain of {total}{labels.after(unit)} by domain, the largest parts first: {named}."
