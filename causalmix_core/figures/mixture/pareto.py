"""Two outcomes: what can be gained in one for what is lost in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers, pictures
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.decision.pareto import Gains, Pareto
    from causalmix_core.evidence.table import Outcome

    Array = NDArray[np.float64]

# Points of the line whose intervals are drawn.
_CROSSES = 5
_NAMED = 3


def pareto_figure(
    found: Pareto, outcomes: tuple[Outcome, Outcome], anchor: Array, *, mode: Mode
) -> go.Figure:
    """Gains in both outcomes along the line of efficient mixtures; intervals at five of its points.

    ``anchor`` (K,) is at zero in both, an open circle; the mixture at hand is a diamond.
    """
    path, present = found.path, found.present
    figure = canvas.blank(mode, 400, top=24)
    canvas.lay_out(figure, showlegend=True)
    for name, j in (("xaxis", 0), ("yaxis", 1)):
        low = min(float(path.lower[:, j].min()), float(present.lower[0, j]))
        high = max(float(path.upper[:, j].max()), float(present.upper[0, j]))
        title = labels.in_unit(f"gain in {labels.safe(outcomes[j].name)}", outcomes[j].unit)
        axis = canvas.axis(mode, title, scales.range_with_zero(low, high), nticks=6)
        canvas.lay_out(figure, **{name: axis})
    canvas.vertical_rule(figure, mode, 0.0)
    canvas.horizontal_rule(figure, mode, 0.0)
    rows = np.unique(np.linspace(0, len(path.gains) - 1, _CROSSES).round().astype(int))
    crossed = type(path)(path.gains[rows], path.lower[rows], path.upper[rows])
    _add_intervals(figure, crossed, see_through(theme(mode).accent, 0.45), "interval")
    _add_line(figure, found, outcomes, anchor, mode)
    _add_intervals(figure, present, theme(mode).ink, "interval at hand")
    _add_marks(figure, present, mode)
    return figure


def _add_intervals(figure: go.Figure, at: Gains, colour: str, name: str) -> None:
    """A horizontal and a vertical stroke through each point."""
    x, y = at.gains.T
    gap = np.full(len(x), np.nan)
    xs = np.stack([at.lower[:, 0], at.upper[:, 0], gap, x, x, gap], axis=1).ravel()
    ys = np.stack([y, y, gap, at.lower[:, 1], at.upper[:, 1], gap], axis=1).ravel()
    figure.add_scatter(
        x=scales.float32(xs),
        y=scales.float32(ys),
        mode="lines",
        line={"color": colour, "width": 1.2},
        hoverinfo="skip",
        showlegend=False,
        name=name,
    )


def _add_line(
    figure: go.Figure, found: Pareto, outcomes: tuple[Outcome, Outcome], anchor: Array, mode: Mode
) -> None:
    figure.add_scatter(
        x=scales.float32(found.path.gains[:, 0]),
        y=scales.float32(found.path.gains[:, 1]),
        mode="lines+markers",
        line={"color": theme(mode).accent, "width": 2.4},
        marker={"color": theme(mode).accent, "size": 6},
        hovertext=_hover(found, outcomes, anchor),
        hoverinfo="text",
        name="best mixtures",
    )


def _add_marks(figure: go.Figure, present: Gains, mode: Mode) -> None:
    colours = theme(mode)
    marks = (
        ("anchor", np.zeros(2), "circle", colours.page, colours.ink),
        ("mixture at hand", present.gains[0], "diamond", colours.ink, colours.page),
    )
    for name, (x, y), symbol, fill, line in marks:
        figure.add_scatter(
            x=[float(x)],
            y=[float(y)],
            mode="markers",
            marker={"symbol": symbol, "size": 13, "color": fill, "line": {"color": line, "width": 1.6}},
            hovertext=[name],
            hoverinfo="text",
            name=name,
        )


def _hover(found: Pareto, outcomes: tuple[Outcome, Outcome], anchor: Array) -> list[str]:
    digits = [numbers.decimals_for(float(np.abs(column).max())) + 1 for column in found.path.gains.T]
    texts = []
    for weight, shares, gains in zip(found.weights, found.shares, found.path.gains, strict=True):
        change = shares - anchor
        moves = [k for k in np.argsort(-np.abs(change), kind="stable")[:_NAMED] if abs(change[k]) >= 0.0005]
        said = "".join(
            f"<br>{labels.safe(found.domains[k])}: {numbers.signed(100.0 * change[k], 1)} pp" for k in moves
        )
        pairs = "".join(
            f"<br>{labels.safe(outcome.name)}: {numbers.signed(float(gain), place)}"
            for outcome, gain, place in zip(outcomes, gains, digits, strict=True)
        )
        texts.append(f"weight of {labels.safe(outcomes[1].name)}: {weight:.2f}{pairs}{said}")
    return texts


def alt_pareto(found: Pareto, outcomes: tuple[Outcome, Outcome]) -> str:
    """One sentence: the two ends of the trade, and where the mixture at hand stands."""
    return pictures.pareto_sentence(found, outcomes)
