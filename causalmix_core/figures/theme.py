"""Every colour of every chart, in a light and a dark set.

Categorical colours are Okabe and Ito's (told apart with any kind of colour vision), in an order
that starts with the strongest contrast against the page. Signed quantities use a blue-red scale
whose middle fades into the page; magnitudes use cividis. Backgrounds stay transparent: ``page``
is only what the charts are expected to lie on, for blending and for the contrast tests.

Source: Okabe and Ito (2008), Color Universal Design; Nunez, Anderton and Renslow (2018), cividis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Mode = Literal["light", "dark"]
TRANSPARENT = "rgba(0,0,0,0)"
FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", system-ui, sans-serif'

_CIVIDIS = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173",
    "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """Colours of one mode, all as ``#rrggbb``.

    Attributes
    ----------
    page : what lies behind the transparent figure.
    ink, muted : text, and text of the second rank (both >= 4.5 : 1 against ``page``).
    grid, rule : grid lines, and the line at zero.
    neutral : marks that carry no domain, and the domains beyond the eighth.
    unsupported, hatch : fill and strokes of what lies outside the runs.
    accent : the mark of a single series.
    gain, loss : raises and lowers, the ends of ``diverging``.
    categorical : 8 domain colours.
    diverging, sequential : colour scales from low to high.
    """

    page: str
    ink: str
    muted: str
    grid: str
    rule: str
    neutral: str
    unsupported: str
    hatch: str
    accent: str
    gain: str
    loss: str
    categorical: tuple[str, ...]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]


_LIGHT = Theme(
    page="#ffffff",
    ink="#262730",
    muted="#5b606e",
    grid="#e8eaf0",
    rule="#8b90a0",
    neutral="#9a9fac",
    unsupported="#d9dce3",
    hatch="#a9aeba",
    accent="#0072b2",
    gain="#b6202f",
    loss="#256baf",
    categorical=(
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
    ),
    diverging=(
        "#053061", "#256baf", "#559ec9", "#a7d0e4", "#e2edf3", "#f7f7f7",
        "#fae7dc", "#f7b799", "#dd6f59", "#b6202f", "#67001f",
    ),
    sequential=_CIVIDIS[::-1],
)  # fmt: skip

_DARK = Theme(
    page="#0e1117",
    ink="#fafafa",
    muted="#b3b8c4",
    grid="#262b36",
    rule="#7d8494",
    neutral="#7b8190",
    unsupported="#3a3f4b",
    hatch="#5d6372",
    accent="#56b4e9",
    gain="#f2785f",
    loss="#5aa9e6",
    categorical=(
        "#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2", "#ffffff",
    ),
    diverging=(
        "#a9d8ff", "#5aa9e6", "#2f78b7", "#22537f", "#1b3247", "#181c24",
        "#47261f", "#83382b", "#c4523d", "#f2785f", "#ffc2ae",
    ),
    sequential=_CIVIDIS,
)  # fmt: skip


def theme(mode: Mode) -> Theme:
    """The colours of one mode."""
    return _LIGHT if mode == "light" else _DARK


def domain_colours(
    domains: Sequence[str], mode: Mode, weights: NDArray[np.float64] | None = None
) -> dict[str, str]:
    """Colour of each domain: the palette in domain order.

    With more domains than colours, the largest by ``weights`` (K,) keep one each and the rest
    share one grey; without weights the first ones count as the largest. Pass weights that no
    slider moves (the runs' mean), or colours change hands.
    """
    colours = theme(mode)
    room = len(colours.categorical)
    size = np.zeros(len(domains)) if weights is None else np.asarray(weights, dtype=float)
    kept = sorted(np.argsort(-size, kind="stable")[:room])
    painted = dict.fromkeys(domains, colours.neutral)
    painted.update({domains[i]: colours.categorical[place] for place, i in enumerate(kept)})
    return painted


def colour_scale(colours: Sequence[str]) -> list[tuple[float, str]]:
    """Evenly spaced Plotly colour scale, low to high."""
    last = len(colours) - 1
    return [(i / last, colour) for i, colour in enumerate(colours)]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def faded(colour: str, mode: Mode, amount: float = 0.62) -> str:
    """``colour`` drawn towards the neutral grey: 0 leaves it, 1 is the grey."""
    pairs = zip(_channels(colour), _channels(theme(mode).neutral), strict=True)
    mixed = (round((1 - amount) * own + amount * grey) for own, grey in pairs)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def see_through(colour: str, alpha: float) -> str:
    """``#rrggbb`` as ``rgba(...)`` with opacity ``alpha`` in 0..1."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{alpha:g})"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1..21 (WCAG 2.2, success criterion 1.4.3)."""

    def luminance(colour: str) -> float:
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (channel / 255 for channel in _channels(colour))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
