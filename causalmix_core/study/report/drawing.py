"""Plain SVG, written by hand: the same bytes on every machine, as no font and no renderer takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from causalmix_core.figures.theme import FONT, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.figures.theme import Mode, Theme


class Drawing:
    """A picture of ``width`` x ``height`` pixels that grows mark by mark; y points down."""

    def __init__(self, width: int, height: int, mode: Mode, title: str):
        self.width, self.height = width, height
        self.colours: Theme = theme(mode)
        self._title = title
        self._marks: list[str] = []

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0, dash: str = ""
    ) -> None:
        """A straight line; ``dash`` such as "4 3"."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._marks.append(
            f'<line x1="{at(x1)}" y1="{at(y1)}" x2="{at(x2)}" y2="{at(y2)}" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed}/>'
        )

    def path(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2.0) -> None:
        """A line through points."""
        there = " ".join(f"{at(x)},{at(y)}" for x, y in points)
        self._marks.append(
            f'<polyline points="{there}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            'stroke-linejoin="round"/>'
        )

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        self._marks.append(
            f'<rect x="{at(x)}" y="{at(y)}" width="{at(width)}" height="{at(height)}" fill="{fill}"/>'
        )

    def mark(
        self, x: float, y: float, colour: str, shape: str = "dot", size: float = 4.5, alpha: float = 1.0
    ) -> None:
        """A dot, a ring, a square or a diamond around a point; shapes tell apart what colours may not."""
        seen = f' opacity="{alpha:g}"' if alpha < 1.0 else ""
        if shape in ("dot", "ring"):
            paint = (
                f'fill="{self.colours.page}" stroke="{colour}" stroke-width="2"'
                if shape == "ring"
                else f'fill="{colour}"'
            )
            self._marks.append(f'<circle cx="{at(x)}" cy="{at(y)}" r="{size:g}" {paint}{seen}/>')
            return
        turn = f' transform="rotate(45 {at(x)} {at(y)})"' if shape == "diamond" else ""
        self._marks.append(
            f'<rect x="{at(x - size + 0.5)}" y="{at(y - size + 0.5)}" width="{2 * size - 1:g}" height="{2 * size - 1:g}" '
            f'fill="{colour}"{turn}{seen}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: str = "",
        size: float = 12.0,
        anchor: str = "start",
        bold: bool = False,
        turned: bool = False,
    ) -> None:
        """Words with their baseline at y; ``anchor`` start, middle or end; ``turned`` reads upwards."""
        weight = ' font-weight="600"' if bold else ""
        turn = f' transform="rotate(-90 {at(x)} {at(y)})"' if turned else ""
        self._marks.append(
            f'<text x="{at(x)}" y="{at(y)}" fill="{colour or self.colours.ink}" font-size="{size:g}" '
            f'text-anchor="{anchor}"{weight}{turn}>{escape(words)}</text>'
        )

    def svg(self) -> bytes:
        """The picture as a file."""
        face = escape(FONT, {'"': "'"})
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" font-family="{face}" role="img">\n'
            f"<title>{escape(self._title)}</title>\n"
            f'<rect width="{self.width}" height="{self.height}" fill="{self.colours.page}"/>\n'
        )
        return (head + "\n".join(self._marks) + "\n</svg>\n").encode()


def at(value: float) -> str:
    """A coordinate to a tenth of a pixel; rounded twice, so that last digits of a sum cannot move it."""
    return f"{round(round(float(value), 6), 1) + 0.0:g}"
