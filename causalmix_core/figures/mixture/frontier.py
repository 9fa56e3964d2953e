"""Gain against the trust radius."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.delivery.pictures import radius_text
from causalmix_core.figures import band, canvas, labels, scales
from causalmix_core.figures.theme import Mode, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Metric
    from causalmix_core.decision.result import Frontier

    Array = NDArray[np.float64]

_TITLES: dict[Metric, str] = {
    "tv": "trust radius (% of the data that may move)",
    "kl": "trust radius (KL divergence, nats)",
    "l2": "trust radius (Euclidean distance of shares)",
}


def gain_at(frontier: Frontier, radius: float) -> float:
    """Gain at a radius, linear between those computed."""
    return float(np.interp(radius, frontier.radii, frontier.gains))


def split_at(frontier: Frontier, radius: float | None) -> Frontier:
    """The frontier with a point at ``radius`` (where within range), so that a line may break there."""
    if radius is None or not frontier.radii[0] < radius < frontier.radii[-1] or radius in frontier.radii:
        return frontier
    place = int(np.searchsorted(frontier.radii, radius))

    def with_point(curve: Array) -> Array:
        widened: Array = np.insert(curve, place, np.interp(radius, frontier.radii, curve))
        return widened

    return dataclasses.replace(
        frontier,
        radii=with_point(frontier.radii),
        gains=with_point(frontier.gains),
        lower=with_point(frontier.lower),
        upper=with_point(frontier.upper),
        shares=np.stack([with_point(column) for column in frontier.shares.T], axis=1),
    )


def frontier_figure(
    frontier: Frontier,
    current_radius: float,
    support_radius: float | None = None,
    *,
    mode: Mode,
    unit: str = "",
    metric: Metric = "tv",
    limits: tuple[float, float] | None = None,
) -> go.Figure:
    """Line with band; filled dot at the current radius, open square at the knee, diamond where returns have halved.

    Beyond ``support_radius`` (None: everywhere inside) the mixtures leave the runs: dotted.
    The ranges come from the whole frontier, so moving along it moves only the dot.
    """
    colour = theme(mode).accent
    scale = 100.0 if metric == "tv" else 1.0
    frontier = split_at(frontier, support_radius)
    supported = frontier.radii <= (np.inf if support_radius is None else support_radius)
    low, high = limits or scales.range_with_zero(float(frontier.lower.min()), float(frontier.upper.max()))
    digits = labels.digits_within(max(abs(low), abs(high)))
    last = scale * float(frontier.radii[-1]) or 1.0
    figure = canvas.blank(mode, 320, top=30)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, _TITLES[metric], (-0.015 * last, 1.02 * last), grid=False),
        yaxis=canvas.axis(mode, labels.in_unit("gain over the anchor", unit), (low, high), nticks=6),
    )
    canvas.horizontal_rule(figure, mode, 0.0)
    radii = scale * frontier.radii
    band.add_band(figure, radii, frontier.lower, frontier.upper, supported, colour)
    band.add_line(figure, radii, frontier.gains, supported, colour, _hover(frontier, metric, unit, digits))
    if support_radius is not None and support_radius < frontier.radii[-1]:
        _add_edge_of_runs(figure, mode, scale * support_radius, last)
    _add_marks(figure, frontier, scale, mode)
    _add_current(figure, frontier, current_radius, scale, digits, mode)
    return figure


def _add_edge_of_runs(figure: go.Figure, mode: Mode, x: float, last: float) -> None:
    # The words stand on the side that has room for them.
    text, side = ("beyond the runs →", "left") if x < 0.6 * last else ("← within the runs", "right")
    canvas.vertical_rule(figure, mode, x, dash="dot", width=1)
    canvas.note(figure, mode, text, x=x, y=0.02, yref="y domain", xanchor=side, yanchor="bottom")


def _add_marks(figure: go.Figure, frontier: Frontier, scale: float, mode: Mode) -> None:
    """An open square at the knee, an open diamond where returns have halved; words on either side of the line."""
    marks = (
        ("knee", frontier.knee, "square", "top left"),
        ("returns halved", frontier.half_marginal_radius, "diamond", "bottom right"),
    )
    for name, radius, symbol, side in marks:
        if radius is None:
            continue
        figure.add_scatter(
            x=[scale * radius],
            y=[gain_at(frontier, radius)],
            mode="markers+text",
            marker={
                "symbol": symbol,
                "size": 12 if symbol == "diamond" else 11,
                "color": theme(mode).page,
                "line": {"color": theme(mode).accent, "width": 2},
            },
            text=[name],
            textposition=side,
            textfont={"size": canvas.SMALL, "color": theme(mode).muted},
            hoverinfo="skip",
            name=name,
        )


def _add_current(
    figure: go.Figure, frontier: Frontier, radius: float, scale: float, digits: int, mode: Mode
) -> None:
    colours = theme(mode)
    gain = gain_at(frontier, radius)
    canvas.vertical_rule(figure, mode, scale * radius, dash="dash")
    text = f"<b>now {numbers.signed(gain, digits)}</b>"
    canvas.above(figure, mode, text, scale * radius, figure.layout.xaxis.range)
    figure.add_scatter(
        x=[scale * radius],
        y=[gain],
        mode="markers",
        marker={
            "symbol": "circle",
            "size": 14,
            "color": colours.accent,
            "line": {"color": colours.page, "width": 2},
        },
        hoverinfo="skip",
        name="now",
    )


def _hover(frontier: Frontier, metric: Metric, unit: str, digits: int) -> list[str]:
    return [
        f"radius: {radius_text(radius, metric)}<br>gain: {numbers.signed(gain, digits)} {labels.safe(unit)}"
        f"<br>{numbers.level_percent(frontier.level)} interval: {labels.interval(lower, upper, digits)}"
        for radius, gain, lower, upper in zip(
            frontier.radii, frontier.gains, frontier.lower, frontier.upper, strict=True
        )
    ]


def alt_frontier(frontier: Frontier, current_radius: float, unit: str = "", metric: Metric = "tv") -> str:
    """One sentence: the gain now, at the end of the range, the knee, and where returns have halved."""
    now, last = gain_at(frontier, current_radius), float(frontier.gains[-1])
    half = frontier.half_marginal_radius
    halved = "" if half is None else f"; returns have halved at {radius_text(half, metric)}"
    knee = "" if frontier.knee is None else f"; the curve bends most at {radius_text(frontier.knee, metric)}"
    return (
        f"Gain over the anchor against the trust radius: {numbers.signed(now, numbers.decimals_for(now))}"
        f"{labels.after(unit)} at the current {radius_text(current_radius, metric)}, "
        f"{numbers.signed(last, numbers.decimals_for(last))} at {radius_text(float(frontier.radii[-1]), metric)}"
        f"{knee}{halved}."
    )
