"""The training losses of runs in the making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery.proxy import losses_sentence
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from causalmix_core.proxy.engine.curves import LossCurve

_DASHES = ("solid", "dash", "dot", "dashdot")


def losses_figure(curves: Sequence[LossCurve], *, mode: Mode) -> go.Figure:
    """A line a run over its steps; runs are told apart by colour, line and the label at the end."""
    shown = [curve for curve in curves if curve.losses]
    colours = theme(mode).categorical
    last = max((curve.total for curve in shown), default=1)
    low, high = _limits(shown)
    figure = canvas.blank(mode, 260, top=16, right=80)
    figure.update_layout(
        xaxis=canvas.axis(mode, "step", (0.0, 1.02 * last), grid=False, nticks=8),
        yaxis=canvas.axis(mode, "training loss (nats per token)", (low, high), nticks=6),
    )
    for place, curve in enumerate(shown):
        steps, losses = np.array(curve.steps, dtype=float), np.array(curve.losses)
        line = {
            "color": colours[place % len(colours)],
            "width": 2,
            "dash": _DASHES[place // len(colours) % len(_DASHES)],
        }
        figure.add_scatter(
            x=scales.float32(steps), y=scales.float32(losses), mode="lines", name=labels.safe(curve.run), line=line,
            hovertemplate=f"{labels.safe(curve.run)}, step %{{x}}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
        canvas.note(
            figure, mode, labels.short(curve.run, 10), x=float(steps[-1]), y=float(losses[-1]), xanchor="left",
            yanchor="middle", xshift=6,
        )  # fmt: skip
    return figure


def alt_losses(curves: Sequence[LossCurve]) -> str:
    """One sentence: the runs and where their losses began and stand."""
    return losses_sentence(curves)


def _limits(shown: Sequence[LossCurve]) -> tuple[float, float]:
    """A vertical axis on round numbers, so that it holds still while losses fall."""
    if not shown:
        return 0.0, 1.0
    low = min(min(curve.losses) for curve in shown)
    high = max(max(curve.losses) for curve in shown)
    step = 0.25 if high - low < 2.0 else 1.0
    return step * np.floor(low / step), step * max(np.ceil(high / step), np.floor(low / step) + 1.0)
