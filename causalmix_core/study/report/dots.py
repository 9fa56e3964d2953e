"""Dots with whiskers: one row a name, one panel a group, every panel with its own scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.study.report.axes import across, axis_over
from causalmix_core.study.report.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.figures.theme import Mode

WIDTH = 800
ROW = 23
TOP = 30
LETTER, BOLD_LETTER = 6.7, 7.6  # pixels of a letter at 12 px, about
TICK = 30  # pixels that a tick's number needs
SHAPES = ("own", "rival", "privileged")
MARKS = {"own": "dot", "rival": "ring", "privileged": "diamond"}


@dataclass(frozen=True)
class Panel:
    """One panel: ``values`` name -> (mean, low, high); low and high may be nan."""

    title: str
    values: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Rows:
    """What the rows are: ``names`` top down, name -> kind (own, rival, privileged), and what the kinds are called."""

    names: Sequence[str]
    kinds: Mapping[str, str]
    words: Mapping[str, str]


def draw_dots(rows: Rows, panels: Sequence[Panel], mode: Mode, title: str, label: str) -> bytes:
    """Means as marks, intervals as whiskers; the line at 0 is drawn stronger."""
    height = TOP + ROW * len(rows.names) + 44 + 26
    drawing = Drawing(WIDTH, height, mode, title)
    left = 14 + BOLD_LETTER * max(len(name) for name in rows.names)
    space = (WIDTH - left - 14) / len(panels)
    bottom = TOP + ROW * len(rows.names)
    for i, name in enumerate(rows.names):
        bold = rows.kinds[name] == "own"
        drawing.text(left - 8, TOP + ROW * (i + 0.5) + 4, name, anchor="end", bold=bold)
        y = TOP + ROW * (i + 0.5)
        drawing.line(left, y, WIDTH - 14, y, drawing.colours.grid)
    for i, panel in enumerate(panels):
        start = left + space * i + 8
        _panel(drawing, panel, rows, (start, start + space - 16), bottom)
    drawing.text(left + space * len(panels) / 2, bottom + 35, label, drawing.colours.muted, 12, "middle")
    _legend(drawing, rows, bottom + 60)
    return drawing.svg()


def _panel(drawing: Drawing, panel: Panel, rows: Rows, edges: tuple[float, float], bottom: float) -> None:
    ends = [v for three in panel.values.values() for v in three]
    axis = axis_over(ends, *edges, ticks=max(3, int((edges[1] - edges[0]) / TICK)))
    drawing.text(edges[0], TOP - 12, panel.title, bold=True)
    across(drawing, axis, TOP, bottom)
    for i, name in enumerate(rows.names):
        if name not in panel.values:
            continue
        mean, low, high = panel.values[name]
        y, colour = TOP + ROW * (i + 0.5), paint(drawing, rows.kinds[name])
        if math.isfinite(low) and math.isfinite(high):
            drawing.line(axis.at(low), y, axis.at(high), y, colour, 2)
        drawing.mark(axis.at(mean), y, colour, MARKS[rows.kinds[name]])


def paint(drawing: Drawing, kind: str) -> str:
    """Colour of a kind of row; its shape tells it apart too."""
    colours = drawing.colours
    return {"own": colours.categorical[0], "rival": colours.muted, "privileged": colours.categorical[1]}[kind]


def _legend(drawing: Drawing, rows: Rows, y: float) -> None:
    x = 16.0
    for kind in SHAPES:
        if kind in rows.kinds.values() and kind in rows.words:
            drawing.mark(x, y - 4, paint(drawing, kind), MARKS[kind])
            drawing.text(x + 10, y, rows.words[kind], drawing.colours.muted, 12)
            x += 30 + LETTER * len(rows.words[kind])
