"""Where in the space of mixtures the runs lie: a triangle of chosen domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import ConfigError
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import TRANSPARENT, Mode, colour_scale, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Outcome, RunsTable

    Array = NDArray[np.float64]

REST = "all other domains"
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")


@dataclass(frozen=True, eq=False)
class CoverageView:
    """Runs in a triangle.

    Attributes
    ----------
    corners : three names; the third is ``REST`` where two domains were chosen.
    parts : (n, 3) shares among the corners, rows sum to 1.
    covered : (n,) what the corners hold of the whole mixture, 0..1 (all 1 with ``REST``).
    outcome, values : description and (n,) values in the table's own direction.
    run_ids : n names. ``groups`` : n assignments, or n times "runs".
    """

    corners: tuple[str, str, str]
    parts: Array
    covered: Array
    outcome: Outcome
    values: Array
    run_ids: tuple[str, ...]
    groups: tuple[str, ...]


def coverage_view(table: RunsTable, domains: Sequence[str], outcome: str) -> CoverageView:
    """Place the runs by two domains and the rest summed, or by three domains among themselves.

    Runs that hold none of three chosen domains have no place and are left out.
    Raises ``ConfigError`` for other numbers of domains or unknown ones.
    """
    unknown = [d for d in domains if d not in table.domains]
    if unknown or len(set(domains)) not in (2, 3) or len(set(domains)) != len(domains):
        raise ConfigError(
            f"Coverage needs two or three different domains of the table, not {', '.join(domains) or 'none'}; "
            f"choose among {', '.join(table.domains)}."
        )
    chosen = table.shares[:, [table.domains.index(d) for d in domains]]
    if len(domains) == 2:
        chosen = np.column_stack([chosen, np.maximum(1.0 - chosen.sum(axis=1), 0.0)])
    covered = chosen.sum(axis=1)
    rows = np.flatnonzero(covered > 0)
    described = table.outcome(outcome)
    names = [*domains, REST][:3]
    groups = table.assignment or ("runs",) * table.n_runs
    return CoverageView(
        corners=(names[0], names[1], names[2]),
        parts=chosen[rows] / covered[rows, None],
        covered=covered[rows],
        outcome=described,
        values=(described.sign * table.score(outcome))[rows],
        run_ids=tuple(table.run_ids[i] for i in rows),
        groups=tuple(groups[i] for i in rows),
    )


def coverage_figure(view: CoverageView, *, mode: Mode) -> go.Figure:
    """Triangle of runs, coloured by outcome, one marker shape per assignment (2,000 runs at most)."""
    figure = canvas.blank(mode, 460, left=40, right=20, top=40, bottom=52)
    canvas.lay_out(figure, ternary=triangle(view.corners, mode), showlegend=len(set(view.groups)) > 1)
    # The triangle leaves the upper left corner free.
    canvas.lay_out(figure, legend_orientation="v", legend_yanchor="top")
    keep = scales.thinned(len(view.values))
    groups = np.asarray(view.groups)[keep]
    # Without the outermost runs, or one failed run would take all the colours.
    low, high = np.quantile(view.values, [0.02, 0.98]) if len(view.values) else (0.0, 1.0)
    for place, group in enumerate(np.unique(groups)):
        rows = keep[groups == group]
        _add_runs(figure, view, rows, mode, symbol=_SYMBOLS[place % len(_SYMBOLS)], name=str(group))
    figure.update_traces(marker={"cmin": low, "cmax": high})
    return figure


def _add_runs(
    figure: go.Figure, view: CoverageView, rows: NDArray[np.int64], mode: Mode, *, symbol: str, name: str
) -> None:
    colours = theme(mode)
    names = [labels.short(corner) for corner in view.corners]
    a, b, c = (scales.float32(100 * view.parts[rows, i]) for i in range(3))
    figure.add_scatterternary(
        a=a, b=b, c=c, mode="markers", name=labels.safe(name),
        marker={
            "size": 7.5, "symbol": symbol, "color": scales.float32(view.values[rows]),
            "colorscale": colour_scale(colours.sequential), "line": {"color": see_through(colours.ink, 0.45), "width": 0.6},
            "showscale": not figure.data,
            "colorbar": canvas.colour_bar(mode, labels.outcome_title(view.outcome), len=0.85),
        },
        text=[labels.safe(view.run_ids[i]) for i in rows],
        customdata=scales.float32(np.column_stack([view.values[rows], 100 * view.covered[rows]])),
        hovertemplate=(
            f"<b>%{{text}}</b><br>{names[0]}: %{{a:.1f}} %<br>{names[1]}: %{{b:.1f}} %<br>{names[2]}: %{{c:.1f}} %"
            f"<br>together: %{{customdata[1]:.1f}} % of the mixture"
            f"<br>{labels.safe(view.outcome.name)}: %{{customdata[0]:.5g}}<extra></extra>"
        ),
    )  # fmt: skip


def triangle(corners: tuple[str, str, str], mode: Mode) -> dict[str, Any]:
    """Layout of a triangle with these corners: the first on top, then left and right; percent on each side."""
    colours = theme(mode)

    def side(name: str) -> dict[str, Any]:
        return {
            "title": {"text": f"<b>{labels.short(name)}</b>", "font": {"size": 13, "color": colours.ink}},
            "min": 0,
            "tickvals": [20, 40, 60, 80],
            "ticktext": ["20 %", "40 %", "60 %", "80 %"],
            "ticks": "",
            "tickfont": {"size": 11, "color": colours.muted},
            "gridcolor": colours.grid,
            "linecolor": colours.rule,
            "linewidth": 1,
        }

    return {
        "sum": 100,
        "bgcolor": TRANSPARENT,
        "aaxis": side(corners[0]),
        "baxis": side(corners[1]),
        "caxis": side(corners[2]),
    }


def alt_coverage(view: CoverageView) -> str:
    """One sentence: how many runs, and the range of each corner."""
    if not len(view.values):
        return f"No run holds any of {', '.join(view.corners)}."
    ranges = ", ".join(
        f"{corner} {100 * column.min():.1f} to {100 * column.max():.1f} %"
        for corner, column in zip(view.corners, view.parts.T, strict=True)
    )
    return f"{len(view.values):,} runs in a triangle of domains, coloured by {view.outcome.name}: {ranges}."
