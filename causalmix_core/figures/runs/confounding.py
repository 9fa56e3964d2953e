"""Did the mixtures follow the pools? Rank correlation of every share with the covariates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, colour_scale, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

FALSE_DISCOVERY_RATE = 0.05
# More cells than this leave no room for a number in each.
_MOST_NUMBERED = 160


@dataclass(frozen=True, eq=False)
class ConfoundingView:
    """Correlation of shares with covariates.

    Attributes
    ----------
    domains : K rows, whose share. ``covariates`` : C columns in words.
    own : True where column c is, in each row, that domain's own covariate of that name.
    correlation : (K, C) Spearman's rank correlation, -1..1; 0 where either is constant.
    significant : (K, C) bool at a false discovery rate of 5 % over all cells.
    n_runs : how many runs.
    """

    domains: tuple[str, ...]
    covariates: tuple[str, ...]
    own: bool
    correlation: Array
    significant: NDArray[np.bool_]
    n_runs: int


def confounding_view(table: RunsTable) -> ConfoundingView:
    """Correlate each share with its domain's own covariates, or with all where they are pooled."""
    ranked_shares = _standard_ranks(table.shares)
    ranked_states = _standard_ranks(table.states)
    every = ranked_shares.T @ ranked_states
    if table.covariates_are_per_domain:
        names = tuple(c.name for c in table.covariates if c.domain == table.domains[0])
        place = {(c.domain, c.name): j for j, c in enumerate(table.covariates)}
        columns = np.array([[place[domain, name] for name in names] for domain in table.domains])
        correlation = np.take_along_axis(every, columns, axis=1)
        titles = tuple(name.replace("_", " ") for name in names)
    else:
        correlation = every
        titles = tuple(
            f"{c.name.replace('_', ' ')}{f' of {c.domain}' if c.domain else ''}" for c in table.covariates
        )
    return ConfoundingView(
        domains=table.domains,
        covariates=titles,
        own=table.covariates_are_per_domain,
        correlation=correlation,
        significant=_discoveries(correlation, table.n_runs),
        n_runs=table.n_runs,
    )


def _standard_ranks(columns: Array) -> Array:
    """(n, c) -> ranks, centred and scaled to unit length; constant columns become 0."""
    from scipy.stats import rankdata

    ranks = rankdata(columns, axis=0) if columns.size else np.zeros_like(columns)
    centred = ranks - ranks.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    standard: Array = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    return standard


def _discoveries(correlation: Array, n_runs: int) -> NDArray[np.bool_]:
    """Benjamini and Hochberg's step-up on two-sided p-values of the t approximation."""
    from scipy.stats import t

    if n_runs < 4 or not correlation.size:
        return np.zeros(correlation.shape, dtype=bool)
    bounded = np.clip(correlation.ravel(), -1 + 1e-12, 1 - 1e-12)
    statistic = np.abs(bounded) * np.sqrt((n_runs - 2) / (1 - bounded**2))
    p_values = 2 * t.sf(statistic, n_runs - 2)
    order = np.argsort(p_values, kind="stable")
    passed = p_values[order] <= FALSE_DISCOVERY_RATE * np.arange(1, len(order) + 1) / len(order)
    found = np.zeros(len(order), dtype=bool)
    found[order[: np.flatnonzero(passed)[-1] + 1 if passed.any() else 0]] = True
    return found.reshape(correlation.shape)


def confounding_figure(view: ConfoundingView, *, mode: Mode) -> go.Figure:
    """Heatmap centred on 0; cells without a significant correlation are grey, with a small number."""
    colours = theme(mode)
    rows, columns = view.correlation.shape
    figure = canvas.blank(mode, 130 + canvas.row_height(rows, 34) * rows, top=10)
    canvas.lay_out(figure,
        xaxis=canvas.axis(
            mode, "own covariate" if view.own else "covariate", (-0.5, columns - 0.5), grid=False,
            tickmode="array", tickvals=np.arange(columns), ticktext=[labels.short(c, 26).replace(" ", "<br>") for c in view.covariates],
            tickangle=0 if columns <= 8 else -40, tickfont={"size": 12, "color": colours.ink},
        ),
        yaxis=canvas.row_axis(mode, view.domains),
    )  # fmt: skip
    limit = max(0.5, scales.around_zero(view.correlation))
    grey = [(0.0, colours.grid), (1.0, colours.grid)]
    scale = colour_scale(colours.diverging)
    _add_cells(figure, view, ~view.significant, mode, limit, grey, "not significant")
    _add_cells(figure, view, view.significant, mode, limit, scale, "significant")
    figure.data[-1].update(
        showscale=True, colorbar=canvas.signed_colour_bar(mode, "rank correlation with the share", limit)
    )
    return figure


def _add_cells(
    figure: go.Figure,
    view: ConfoundingView,
    keep: NDArray[np.bool_],
    mode: Mode,
    limit: float,
    scale: list[tuple[float, str]],
    name: str,
) -> None:
    written = np.array(
        [
            [numbers.plain(r, 2) if kept else "" for r, kept in zip(row, shown, strict=True)]
            for row, shown in zip(view.correlation, keep, strict=True)
        ],
        dtype=object,
    )
    numbered = view.correlation.size <= _MOST_NUMBERED
    domains = np.repeat([labels.safe(d) for d in view.domains], len(view.covariates))
    columns = np.tile([labels.safe(c) for c in view.covariates], len(view.domains))
    words = np.array(
        [f"share of {d}<br>{c}" for d, c in zip(domains, columns, strict=True)], dtype=object
    ).reshape(view.correlation.shape)
    # Plotly picks black or white for numbers by each cell's colour; on grey the second rank suffices.
    font = {"size": 12} if name == "significant" else {"size": 12, "color": theme(mode).muted}
    figure.add_heatmap(
        z=scales.masked(view.correlation, keep),
        zmin=-limit,
        zmax=limit,
        colorscale=scale,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        customdata=words,
        hovertemplate=f"%{{customdata}}<br>rank correlation: %{{z:+.2f}} ({name})<extra></extra>",
        text=written if numbered else None,
        texttemplate="%{text}" if numbered else None,
        textfont=font,
        name=name,
    )


def alt_confounding(view: ConfoundingView) -> str:
    """One sentence: how many pairs are correlated, and the strongest."""
    head = f"Rank correlation of {len(view.domains)} shares with {len(view.covariates)} covariates"
    if not view.significant.any():
        return f"{head} over {view.n_runs:,} runs: none is significant."
    strength = np.where(view.significant, np.abs(view.correlation), -1.0)
    row, column = np.unravel_index(int(np.argmax(strength)), strength.shape)
    return (
        f"{head} over {view.n_runs:,} runs: {int(view.significant.sum())} of {view.significant.size} pairs are "
        f"significant, the strongest {numbers.signed(view.correlation[row, column], 2)} for the share of "
        f"{view.domains[row]} with {view.covariates[column]}."
    )
