"""From the average over the pools to one pool, a step a covariate: a waterfall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import covariates, numbers
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.explain.views import Drivers

    Array = NDArray[np.float64]

MOST_STEPS = 8
AVERAGE, OPEN, HERE = "average over the pools", "not held by the simple model", "this pool"


@dataclass(frozen=True, eq=False)
class Steps:
    """Rows of the waterfall: names, and where each bar starts and ends, (rows,)."""

    names: tuple[str, ...]
    starts: Array
    ends: Array

    @property
    def sizes(self) -> Array:
        """(rows,) signed length of each bar."""
        return self.ends - self.starts


def waterfall_steps(view: Drivers) -> Steps:
    """Average, the largest covariates with their values, the others together, what stays open, this pool."""
    here = view.here
    order = np.argsort(-np.abs(here.values), kind="stable")
    named, rest = order[:MOST_STEPS], order[MOST_STEPS:]
    names = [
        f"{covariates.covariate_words(view.covariates[i])} = {covariates.value(float(here.state[i]))}"
        for i in named
    ]
    sizes = [float(here.values[i]) for i in named]
    if len(rest):
        names.append(f"{len(rest)} other covariates")
        sizes.append(float(here.values[rest].sum()))
    ends = here.base + np.cumsum([0.0, *sizes, here.remainder])
    starts = np.concatenate([[0.0], ends[:-1], [0.0]])
    return Steps((AVERAGE, *names, OPEN, HERE), starts, np.concatenate([ends, [here.actual]]))


def pool_drivers_figure(view: Drivers, *, mode: Mode, limits: tuple[float, float] | None = None) -> go.Figure:
    """Waterfall over the eight largest covariates, striped where negative, grey where nothing explains it."""
    steps = waterfall_steps(view)
    low, high = limits or scales.range_with_zero(float(steps.ends.min()), float(steps.ends.max()), air=0.0)
    high += 0.02 * (high - low)
    digits = labels.digits_within(max(abs(low), abs(high)))
    count = len(steps.names)
    figure = canvas.blank(mode, 64 + canvas.row_height(count, 32) * count)
    title = labels.in_unit(f"{view.quantity} of {labels.short(view.domain)}", view.unit)
    rows = canvas.row_axis(mode, steps.names)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, title, (low, high), exponentformat="none"),
        yaxis={**rows, "ticktext": [labels.short(name, 38) for name in steps.names]},
    )
    canvas.vertical_rule(figure, mode, 0.0)
    _add_joints(figure, steps, mode)
    _add_bars(figure, view, steps, mode, digits)
    written = [numbers.signed(float(size), digits) for size in steps.sizes]
    bold = [
        f"<b>{text}</b>" if name in (AVERAGE, HERE) else text
        for name, text in zip(steps.names, written, strict=True)
    ]
    canvas.row_texts(figure, mode, high, bold)
    return figure


def _add_bars(figure: go.Figure, view: Drivers, steps: Steps, mode: Mode, digits: int) -> None:
    colours = theme(mode)
    plain = {AVERAGE: colours.muted, HERE: colours.muted, OPEN: colours.neutral}
    pairs = list(zip(steps.names, steps.sizes, strict=True))
    figure.add_bar(
        base=np.minimum(steps.starts, steps.ends),
        x=np.abs(steps.sizes),
        y=np.arange(len(steps.names)),
        orientation="h",
        width=0.56,
        marker={
            "color": [plain.get(name, colours.gain if size > 0 else colours.loss) for name, size in pairs],
            "line": {"width": 0},
            "cornerradius": 2,
            "pattern": {
                "shape": ["/" if size < 0 else "" for size in steps.sizes],
                "fgcolor": colours.page,
                "fillmode": "overlay",
                "size": 7,
                "solidity": 0.3,
            },
        },
        hovertext=[
            f"<b>{labels.safe(name)}</b><br>{numbers.signed(float(size), digits)} {labels.safe(view.unit)}"
            for name, size in pairs
        ],
        hoverinfo="text",
        name="steps",
    )


def _add_joints(figure: go.Figure, steps: Steps, mode: Mode) -> None:
    """Thin lines from the end of one bar to the start of the next."""
    ends, rows = steps.ends[:-1], np.arange(len(steps.ends) - 1)
    gaps = np.full(len(rows), np.nan)
    figure.add_scatter(
        x=np.stack([ends, ends, gaps], axis=1).ravel(),
        y=np.stack([rows, rows + 1, gaps], axis=1).ravel(),
        mode="lines",
        line={"color": theme(mode).rule, "width": 1},
        hoverinfo="skip",
        name="joints",
    )


def alt_pool_drivers(view: Drivers) -> str:
    """One sentence: from the average to this pool, with the largest steps and what stays open."""
    here, steps = view.here, waterfall_steps(view)
    digits = numbers.decimals_for(here.base, here.actual)
    named = ", ".join(
        f"{name}: {numbers.signed(float(size), digits)}"
        for name, size in list(zip(steps.names, steps.sizes, strict=True))[1:4]
        if name != OPEN
    )
    return (
        f"From {numbers.signed(here.base, digits)} on average to {numbers.signed(here.actual, digits)} at this pool, "
        f"{view.quantity} of {view.domain}{labels.after(f'in {view.unit}' if view.unit else '')}; the largest steps: "
        f"{named}; not held by the simple model: {numbers.signed(here.remainder, digits)}."
    )
