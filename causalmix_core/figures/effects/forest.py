"""Forest plot: the substitution effect of every domain with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.delivery.sentences import verdict
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, domain_colours, faded, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.views import EffectsView

Order = Literal["domain", "effect"]


def row_order(view: EffectsView, order: Order) -> NDArray[np.int64]:
    """(K,) indices of the domains from top to bottom; "effect" puts the most helpful first."""
    if order == "domain":
        return np.arange(len(view.domains))
    return np.argsort(-view.effects, kind="stable")


def forest_figure(
    view: EffectsView,
    *,
    mode: Mode,
    order: Order = "domain",
    limit: float | None = None,
    colours: Mapping[str, str] | None = None,
) -> go.Figure:
    """Dots with interval bars, one row a domain, values written at the right.

    Filled dots: the interval excludes 0. Open, greyed dots: it does not. ``limit`` fixes the
    axis to -limit..limit (else the next round number); ``colours`` names the domains' colours.
    """
    rows = row_order(view, order)
    names = [view.domains[i] for i in rows]
    effects, lower, upper = view.effects[rows], view.lower[rows], view.upper[rows]
    clear = (lower > 0) | (upper < 0)
    painted = colours or domain_colours(view.domains, mode, view.anchor)
    tints = [painted[d] if sure else faded(painted[d], mode) for d, sure in zip(names, clear, strict=True)]
    limit = limit or scales.around_zero(lower, upper)

    figure = canvas.blank(mode, 64 + canvas.row_height(len(rows)) * len(rows))
    title = f"← hurts   {labels.in_unit('improvement per +1 pp', view.unit)}   helps →"
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, title, (-limit, limit)),
        yaxis=canvas.row_axis(mode, names),
    )
    canvas.vertical_rule(figure, mode, 0.0)
    _add_intervals(figure, lower, upper, tints)
    _add_dots(figure, mode, effects, tints, clear, _hover(view, rows, limit))
    canvas.row_texts(figure, mode, limit, _values(effects, lower, upper, mode, limit))
    return figure


def _add_intervals(
    figure: go.Figure, lower: NDArray[np.float64], upper: NDArray[np.float64], tints: list[str]
) -> None:
    # Bars with a base: one trace for all rows, where error bars would need one per colour.
    figure.add_bar(
        base=lower,
        x=upper - lower,
        y=np.arange(len(lower)),
        orientation="h",
        width=0.16,
        marker={
            "color": [see_through(tint, 0.45) for tint in tints],
            "cornerradius": 4,
            "line": {"width": 0},
        },
        hoverinfo="skip",
        name="interval",
    )


def _add_dots(
    figure: go.Figure,
    mode: Mode,
    effects: NDArray[np.float64],
    tints: list[str],
    clear: NDArray[np.bool_],
    hover: list[str],
) -> None:
    page = theme(mode).page
    figure.add_scatter(
        x=effects,
        y=np.arange(len(effects)),
        mode="markers",
        marker={
            "size": 12,
            "symbol": "circle",
            "color": [tint if sure else page for tint, sure in zip(tints, clear, strict=True)],
            "line": {
                "color": [page if sure else tint for tint, sure in zip(tints, clear, strict=True)],
                "width": 2,
            },
        },
        hovertext=hover,
        hoverinfo="text",
        name="effect",
    )


def _values(
    effects: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    mode: Mode,
    limit: float,
) -> list[str]:
    digits = labels.digits_within(limit)
    # Rows for many domains are too low for a second line; the interval is in the hover text.
    second = len(effects) <= canvas.ROOMY
    return [
        f"<b>{numbers.signed(effect, digits)}</b>"
        + (f"<br>{canvas.muted_text(mode, labels.interval(low, high, digits))}" if second else "")
        for effect, low, high in zip(effects, lower, upper, strict=True)
    ]


def _hover(view: EffectsView, rows: NDArray[np.int64], limit: float) -> list[str]:
    digits = labels.digits_within(limit)
    return [
        f"<b>{labels.safe(view.domains[i])}</b>"
        f"<br>per +1 pp: {numbers.signed(view.effects[i], digits)} {labels.safe(view.unit)}"
        f"<br>{numbers.level_percent(view.level)} interval: {labels.interval(view.lower[i], view.upper[i], digits)}"
        f"<br>anchor share: {numbers.percent(view.anchor[i])}"
        f"<br>{verdict(view.lower[i], view.upper[i])}"
        for i in rows
    ]


def alt_forest(view: EffectsView) -> str:
    """One sentence: which domains likely help, which likely hurt, how many are unclear."""
    verdicts = [verdict(low, high) for low, high in zip(view.lower, view.upper, strict=True)]
    parts = []
    for word in ("likely helps", "likely hurts"):
        named = [d for d, found in zip(view.domains, verdicts, strict=True) if found == word]
        parts.append(f"{word}: {', '.join(named) if named else 'none'}")
    unclear = verdicts.count("unclear")
    return (
        f"Effect on {view.outcome} of one percentage point more of each of {len(view.domains)} domains, "
        f"with {numbers.level_percent(view.level)} intervals; {'; '.join(parts)}; unclear: {unclear}."
    )
