"""Predicted against realised: small square panels, one a method, a point a pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.study.report.axes import across, axis_over, upright
from causalmix_core.study.report.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.figures.theme import Mode

WIDTH, COLUMNS, GAP, TICKS = 800, 3, 52, 5
SHAPES = ("dot", "square", "diamond", "ring")


@dataclass(frozen=True)
class Cloud:
    """One panel: ``points`` group -> (predicted, realised) pairs."""

    title: str
    points: Mapping[str, Sequence[tuple[float, float]]]


def draw_clouds(
    clouds: Sequence[Cloud], groups: Sequence[str], mode: Mode, title: str, labels: tuple[str, str]
) -> bytes:
    """Panels in rows of three; the dashed line is where a prediction comes true, scales are a panel's own."""
    side = (WIDTH - 60 - 14 - GAP * (COLUMNS - 1)) / COLUMNS
    lines = -(-len(clouds) // COLUMNS)
    drawing = Drawing(WIDTH, round(30 + lines * (side + 62) + 22), mode, title)
    marks = {group: (i, SHAPES[i % len(SHAPES)]) for i, group in enumerate(groups)}
    for i, cloud in enumerate(clouds):
        left = 60 + (i % COLUMNS) * (side + GAP)
        _cloud(drawing, cloud, (left, 30 + (i // COLUMNS) * (side + 62), side), marks)
    bottom = drawing.height - 12
    drawing.text(WIDTH / 2, bottom - 24, labels[0], drawing.colours.muted, 12, "middle")
    drawing.text(16, (bottom - 40) / 2, labels[1], drawing.colours.muted, 12, "middle", turned=True)
    x = 60.0
    for group, (place, shape) in marks.items():
        drawing.mark(x, bottom - 4, drawing.colours.categorical[place], shape)
        drawing.text(x + 10, bottom, group, drawing.colours.muted, 12)
        x += 34 + 6.7 * len(group)
    return drawing.svg()


def _cloud(
    drawing: Drawing,
    cloud: Cloud,
    place: tuple[float, float, float],
    marks: Mapping[str, tuple[int, str]],
) -> None:
    left, top, side = place
    ends = [v for pairs in cloud.points.values() for pair in pairs for v in pair]
    over = axis_over(ends, left, left + side, TICKS)
    up = axis_over(ends, top + side, top, TICKS)
    drawing.text(left, top - 10, cloud.title, bold=True)
    across(drawing, over, top, top + side)
    upright(drawing, up, left, left + side)
    drawing.line(
        over.at(over.low), up.at(up.low), over.at(over.high), up.at(up.high), drawing.colours.rule, 1, "5 4"
    )
    for group, pairs in cloud.points.items():
        number, shape = marks[group]
        for predicted, realised in pairs:
            drawing.mark(
                over.at(predicted), up.at(realised), drawing.colours.categorical[number], shape, 3.6, 0.85
            )
