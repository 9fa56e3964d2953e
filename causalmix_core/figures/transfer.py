"""Predicted against observed at each size: a panel a size, the smallest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.effects.transfer import OutcomeTransfer, SizeScore

_GAP = 0.07


def transfer_figure(found: OutcomeTransfer, *, mode: Mode) -> go.Figure:
    """One outcome in the table's own direction, each panel on its own ranges.

    The dashed line has the slope of equality through the panel's middle: a larger size has another
    level, which no smaller one tells; what counts is the order, and the slope of the cloud.
    """
    count = len(found.sizes)
    figure = canvas.blank(mode, 380, top=46)
    width = (1.0 - _GAP * (count - 1)) / count
    for place, score in enumerate(found.sizes):
        number = "" if place == 0 else str(place + 1)
        left = place * (width + _GAP)
        _add_panel(figure, found, score, number, (left, left + width), place == 0, mode)
    return figure


def _add_panel(
    figure: go.Figure,
    found: OutcomeTransfer,
    score: SizeScore,
    number: str,
    domain: tuple[float, float],
    first: bool,
    mode: Mode,
) -> None:
    colours, sign = theme(mode), found.outcome.sign
    observed, predicted = sign * score.observed, sign * score.predicted
    across, upwards = scales.padded(observed), scales.padded(predicted)
    name = labels.safe(found.outcome.name)
    title = f"observed {labels.outcome_title(found.outcome)}" if first else f"observed {name}"
    canvas.lay_out(
        figure,
        **{
            f"xaxis{number}": canvas.axis(
                mode, title, across, domain=list(domain), anchor=f"y{number}", nticks=5
            ),
            f"yaxis{number}": canvas.axis(
                mode, f"predicted {name}" if first else "", upwards, anchor=f"x{number}"
            ),
        },
    )
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    middle = float(predicted.mean() - observed.mean())
    figure.add_scatter(
        x=list(across), y=[across[0] + middle, across[1] + middle], mode="lines", hoverinfo="skip",
        name="equal steps", line={"color": colours.rule, "width": 1.4, "dash": "dash"}, **axes,
    )  # fmt: skip
    keep = scales.thinned(len(observed))
    figure.add_scatter(
        x=scales.float32(observed[keep]), y=scales.float32(predicted[keep]), mode="markers", name=score.label,
        marker={"size": 6, "color": see_through(colours.accent, 0.55), "line": {"width": 0}},
        hovertemplate="observed: %{x:.5g}<br>predicted: %{y:.5g}<extra></extra>", **axes,
    )  # fmt: skip
    how = "out of fold" if score.own else "from smaller sizes"
    canvas.note(
        figure, mode,
        f"<b>{labels.safe(score.label)}</b>, {how}<br>rank correlation {numbers.plain(score.rank, 2)}, "
        f"slope {numbers.plain(score.slope, 2)}",
        x=domain[0], y=1.01, xref="paper", yref="paper", xanchor="left", yanchor="bottom", align="left",
    )  # fmt: skip


def alt_transfer(found: OutcomeTransfer) -> str:
    """One sentence: the rank correlation at each size."""
    parts = [
        f"{numbers.plain(score.rank, 2)} at {score.label} ({'out of fold' if score.own else 'from smaller sizes'}, "
        f"{len(score.observed):,} runs)"
        for score in found.sizes
    ]
    spread = float(np.ptp([score.rank for score in found.sizes]))
    alike = "; the sizes are foretold about equally well" if spread < 0.05 else ""
    return f"Predicted against observed {found.outcome.name} per size: rank correlation {', '.join(parts)}{alike}."
