"""The study's pools: how good their domains are, and how much the laws of mixtures saw of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.report.axes import Axis, across, axis_over, upright
from causalmix_core.study.report.drawing import Drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.figures.theme import Mode

LawCorrelations = dict[str, dict[str, float]]

WIDTH, HEIGHT, TOP, BOTTOM = 800, 300, 34, 222
BINS = 10
SHAPES = ("ring", "dot", "diamond", "square")


def draw_pools(qualities: NDArray[np.float64], correlations: LawCorrelations, mode: Mode) -> bytes:
    """A histogram of the qualities, and a dot for each law and domain."""
    drawing = Drawing(WIDTH, HEIGHT, mode, "The study's pools and what the laws of mixtures saw of them")
    _histogram(drawing, qualities)
    _correlations(drawing, correlations)
    return drawing.svg()


def _histogram(drawing: Drawing, qualities: NDArray[np.float64]) -> None:
    # Whole numbers of a bin's width: an edge such as 0.3 must not fall on either side by its last digit.
    places = np.minimum(np.floor(np.round(qualities * BINS, 9)).astype(int), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    left, right = 66.0, 356.0
    over = Axis(0.0, 1.0, left, right, 0.2)
    top = axis_over([float(counts.max())], BOTTOM, TOP)
    up = Axis(0.0, float(counts.max()) * 1.05, BOTTOM, TOP, top.step)
    drawing.text(left, TOP - 14, "Quality of the pools' domains", bold=True)
    upright(drawing, up, left, right, "domains of pools")
    for i, count in enumerate(counts.tolist()):
        start, end = over.at(i / BINS) + 1, over.at((i + 1) / BINS) - 1
        drawing.box(start, up.at(count), end - start, BOTTOM - up.at(count), drawing.colours.accent)
    for tick in over.ticks():
        drawing.text(over.at(tick), BOTTOM + 15, f"{tick:g}", drawing.colours.muted, 11, "middle")
    drawing.text(
        (left + right) / 2, BOTTOM + 33, "quality (1: undamaged)", drawing.colours.muted, 12, "middle"
    )


def _correlations(drawing: Drawing, correlations: LawCorrelations) -> None:
    domains = list(next(iter(correlations.values())))
    left, right = 480.0, 786.0
    axis = axis_over([v for found in correlations.values() for v in found.values()], left, right, 6)
    drawing.text(left, TOP - 14, "Share against quality", bold=True)
    across(drawing, axis, TOP, BOTTOM, "correlation over the runs of a law")
    row = (BOTTOM - TOP) / len(domains)
    colours = (drawing.colours.muted, *drawing.colours.categorical)
    for i, domain in enumerate(domains):
        y = TOP + row * (i + 0.5)
        drawing.text(left - 8, y + 4, domain, anchor="end")
        for number, found in enumerate(correlations.values()):
            if math.isfinite(found[domain]):
                drawing.mark(axis.at(found[domain]), y, colours[number], SHAPES[number % len(SHAPES)])
    x = left
    for number, law in enumerate(correlations):
        drawing.mark(x + 5, HEIGHT - 20, colours[number], SHAPES[number % len(SHAPES)])
        drawing.text(x + 15, HEIGHT - 16, law, drawing.colours.muted)
        x += 44 + 6.7 * len(law)
