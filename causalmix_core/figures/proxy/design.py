"""Where planned runs go: a triangle of three domains, or a line a run over all of them; beside runs already had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.errors import ConfigError
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.runs.coverage import REST, triangle
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.proxy.design.design import Design

    Array = NDArray[np.float64]

KINDS = ("random", "designed", "chosen")
_SYMBOLS = {"random": "circle", "designed": "diamond", "chosen": "square"}
_MOST_LINES = 400
_NAMES_LEVEL = 10  # more domain names than this are written upwards


@dataclass(frozen=True, eq=False)
class DesignView:
    """Mixtures that are planned, and those that runs have had.

    Attributes
    ----------
    domains : K names.
    planned : (n, K) shares of the planned runs, repeats left out.
    kinds : n assignments: "random", "designed" or "chosen".
    run_ids, pools : n names.
    had : (m, K) shares of runs already made; m may be 0.
    repeats : how many planned runs repeat another.
    """

    domains: tuple[str, ...]
    planned: Array
    kinds: tuple[str, ...]
    run_ids: tuple[str, ...]
    pools: tuple[str, ...]
    had: Array
    repeats: int


def design_view(design: Design, table: RunsTable | None = None) -> DesignView:
    """A design beside the runs of a table, as far as the table has the design's domains and no others."""
    domains = design.settings.domains
    first = [i for i, run in enumerate(design.runs) if run.replicate == 0]
    had = np.empty((0, len(domains)))
    if table is not None and set(table.domains) == set(domains):
        had = table.shares[:, [table.domains.index(d) for d in domains]]
    return DesignView(
        domains=domains,
        planned=design.shares()[first],
        kinds=tuple(design.runs[i].assignment.kind for i in first),
        run_ids=tuple(design.runs[i].id for i in first),
        pools=tuple(design.runs[i].pool for i in first),
        had=had,
        repeats=len(design.runs) - len(first),
    )


def design_triangle_figure(view: DesignView, domains: Sequence[str], *, mode: Mode) -> go.Figure:
    """Planned runs (full) and runs already made (faint) by two domains and the rest, or by three among themselves.

    Raises
    ------
    ConfigError : not two or three different domains of the design.
    """
    corners, columns = _corners(view, domains)
    figure = canvas.blank(mode, 460, left=40, right=20, top=40, bottom=52)
    canvas.lay_out(
        figure, ternary=triangle(corners, mode), showlegend=True, legend_orientation="v", legend_yanchor="top"
    )
    colours = theme(mode)
    if len(view.had):
        keep = scales.thinned(len(view.had))
        parts, covered = _parts(view.had[keep], columns)
        faint = {
            "size": 5,
            "symbol": "circle",
            "color": see_through(colours.neutral, 0.45),
            "line": {"width": 0},
        }
        _add_points(figure, corners, parts, covered, marker=faint, name=f"made ({len(view.had):,})")
    for kind in KINDS:
        rows = np.flatnonzero(np.array(view.kinds) == kind)
        if not len(rows):
            continue
        keep = rows[scales.thinned(len(rows))]
        parts, covered = _parts(view.planned[keep], columns)
        full = {
            "size": 8,
            "symbol": _SYMBOLS[kind],
            "color": _colour(kind, mode),
            "line": {"color": colours.page, "width": 0.8},
        }
        text = [f"{labels.safe(view.run_ids[i])} on {labels.safe(view.pools[i])}" for i in keep]
        _add_points(
            figure, corners, parts, covered, marker=full, name=f"planned, {kind} ({len(rows):,})", text=text
        )
    return figure


def design_lines_figure(view: DesignView, *, mode: Mode) -> go.Figure:
    """A line a run over all domains, at its shares: planned runs in colour over those already made."""
    count = len(view.domains)
    every = np.concatenate([view.planned, view.had])
    top = min(100.0, scales.nice_ceiling(1.02 * 100 * float(every.max())))
    figure = canvas.blank(mode, 380, top=34)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(
            mode,
            "",
            (-0.3, count - 0.7),
            tickmode="array",
            tickvals=np.arange(count),
            ticktext=[labels.short(name, 14) for name in view.domains],
            tickangle=0 if count <= _NAMES_LEVEL else -90,
        ),
        yaxis=canvas.axis(mode, "share of the mixture (%)", (-0.02 * top, 1.04 * top), nticks=6),
    )
    if len(view.had):
        _add_lines(figure, view.had, see_through(theme(mode).neutral, 0.3), 1.0, f"made ({len(view.had):,})")
    for kind in KINDS:
        rows = np.flatnonzero(np.array(view.kinds) == kind)
        if len(rows):
            colour = see_through(_colour(kind, mode), 0.55)
            _add_lines(figure, view.planned[rows], colour, 1.4, f"planned, {kind} ({len(rows):,})")
    return figure


