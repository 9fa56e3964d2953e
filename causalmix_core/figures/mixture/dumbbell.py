"""Shares before and after: anchor open circle, proposal a filled mark that points the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, domain_colours, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Bounds come from percentages that people type; a millionth of a percent is their equality.
_SAME = 1e-8


def bound_words(shares: Array, lower: Array, upper: Array, supplied: Bools | None = None) -> list[str]:
    """(K,) what holds each share: "locked", "at its floor", "at its cap", "at its supply" or nothing.

    ``supplied`` (K,) is True where the cap is what there is to train on; nothing is there where it is 0.
    """

    def word(share: float, low: float, high: float, supply: bool) -> str:
        if supply and high <= _SAME:
            return "not in the pool"
        if high - low <= _SAME:
            return "locked"
        if low > 0 and share - low <= _SAME:
            return "at its floor"
        at_cap = high < 1 and high - share <= _SAME
        return ("at its supply" if supply else "at its cap") if at_cap else ""

    by_supply = np.zeros(len(shares), dtype=bool) if supplied is None else supplied
    return [word(*row) for row in zip(shares, lower, upper, by_supply, strict=True)]


def share_texts(anchor: Array, shares: Array) -> list[str]:
    """(K,) ``20.0 → 26.4 %``; each column of numbers adds to 100.0."""
    before, after = (numbers.percentages([float(s) for s in mixture]) for mixture in (anchor, shares))
    return [f"{old} → {new} %" for old, new in zip(before, after, strict=True)]


def dumbbell_figure(
    domains: Sequence[str],
    anchor: Array,
    shares: Array,
    lower: Array,
    upper: Array,
    *,
    mode: Mode,
    limit: float | None = None,
    colours: Mapping[str, str] | None = None,
    supplied: Bools | None = None,
) -> go.Figure:
    """One row a domain, shares in percent; all arrays (K,) in 0..1.

    ``supplied`` (K,) marks the caps that come from what there is to train on.

    ``limit`` (a share) is the right end of the axis, else the next round number: pass the
    largest share any radius may reach and nothing jumps when the radius moves.
    """
    painted = colours or domain_colours(domains, mode, anchor)
    tints = [painted[d] for d in domains]
    right = (
        100 * limit
        if limit
        else min(100.0, scales.nice_ceiling(105 * float(max(anchor.max(), shares.max()))))
    )
    figure = canvas.blank(mode, 86 + canvas.row_height(len(domains), 42) * len(domains), top=32)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, "share of the mixture (%)", (-0.02 * right, 1.02 * right)),
        yaxis=canvas.row_axis(mode, domains),
    )
    by_supply = np.zeros(len(domains), dtype=bool) if supplied is None else supplied
    own = np.where(by_supply, 1.0, upper)
    _add_bounds(figure, 100 * lower, 100 * own, theme(mode).rule, right, "floor, cap")
    if by_supply.any():
        supply = np.where(by_supply, upper, 1.0)
        _add_bounds(figure, np.zeros(len(domains)), 100 * supply, theme(mode).accent, right, "supply")
    _add_moves(figure, 100 * anchor, 100 * shares, tints)
    _add_ends(figure, mode, 100 * anchor, 100 * shares, tints, _hover(domains, anchor, shares, lower, upper))
    held = bound_words(shares, lower, upper, by_supply)
    texts = [
        f"<b>{text}</b>" + (f"<br>{canvas.muted_text(mode, word)}" if word else "")
        for text, word in zip(share_texts(anchor, shares), held, strict=True)
    ]
    canvas.row_texts(figure, mode, 1.02 * right, texts)
    return figure


def _add_moves(figure: go.Figure, anchor: Array, shares: Array, tints: list[str]) -> None:
    figure.add_bar(
        base=np.minimum(anchor, shares),
        x=np.abs(shares - anchor),
        y=np.arange(len(anchor)),
        orientation="h",
        width=0.13,
        marker={"color": [see_through(tint, 0.5) for tint in tints], "line": {"width": 0}},
        hoverinfo="skip",
        showlegend=False,
        name="move",
    )


def _add_bounds(figure: go.Figure, lower: Array, upper: Array, colour: str, right: float, name: str) -> None:
    """Brackets ``[`` and ``]`` at the floors and caps that differ from 0 and 100 %."""
    xs: list[float] = []
    ys: list[float] = []
    tick = 0.008 * right
    for row, (low, high) in enumerate(zip(lower, upper, strict=True)):
        for at, foot in ((low, tick), (high, -tick)):
            if not 0 < at < min(100.0, right + tick):
                continue
            xs += [at + foot, at, at, at + foot, np.nan]
            ys += [row - 0.3, row - 0.3, row + 0.3, row + 0.3, np.nan]
    figure.add_scatter(
        x=np.asarray(xs),
        y=np.asarray(ys),
        mode="lines",
        line={"color": colour, "width": 1.8},
        hoverinfo="skip",
        showlegend=bool(xs),
        legendrank=2000,
        name=name,
    )


def _add_ends(
    figure: go.Figure, mode: Mode, anchor: Array, shares: Array, tints: list[str], hover: list[str]
) -> None:
    page, rows = theme(mode).page, np.arange(len(anchor))
    figure.add_scatter(
        x=anchor,
        y=rows,
        mode="markers",
        marker={"symbol": "circle", "size": 11, "color": page, "line": {"color": tints, "width": 2}},
        hovertext=hover,
        hoverinfo="text",
        name="anchor",
    )
    # A tenth of a percent is what the labels can show: below it nothing has moved.
    moved = np.where(np.abs(shares - anchor) < 0.05, 0, np.sign(shares - anchor)).astype(int)
    figure.add_scatter(
        x=shares,
        y=rows,
        mode="markers",
        marker={
            "symbol": [("circle", "triangle-right", "triangle-left")[step] for step in moved],
            "size": [(9, 15, 15)[step] for step in moved],
            "color": tints,
            # Sizes given as an array would otherwise make every mark see-through.
            "opacity": 1,
            "line": {"color": page, "width": 1.2},
        },
        hovertext=hover,
        hoverinfo="text",
        name="proposed",
    )


def _hover(domains: Sequence[str], anchor: Array, shares: Array, lower: Array, upper: Array) -> list[str]:
    return [
        f"<b>{labels.safe(domain)}</b><br>anchor: {numbers.percent(old)}<br>proposed: {numbers.percent(new)}"
        f"<br>change: {numbers.signed(100 * (new - old), 1)} pp"
        f"<br>bounds: {100 * low:.1f}…{100 * high:.1f} %"
        for domain, old, new, low, high in zip(domains, anchor, shares, lower, upper, strict=True)
    ]


def alt_dumbbell(domains: Sequence[str], anchor: Array, shares: Array) -> str:
    """One sentence: every domain's share before and after, largest moves first, five at most."""
    order = np.argsort(-np.abs(shares - anchor), kind="stable")[:5]
    texts = share_texts(anchor, shares)
    moves = "; ".join(f"{domains[i]} {texts[i].replace('→', 'to')}" for i in order)
    left = len(domains) - len(order)
    return f"Shares from the anchor to the proposed mixture: {moves}" + (
        f"; and {left} more." if left else "."
    )
