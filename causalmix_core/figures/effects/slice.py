"""Effect of one domain along one covariate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import covariates, numbers
from causalmix_core.figures import band, canvas, labels, scales
from causalmix_core.figures.theme import Mode, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.effects.views import Slice


def effect_at_pool(view: Slice) -> tuple[float, float, float]:
    """Effect, lower and upper at the chosen pool, linear between grid values."""
    at = [float(np.interp(view.pool_value, view.values, y)) for y in (view.effects, view.lower, view.upper)]
    return at[0], at[1], at[2]


def slice_figure(
    view: Slice, *, mode: Mode, colour: str | None = None, limits: tuple[float, float] | None = None
) -> go.Figure:
    """Line with band, the runs as a rug, the chosen pool as a vertical line with its value.

    ``colour`` is the domain's (else the accent); ``limits`` fixes the vertical range.
    """
    colour = colour or theme(mode).accent
    low, high = limits or band.limits(view.lower, view.upper, view.supported)
    digits = labels.digits_within(max(abs(low), abs(high)))
    span = scales.padded(np.append(view.values, view.pool_value), 0.01)
    figure = canvas.blank(mode, 320, top=30)
    title = labels.in_unit(f"per +1 pp of {labels.short(view.domain)}", view.unit)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, labels.covariate_title(view.covariate), span, grid=False),
        yaxis=canvas.axis(mode, title, (low, high), nticks=6),
    )
    canvas.horizontal_rule(figure, mode, 0.0)
    band.add_band(figure, view.values, view.lower, view.upper, view.supported, colour)
    band.add_line(figure, view.values, view.effects, view.supported, colour, _hover(view, digits))
    band.add_rug(figure, mode, view.run_values, low + 0.025 * (high - low))
    _add_pool(figure, view, mode, colour, digits)
    return figure


def _hover(view: Slice, digits: int) -> list[str]:
    return [
        f"{labels.covariate_title(view.covariate)}: {covariates.value(value)}"
        f"<br>per +1 pp: {numbers.signed(effect, digits)} {labels.safe(view.unit)}"
        f"<br>{numbers.level_percent(view.level)} interval: {labels.interval(lower, upper, digits)}"
        f"{'' if inside else '<br>outside the runs'}"
        for value, effect, lower, upper, inside in zip(
            view.values, view.effects, view.lower, view.upper, view.supported, strict=True
        )
    ]


def _add_pool(figure: go.Figure, view: Slice, mode: Mode, colour: str, digits: int) -> None:
    canvas.vertical_rule(figure, mode, view.pool_value, dash="dash")
    effect = effect_at_pool(view)[0]
    figure.add_scatter(
        x=[view.pool_value],
        y=[effect],
        mode="markers",
        marker={
            "size": 12,
            "symbol": "circle",
            "color": colour,
            "line": {"color": theme(mode).page, "width": 2},
        },
        hoverinfo="skip",
        name="this pool",
    )
    text = f"this pool {numbers.signed(effect, digits)}"
    canvas.above(figure, mode, text, view.pool_value, figure.layout.xaxis.range)


def alt_slice(view: Slice) -> str:
    """One sentence: where the effect starts and ends along the runs, and its value at the pool."""
    inside = view.supported if view.supported.any() else np.ones(len(view.values), dtype=bool)
    values, effects = view.values[inside], view.effects[inside]
    digits = numbers.decimals_for(scales.around_zero(view.lower[inside], view.upper[inside]))
    effect, lower, upper = effect_at_pool(view)
    own = numbers.decimals_for(effect, lower, upper)
    return (
        f"Effect of {view.domain} along {covariates.covariate_words(view.covariate)}: from "
        f"{numbers.signed(effects[0], digits)} at {covariates.value(values[0])} to {numbers.signed(effects[-1], digits)} at "
        f"{covariates.value(values[-1])}; at this pool {numbers.signed(effect, own)}{labels.after(view.unit)} per percentage point "
        f"({numbers.level_percent(view.level)} interval {labels.interval(lower, upper, own)})."
    )