def alt_design_triangle(view: DesignView, domains: Sequence[str]) -> str:
    """One sentence: how many runs are planned, beside how many, and the range of each corner."""
    corners, columns = _corners(view, domains)
    parts, _ = _parts(view.planned, columns)
    return f"{_counted(view)} in a triangle of domains: {_ranges(corners, parts)}."


def alt_design_lines(view: DesignView) -> str:
    """One sentence: how many runs are planned, beside how many, and the range of each domain's share."""
    most = 5
    left = len(view.domains) - most
    more = f", and {left} more domains" if left > 0 else ""
    return f"{_counted(view)}, a line a run: {_ranges(view.domains[:most], view.planned[:, :most])}{more}."


def _colour(kind: str, mode: Mode) -> str:
    """Okabe and Ito's first three colours of the mode: told apart with any kind of colour vision."""
    return theme(mode).categorical[KINDS.index(kind)]


def _add_points(
    figure: go.Figure,
    corners: tuple[str, ...],
    parts: Array,
    covered: Array,
    *,
    marker: dict[str, Any],
    name: str,
    text: Sequence[str] | None = None,
) -> None:
    a, b, c = (scales.float32(100 * parts[:, i]) for i in range(3))
    names = [labels.short(corner) for corner in corners]
    figure.add_scatterternary(
        a=a,
        b=b,
        c=c,
        mode="markers",
        marker=marker,
        name=name,
        text=text,
        customdata=scales.float32(100 * covered),
        hovertemplate=(
            ("<b>%{text}</b><br>" if text else "")
            + f"{names[0]}: %{{a:.1f}} %<br>{names[1]}: %{{b:.1f}} %<br>{names[2]}: %{{c:.1f}} %"
            "<br>together: %{customdata:.1f} % of the mixture<extra></extra>"
        ),
    )


def _add_lines(figure: go.Figure, shares: Array, colour: str, width: float, name: str) -> None:
    """All lines of one kind as one trace, with gaps between runs."""
    kept = shares[scales.thinned(len(shares), _MOST_LINES)]
    count = kept.shape[1]
    y = np.column_stack([100 * kept, np.full(len(kept), np.nan)]).ravel()
    x = np.tile(np.append(np.arange(count, dtype=float), np.nan), len(kept))
    figure.add_scatter(
        x=scales.float32(x),
        y=scales.float32(y),
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        name=name,
    )


def _corners(view: DesignView, domains: Sequence[str]) -> tuple[tuple[str, str, str], list[int]]:
    """Names of the corners, and the columns that they show; all others are summed where two are named."""
    unknown = [d for d in domains if d not in view.domains]
    if unknown or len(domains) not in (2, 3) or len(set(domains)) != len(domains):
        raise ConfigError(
            f"The triangle needs two or three different domains of the design, not {', '.join(domains) or 'none'}; "
            f"choose among {', '.join(view.domains)}."
        )
    names = [*domains, REST][:3]
    return (names[0], names[1], names[2]), [view.domains.index(d) for d in domains]


def _parts(shares: Array, columns: list[int]) -> tuple[Array, Array]:
    """(n, 3) parts among the corners and (n,) what they hold of the whole; runs that hold none have no place."""
    chosen = shares[:, columns]
    if len(columns) == 2:
        chosen = np.column_stack([chosen, np.maximum(1.0 - chosen.sum(axis=1), 0.0)])
    covered = chosen.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return chosen / covered[:, None], covered


def _counted(view: DesignView) -> str:
    made = f" beside {len(view.had):,} already made" if len(view.had) else ""
    again = f" ({view.repeats:,} more repeat some of them)" if view.repeats else ""
    return f"{len(view.planned):,} planned runs{again}{made}"


def _ranges(names: Sequence[str], parts: Array) -> str:
    rows = parts[np.isfinite(parts).all(axis=1)]
    if not len(rows):
        return "none of them holds any of these domains"
    return ", ".join(
        f"{' '.join(name.split())} {numbers.percent(float(low))} to {numbers.percent(float(high))}"
        for name, low, high in zip(names, rows.min(axis=0), rows.max(axis=0), strict=True)
    )
