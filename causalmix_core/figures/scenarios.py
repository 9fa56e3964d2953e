"""Which scenario is better than which: a matrix of probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels
from causalmix_core.figures.theme import Mode, colour_scale, contrast, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.scenarios.compare import ScenarioComparison

_ROW = 54


def better_figure(found: ScenarioComparison, *, mode: Mode) -> go.Figure:
    """P(row better than column), 0..1, as coloured cells with their numbers; the diagonal stays empty."""
    names = [entry.name for entry in found.entries]
    n, colours = len(names), theme(mode)
    shown = np.where(np.eye(n, dtype=bool), np.nan, found.p_better)
    figure = canvas.blank(mode, 66 + _ROW * n, top=34)
    figure.add_heatmap(
        z=shown.astype(np.float32),
        zmin=0.0,
        zmax=1.0,
        colorscale=colour_scale(colours.diverging),
        showscale=False,
        xgap=3,
        ygap=3,
        hovertext=[[_hover(found, i, j) for j in range(n)] for i in range(n)],
        hoverinfo="text",
        name="probability",
    )
    canvas.lay_out(
        figure,
        xaxis={
            **canvas.axis(mode, "", (-0.5, n - 0.5), grid=False),
            "side": "top",
            "tickmode": "array",
            "tickvals": np.arange(n),
            "ticktext": [labels.short(name) for name in names],
        },
        yaxis=canvas.row_axis(mode, names),
    )
    for i in range(n):
        for j in range(n):
            if i != j:
                _cell(figure, mode, i, j, float(found.p_better[i, j]))
    return figure


def _cell(figure: go.Figure, mode: Mode, row: int, column: int, p: float) -> None:
    scale = theme(mode).diverging
    behind = scale[min(len(scale) - 1, int(p * len(scale)))]
    ink = max("#000000", "#ffffff", key=lambda colour: contrast(colour, behind))
    figure.add_annotation(
        x=column,
        y=row,
        text=f"<b>{labels.safe(numbers.probability(p))}</b>",
        showarrow=False,
        font={"size": 13, "color": ink},
    )


def _hover(found: ScenarioComparison, i: int, j: int) -> str:
    if i == j:
        return ""
    first, second = (labels.safe(found.entries[k].name) for k in (i, j))
    difference, error = float(found.differences[i, j]), float(found.errors[i, j])
    decimals = numbers.decimals_for(difference, error)
    return (
        f"<b>{first}</b> over <b>{second}</b><br>difference {numbers.signed(difference, decimals)}"
        f"<br>standard error {numbers.plain(error, decimals)}"
    )


def alt_better(found: ScenarioComparison) -> str:
    """One sentence with every pair once, the more probable side first."""
    pairs = []
    for i in range(len(found.entries)):
        for j in range(i):
            p = float(found.p_better[i, j])
            a, b = (i, j) if p >= 0.5 else (j, i)
            chance = numbers.probability(max(p, 1.0 - p))
            pairs.append(f"{found.entries[a].name} better than {found.entries[b].name} {chance}")
    return f"Probability that one scenario is better than another: {'; '.join(pairs)}."
