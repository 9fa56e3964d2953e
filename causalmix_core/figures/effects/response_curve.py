"""Gain over the anchor along one domain's share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import band, canvas, labels
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.effects.views import ResponseCurve


def response_curve_figure(
    view: ResponseCurve, *, mode: Mode, colour: str | None = None, limits: tuple[float, float] | None = None
) -> go.Figure:
    """Line with band over the share in percent; the runs' range shaded, the anchor an open circle.

    ``colour`` is the domain's (else the accent); ``limits`` fixes the vertical range.
    """
    colour = colour or theme(mode).accent
    low, high = limits or band.limits(view.lower, view.upper, view.supported)
    digits = labels.digits_within(max(abs(low), abs(high)))
    figure = canvas.blank(mode, 320, top=30)
    canvas.lay_out(figure,
        xaxis=canvas.axis(
            mode, f"share of {labels.short(view.domain)} (%)",
            (100 * view.shares[0], 100 * view.shares[-1]), grid=False,
        ),
        yaxis=canvas.axis(mode, labels.in_unit("gain over the anchor", view.unit), (low, high), nticks=6),
    )  # fmt: skip
    _add_range_of_runs(figure, view, mode)
    canvas.horizontal_rule(figure, mode, 0.0)
    share = 100 * view.shares
    band.add_band(figure, share, view.lower, view.upper, view.supported, colour)
    band.add_line(figure, share, view.gains, view.supported, colour, _hover(view, digits))
    band.add_rug(figure, mode, 100 * view.run_shares, low + 0.025 * (high - low))
    _add_anchor(figure, view, mode, colour)
    return figure


def _add_range_of_runs(figure: go.Figure, view: ResponseCurve, mode: Mode) -> None:
    if not len(view.run_shares):
        return
    low, high = 100 * float(view.run_shares.min()), 100 * float(view.run_shares.max())
    figure.add_shape(
        type="rect", x0=low, x1=high, y0=0, y1=1, yref="y domain", layer="below",
        line={"width": 0}, fillcolor=see_through(theme(mode).neutral, 0.13),
    )  # fmt: skip
    canvas.note(
        figure, mode, "range of the runs", x=high, y=0.08, yref="y domain", xanchor="right", yanchor="bottom"
    )


def _add_anchor(figure: go.Figure, view: ResponseCurve, mode: Mode, colour: str) -> None:
    canvas.vertical_rule(figure, mode, 100 * view.anchor_share, dash="dash")
    text = f"anchor {numbers.percent(view.anchor_share)}"
    canvas.above(figure, mode, text, 100 * view.anchor_share, figure.layout.xaxis.range)
    figure.add_scatter(
        x=[100 * view.anchor_share],
        y=[0.0],
        mode="markers",
        marker={
            "symbol": "circle",
            "size": 12,
            "color": theme(mode).page,
            "line": {"color": colour, "width": 2.5},
        },
        hoverinfo="skip",
        name="anchor",
    )


def _hover(view: ResponseCurve, digits: int) -> list[str]:
    return [
        f"share: {numbers.percent(share)}"
        f"<br>gain: {numbers.signed(gain, digits)} {labels.safe(view.unit)}"
        f"<br>{numbers.level_percent(view.level)} interval: {labels.interval(lower, upper, digits)}"
        f"{'' if inside else '<br>outside the runs'}"
        for share, gain, lower, upper, inside in zip(
            view.shares, view.gains, view.lower, view.upper, view.supported, strict=True
        )
    ]


def alt_response_curve(view: ResponseCurve) -> str:
    """One sentence: the anchor's share, and where along the runs the gain is largest."""
    inside = np.flatnonzero(view.supported) if view.supported.any() else np.arange(len(view.shares))
    best = inside[np.argmax(view.gains[inside])]
    digits = numbers.decimals_for(*(float(y[best]) for y in (view.gains, view.lower, view.upper)))
    return (
        f"Gain over the anchor as the share of {view.domain} changes from its {numbers.percent(view.anchor_share)}, "
        f"the rest pro rata: within the runs it is largest at {numbers.percent(view.shares[best])} with "
        f"{numbers.signed(view.gains[best], digits)}{labels.after(view.unit)} ({numbers.level_percent(view.level)} interval "
        f"{labels.interval(view.lower[best], view.upper[best], digits)})."
    )
