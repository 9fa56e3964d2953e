"""A small drawing above a slider: how the runs' pools are spread over its range.

Inline SVG rather than a chart: six of them are redrawn with every move, and each weighs 1 KiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.figures.theme import theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.figures.theme import Mode

    Array = NDArray[np.float64]

_WIDTH, _HEIGHT, _BINS = 300.0, 26.0, 30
_BELOW = 12.0  # room for the number that Streamlit writes over a slider's thumb


def strip_svg(values: Array, low: float, high: float, at: float, *, mode: Mode) -> str:
    """Histogram of ``values`` (n,) between ``low`` and ``high``, with a line where the pool stands.

    All in the covariate's own unit; "" where there is no range.
    """
    colours = theme(mode)
    span = high - low
    if span <= 0.0:
        return ""
    counts, _ = np.histogram(values, bins=_BINS, range=(low, high))
    # Square roots keep a spike (many pools without a duplicate) from flattening the rest.
    heights = np.sqrt(counts / max(1, counts.max())) * (_HEIGHT - 2)
    step = _WIDTH / _BINS
    bars = "".join(
        f'<rect x="{i * step + 0.5:.1f}" y="{_HEIGHT - tall:.1f}" width="{step - 1:.1f}" height="{tall:.1f}"/>'
        for i, tall in enumerate(heights)
        if tall > 0
    )
    x = float(np.clip((at - low) / span, 0.0, 1.0)) * _WIDTH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT + _BELOW:.0f}">'
        f'<g fill="{colours.neutral}" fill-opacity="0.55">{bars}</g>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_HEIGHT:.0f}" stroke="{colours.accent}" '
        f'stroke-width="2"/></svg>'
    )
