"""Effects of domains left out, foretold from their state, against those that their runs show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import plotly.graph_objects as go

    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect


def unseen_figure(
    found: LodoReport,
    *,
    mode: Mode,
    colours: Mapping[str, str] | None = None,
    new: UnseenEffect | None = None,
) -> go.Figure:
    """Foretold over own-run effects, a cloud a domain; a new domain as a marked line with its interval.

    ``colours`` : domain -> colour (else all in the accent).
    """
    base = theme(mode)
    figure = canvas.blank(mode, 420, top=34)
    values = np.concatenate([found.full.ravel(), found.predicted.ravel()])
    if new is not None:
        values = np.concatenate([values, [new.lower, new.upper]])
    low, high = scales.padded(values)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(
            mode,
            labels.in_unit("effect that its own runs show, per percentage point", found.unit),
            (low, high),
        ),
        yaxis=canvas.axis(mode, "foretold without them", (low, high)),
        showlegend=True,
    )
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", hoverinfo="skip", name="equality", showlegend=False,
        line={"color": base.rule, "width": 1.4, "dash": "dash"},
    )  # fmt: skip
    for k, domain in enumerate(found.domains):
        colour = (colours or {}).get(domain, base.accent)
        figure.add_scatter(
            x=scales.float32(found.full[k]), y=scales.float32(found.predicted[k]), mode="markers",
            name=labels.short(domain), marker={"size": 5, "color": see_through(colour, 0.55), "line": {"width": 0}},
            hovertemplate=f"{labels.safe(domain)}<br>own runs: %{{x:+.3g}}<br>foretold: %{{y:+.3g}}<extra></extra>",
        )  # fmt: skip
    if new is not None:
        _add_new(figure, new, mode)
    return figure


def _add_new(figure: go.Figure, new: UnseenEffect, mode: Mode) -> None:
    """The new domain has no place across: its effect is a line, its interval a stripe."""
    colours = theme(mode)
    figure.add_shape(
        type="rect", x0=0, x1=1, xref="x domain", y0=new.lower, y1=new.upper, layer="below",
        line={"width": 0}, fillcolor=see_through(colours.neutral, 0.16),
    )  # fmt: skip
    line = {"color": colours.ink, "width": 1.6, "dash": "dot"}
    figure.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=new.effect, y1=new.effect, line=line)
    canvas.note(
        figure, mode, f"{labels.short(new.name)}, seen in no run", x=0.99, y=new.effect, xref="x domain",
        xanchor="right", yanchor="bottom",
    )  # fmt: skip


def alt_unseen(found: LodoReport, new: UnseenEffect | None = None) -> str:
    """One sentence: how close foretold effects come, and where a new domain lies."""
    said = (
        f"Effects of {len(found.domains)} domains foretold without their own runs against those that the runs show, over "
        f"{found.full.shape[1]:,} pools: rank correlation {numbers.plain(found.rank, 2)}, typical miss "
    )
    digits = numbers.decimals_for(found.sd)
    said += f"{numbers.plain(found.sd, digits)}{labels.after(found.unit)} per percentage point"
    if new is None:
        return f"{said}."
    digits = numbers.decimals_for(new.effect, new.lower, new.upper)
    interval = f"{numbers.plain(new.lower, digits)} to {numbers.plain(new.upper, digits)}"
    return f"{said}; {new.name}, seen in no run, at {numbers.signed(new.effect, digits)} ({interval})."
