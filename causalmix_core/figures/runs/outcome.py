"""How the runs' outcome is distributed, by assignment where the table says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels
from causalmix_core.figures.theme import Mode, faded, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Outcome, RunsTable

    Array = NDArray[np.float64]

_PATTERNS = ("", "/", ".")


@dataclass(frozen=True, eq=False)
class OutcomeView:
    """Histogram of one outcome in the table's own direction.

    Attributes
    ----------
    outcome : name, direction, unit.
    edges : (B + 1,) bin edges, in the outcome's unit.
    groups : G names of assignment, sorted, or ("runs",).
    counts : (G, B) runs per bin.
    median : of all runs.
    """

    outcome: Outcome
    edges: Array
    groups: tuple[str, ...]
    counts: NDArray[np.int64]
    median: float


def outcome_view(table: RunsTable, outcome: str, bins: int = 30) -> OutcomeView:
    """Count one outcome's runs in ``bins`` equal bins; unknown names raise ``ConfigError``."""
    described = table.outcome(outcome)
    values = described.sign * table.score(outcome)
    edges = np.histogram_bin_edges(values, bins)
    assignment = np.asarray(table.assignment or ("runs",) * table.n_runs)
    groups = tuple(str(group) for group in np.unique(assignment))
    counts = np.stack([np.histogram(values[assignment == group], edges)[0] for group in groups])
    return OutcomeView(described, edges, groups, counts.astype(np.int64), float(np.median(values)))


def outcome_figure(view: OutcomeView, *, mode: Mode) -> go.Figure:
    """Stacked bars, one pattern and colour per assignment, and a line at the median."""
    colours = theme(mode)
    # Assignments are no domains: their colours stay clear of the domains' order.
    fills = (colours.accent, colours.neutral, faded(colours.accent, mode))
    centres, widths = (view.edges[1:] + view.edges[:-1]) / 2, np.diff(view.edges)
    tallest = int(view.counts.sum(axis=0).max(initial=1))
    figure = canvas.blank(mode, 300, top=32)
    canvas.lay_out(
        figure,
        barmode="stack",
        showlegend=len(view.groups) > 1,
        xaxis=canvas.axis(
            mode, labels.outcome_title(view.outcome), (view.edges[0], view.edges[-1]), grid=False
        ),
        yaxis=canvas.axis(mode, "runs", (0, 1.14 * tallest), nticks=5),
    )
    for place, (group, counts) in enumerate(zip(view.groups, view.counts, strict=True)):
        figure.add_bar(
            x=centres,
            y=counts,
            width=0.94 * widths,
            marker={
                "color": fills[place % len(fills)],
                "line": {"width": 0},
                "pattern": {"shape": _PATTERNS[place % len(_PATTERNS)], "fgcolor": colours.page, "solidity": 0.2,
                            "size": 6, "fillmode": "overlay"},
            },
            name=labels.safe(group),
            hovertemplate=f"{labels.safe(group)}<br>about %{{x:.4g}}<br>%{{y}} runs<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=view.median, line={"color": colours.ink, "width": 1.4, "dash": "dash"})
    canvas.note(
        figure, mode, f"median {numbers.plain(view.median, numbers.decimals_for(view.edges[0], view.edges[-1]))}",
        x=view.median, y=1, yref="y domain", yanchor="top", xanchor="left",
    )  # fmt: skip
    return figure


def alt_outcome(view: OutcomeView) -> str:
    """One sentence: range and median of the outcome."""
    digits = numbers.decimals_for(float(np.abs(view.edges).max()))
    total = int(view.counts.sum())
    return (
        f"Distribution of {view.outcome.name} over {total:,} runs: from {numbers.plain(view.edges[0], digits)} "
        f"to {numbers.plain(view.edges[-1], digits)}, median {numbers.plain(view.median, digits)}"
        f"{labels.after(view.outcome.unit)}."
    )
