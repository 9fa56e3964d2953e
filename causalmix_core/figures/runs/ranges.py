"""How far the runs vary each domain's share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, domain_colours, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, eq=False)
class RangesView:
    """Five-number summary of each domain's share.

    Attributes
    ----------
    domains : K names.
    quantiles : (5, K) minimum, quartiles and maximum over the runs, shares in 0..1.
    mean : (K,) mean mixture of the runs. ``natural`` : (K,) or None where unknown.
    natural_label : what the natural shares are.
    n_runs : how many runs.
    """

    domains: tuple[str, ...]
    quantiles: Array
    mean: Array
    natural: Array | None
    natural_label: str
    n_runs: int


def ranges_view(table: RunsTable) -> RangesView:
    """Summarise the shares of all runs."""
    return RangesView(
        domains=table.domains,
        quantiles=np.quantile(table.shares, QUANTILES, axis=0),
        mean=table.shares.mean(axis=0),
        natural=table.natural,
        natural_label=table.natural_label,
        n_runs=table.n_runs,
    )


def ranges_figure(view: RangesView, *, mode: Mode, colours: Mapping[str, str] | None = None) -> go.Figure:
    """One row a domain: thin bar minimum to maximum, thick bar the middle half, a dot at the median.

    The natural share, where known, is an open diamond.
    """
    painted = colours or domain_colours(view.domains, mode, view.mean)
    tints = [painted[d] for d in view.domains]
    low, first, median, third, high = 100 * view.quantiles
    right = min(100.0, scales.nice_ceiling(1.02 * float(high.max())))
    count = len(view.domains)
    figure = canvas.blank(mode, 84 + canvas.row_height(count, 34) * count, top=32)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, "share of the mixture (%)", (-0.01 * right, 1.02 * right)),
        yaxis=canvas.row_axis(mode, view.domains),
    )
    hover = _hover(view)
    for name, start, end, width, alpha in (
        ("all runs", low, high, 0.14, 0.35),
        ("middle half", first, third, 0.42, 0.75),
    ):
        figure.add_bar(
            base=start,
            x=end - start,
            y=np.arange(count),
            orientation="h",
            width=width,
            marker={
                "color": [see_through(tint, alpha) for tint in tints],
                "cornerradius": 3,
                "line": {"width": 0},
            },
            hovertext=hover,
            hoverinfo="text",
            showlegend=False,
            name=name,
        )
    _add_marks(figure, view, median, mode)
    return figure


def _add_marks(figure: go.Figure, view: RangesView, median: Array, mode: Mode) -> None:
    colours = theme(mode)
    marks = [("median of the runs", median, "circle", colours.ink, colours.page)]
    if view.natural is not None:
        name = labels.short(view.natural_label, 40) or "natural share"
        marks.append((name, 100 * view.natural, "diamond", colours.page, colours.ink))
    for name, values, symbol, fill, edge in marks:
        figure.add_scatter(
            x=values,
            y=np.arange(len(values)),
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": fill, "line": {"color": edge, "width": 1.8}},
            hoverinfo="skip",
            name=name,
        )


def _hover(view: RangesView) -> list[str]:
    rows = []
    for i, domain in enumerate(view.domains):
        low, first, median, third, high = (numbers.percent(q) for q in view.quantiles[:, i])
        natural = "" if view.natural is None else f"<br>natural: {numbers.percent(view.natural[i])}"
        rows.append(
            f"<b>{labels.safe(domain)}</b><br>range: {low} to {high}<br>middle half: {first} to {third}"
            f"<br>median: {median}{natural}"
        )
    return rows


def alt_ranges(view: RangesView) -> str:
    """One sentence: the range of each domain's share, five domains at most."""
    shown = ", ".join(
        f"{domain} {100 * low:.1f} to {100 * high:.1f} %"
        for domain, low, high in zip(view.domains[:5], view.quantiles[0], view.quantiles[-1], strict=False)
    )
    left = max(0, len(view.domains) - 5)
    return f"Shares over {view.n_runs:,} runs: {shown}" + (f", and {left} more domains." if left else ".")
