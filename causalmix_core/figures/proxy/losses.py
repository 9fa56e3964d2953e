"""The training losses of runs in the making."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery.proxy import losses_sentence
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from causalmix_core.proxy.engine.curves import LossCurve

_COLOURS = 7  # no power of two: runs of equal chunks that are trained side by side differ
_DASHES = ("solid", "dash", "dot", "dashdot")


def losses_figure(curves: Sequence[LossCurve], *, mode: Mode) -> go.Figure:
    """A line a run over its steps; a run keeps its colour and line while others come and go."""
    shown = [curve for curve in curves if curve.losses]
    colours = theme(mode).categorical
    last = max((curve.total for curve in shown), default=1)
    low, high = _limits(shown)
    figure = canvas.blank(mode, 280, top=36)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, "step", (0.0, 1.02 * last), grid=False, nticks=8),
        yaxis=canvas.axis(mode, "training loss (nats per token)", (low, high), nticks=6),
    )
    for place, curve in enumerate(sorted(shown, key=lambda curve: curve.run)):
        number = _number(curve.run, place)
        colour = colours[number % _COLOURS]
        figure.add_scatter(
            x=scales.float32(np.array(curve.steps, dtype=float)),
            y=scales.float32(np.array(curve.losses)),
            mode="lines+markers",
            name=labels.short(curve.run, 12),
            line={"color": colour, "width": 2, "dash": _DASHES[number // _COLOURS % len(_DASHES)]},
            marker={"color": colour, "size": 5},
            hovertemplate=f"{labels.safe(curve.run)}, step %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    return figure


def alt_losses(curves: Sequence[LossCurve]) -> str:
    """One sentence: the runs and where their losses began and stand."""
    return losses_sentence(curves)


def _number(run: str, otherwise: int) -> int:
    """The number at the end of a run's id."""
    found = re.search(r"(\d{1,9})$", run)
    return int(found[1]) if found else otherwise


def _limits(shown: Sequence[LossCurve]) -> tuple[float, float]:
    """A vertical axis on round numbers, so that it holds still while losses fall."""
    if not shown:
        return 0.0, 1.0
    low = min(min(curve.losses) for curve in shown)
    high = max(max(curve.losses) for curve in shown)
    step = 0.25 if high - low < 2.0 else 1.0
    return step * np.floor(low / step), step * max(np.ceil(high / step), np.floor(low / step) + 1.0)
