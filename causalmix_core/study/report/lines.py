"""Means with standard errors along an axis of steps or sizes: a line a name, side by side panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.study.report.axes import axis_over, upright
from causalmix_core.study.report.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.figures.theme import Mode

WIDTH, TOP = 800, 34
SHAPES = ("dot", "ring", "square", "diamond")


@dataclass(frozen=True)
class Lines:
    """One panel: ``series`` name -> (place on the x axis, mean, standard error or 0)."""

    title: str
    series: Mapping[str, Sequence[tuple[float, float, float]]]


def draw_lines(
    panels: Sequence[Lines],
    ticks: Sequence[tuple[float, str]],
    mode: Mode,
    title: str,
    label: str,
) -> bytes:
    """Panels share the x axis, whose ``ticks`` are (place, words)."""
    bottom = 250
    room = 24
    drawing = Drawing(WIDTH, bottom + room + 50, mode, title)
    names = list(dict.fromkeys(name for panel in panels for name in panel.series))
    space = (WIDTH - 20) / len(panels)
    for i, panel in enumerate(panels):
        _panel(drawing, panel, names, ticks, (20 + space * i + 40, 20 + space * (i + 1) - 16, bottom))
    drawing.text(WIDTH / 2, bottom + room + 12, label, drawing.colours.muted, 12, "middle")
    x = 60.0
    for number, name in enumerate(names):
        colour = drawing.colours.categorical[number % 8]
        y = bottom + room + 38
        drawing.line(x - 8, y - 4, x + 8, y - 4, colour, 2)
        drawing.mark(x, y - 4, colour, SHAPES[number % len(SHAPES)], 4)
        drawing.text(x + 14, y, name, drawing.colours.muted)
        x += 46 + 6.7 * len(name)
    return drawing.svg()


def _panel(
    drawing: Drawing,
    panel: Lines,
    names: Sequence[str],
    ticks: Sequence[tuple[float, str]],
    place: tuple[float, float, int],
) -> None:
    left, right, bottom = place
    ends = [
        mean + sign * se for points in panel.series.values() for _, mean, se in points for sign in (-1, 1)
    ]
    up = axis_over(ends, bottom, TOP, 5, zero=False)
    first, last = ticks[0][0], ticks[-1][0]
    width = (last - first) or 1.0

    def across(value: float) -> float:
        return left + 14 + (value - first) / width * (right - left - 28)

    drawing.text(left, TOP - 14, panel.title, bold=True)
    upright(drawing, up, left, right)
    for value, words in ticks:
        drawing.text(across(value), bottom + 15, words, drawing.colours.muted, 11, "middle")
    for name, points in panel.series.items():
        number = names.index(name)
        colour = drawing.colours.categorical[number % 8]
        drawing.path([(across(x), up.at(mean)) for x, mean, _ in points], colour)
        for x, mean, se in points:
            drawing.line(across(x), up.at(mean - se), across(x), up.at(mean + se), colour, 1.5)
            drawing.mark(across(x), up.at(mean), colour, SHAPES[number % len(SHAPES)], 4)
