"""Linear axes: round ticks, and where a value lies on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from causalmix_core.study.report.drawing import Drawing

_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """Values ``low`` to ``high`` along pixels ``start`` to ``end``; ``step`` between ticks."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        """The pixel of a value; what lies outside is held at the edge."""
        held = min(max(value, self.low), self.high)
        return self.start + (held - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values within the axis."""
        first = math.ceil(round(self.low / self.step, 9))
        last = math.floor(round(self.high / self.step, 9))
        return [round(i * self.step, 10) for i in range(first, last + 1)]


def axis_over(values: Iterable[float], start: float, end: float, ticks: int = 4, zero: bool = True) -> Axis:
    """An axis that holds all finite values (and 0, if ``zero``) with a little room, and at most about so many ticks."""
    kept = [round(v, 9) for v in values if math.isfinite(v)] + ([0.0] if zero else [])
    low, high = (min(kept), max(kept)) if kept else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    step = round_step((high - low) / ticks)
    room = 0.06 * (high - low)
    return Axis(round(low - room, 9), round(high + room, 9), start, end, step)


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(least) + 1e-9)
    return next(power * s for s in _STEPS if power * s >= least * (1.0 - 1e-9))


def signed(value: float) -> str:
    """A tick's number with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def across(
    drawing: Drawing, axis: Axis, top: float, bottom: float, label: str = "", size: float = 11.0
) -> None:
    """Grid lines and numbers of a horizontal axis, below ``bottom``."""
    colours = drawing.colours
    for tick in axis.ticks():
        x = axis.at(tick)
        drawing.line(x, top, x, bottom, colours.rule if tick == 0.0 else colours.grid)
        drawing.text(x, bottom + 15, signed(tick), colours.muted, size, "middle")
    if label:
        drawing.text((axis.start + axis.end) / 2, bottom + 33, label, colours.muted, 12, "middle")


def upright(
    drawing: Drawing, axis: Axis, left: float, right: float, label: str = "", size: float = 11.0
) -> None:
    """Grid lines and numbers of a vertical axis, left of ``left``; ``start`` of the axis is its lower end."""
    colours = drawing.colours
    for tick in axis.ticks():
        y = axis.at(tick)
        drawing.line(left, y, right, y, colours.rule if tick == 0.0 else colours.grid)
        drawing.text(left - 6, y + 4, signed(tick), colours.muted, size, "end")
    if label:
        drawing.text(left - 40, (axis.start + axis.end) / 2, label, colours.muted, 12, "middle", turned=True)
