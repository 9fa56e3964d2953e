"""Charts of the Fit page: how well the fit foretells runs of pools it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.effects.views import CrossValidation
    from causalmix_core.evidence.table import Outcome


def predicted_figure(view: CrossValidation, outcome: Outcome, *, mode: Mode) -> go.Figure:
    """Predicted against observed in the table's own direction, with the line of equality.

    At most 2,000 runs are drawn; R2 and Spearman in the corner are of all.
    """
    colours = theme(mode)
    observed, predicted = outcome.sign * view.observed, outcome.sign * view.predicted
    low, high = scales.padded(np.concatenate([observed, predicted]))
    figure = canvas.blank(mode, 420)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, f"observed {labels.outcome_title(outcome)}", (low, high)),
        yaxis=canvas.axis(mode, f"predicted {labels.safe(outcome.name)}", (low, high)),
    )
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", hoverinfo="skip", name="equality",
        line={"color": colours.rule, "width": 1.4, "dash": "dash"},
    )  # fmt: skip
    _add_points(figure, observed, predicted, mode, "observed: %{x:.5g}<br>predicted: %{y:.5g}")
    canvas.note(
        figure, mode,
        f"R² {numbers.plain(view.r2, 2)}   Spearman {numbers.plain(view.spearman, 2)}   {len(observed):,} runs",
        x=0.02, y=0.98, xref="x domain", yref="y domain", xanchor="left", yanchor="top",
    )  # fmt: skip
    return figure


def residual_figure(view: CrossValidation, outcome: Outcome, *, mode: Mode) -> go.Figure:
    """What the prediction missed, against the prediction: no slope or funnel should be seen."""
    predicted = outcome.sign * view.predicted
    residuals = outcome.sign * view.observed - predicted
    limit = scales.around_zero(residuals)
    figure = canvas.blank(mode, 320)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(
            mode, f"predicted {labels.outcome_title(outcome)}", scales.padded(predicted), grid=False
        ),
        yaxis=canvas.axis(
            mode, labels.in_unit("observed − predicted", outcome.unit), (-limit, limit), nticks=6
        ),
    )
    canvas.horizontal_rule(figure, mode, 0.0)
    _add_points(figure, predicted, residuals, mode, "predicted: %{x:.5g}<br>missed by: %{y:+.3g}")
    return figure


def _add_points(figure: go.Figure, x: scales.Array, y: scales.Array, mode: Mode, hover: str) -> None:
    keep = scales.thinned(len(x))
    figure.add_scatter(
        x=scales.float32(x[keep]),
        y=scales.float32(y[keep]),
        mode="markers",
        marker={"size": 6, "color": see_through(theme(mode).accent, 0.55), "line": {"width": 0}},
        hovertemplate=f"{hover}<extra></extra>",
        name="runs",
    )


def alt_predicted(view: CrossValidation, outcome: Outcome) -> str:
    """One sentence: how well held-out runs are predicted."""
    pairs = (
        ""
        if view.pair_accuracy is None
        else f"; {100 * view.pair_accuracy:.0f} % of {view.n_pairs:,} pairs of one pool ranked right"
    )
    return (
        f"Predicted against observed {outcome.name} of {len(view.observed):,} runs held out in {view.folds} folds: "
        f"R² {numbers.plain(view.r2, 2)}, rank correlation {numbers.plain(view.spearman, 2)}{pairs}."
    )


def alt_residual(view: CrossValidation, outcome: Outcome) -> str:
    """One sentence: the spread of the residuals."""
    residuals = view.observed - view.predicted
    digits = numbers.decimals_for(float(np.abs(residuals).max(initial=0.0)))
    return (
        f"Residuals of {outcome.name} against the prediction: half of {len(residuals):,} runs are missed by less than "
        f"{numbers.plain(float(np.median(np.abs(residuals))), digits)}{labels.after(outcome.unit)}."
    )
