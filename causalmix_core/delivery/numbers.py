"""One way to write numbers for people: percentages, signed gains, intervals, durations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from causalmix_core.delivery.counts import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
_MOST_DECIMALS = 8


def percentages(shares: Sequence[float]) -> tuple[str, ...]:
    """Shares that sum to 1 as percentages with one decimal that add up to exactly 100.0."""
    return tuple(f"{tenths // 10}.{tenths % 10}" for tenths in largest_remainder(shares, 1000))


def percent(share: float) -> str:
    """One share on its own, ``0.264`` -> ``"26.4 %"``; for a whole mixture use :func:`percentages`."""
    return f"{plain(100.0 * share, 1)} %"


def level_percent(level: float) -> str:
    """A nominal level, ``0.9`` -> ``"90 %"``, ``0.995`` -> ``"99.5 %"``."""
    return f"{100.0 * level:.10g} %"


def decimals_for(*values: float) -> int:
    """Decimals that show two significant digits of the largest value, or of the spread if smaller.

    Numbers that stand together (an effect and its interval) should be written alike, and finely
    enough that the ends of a narrow interval differ.
    """
    sizes = [max(abs(v) for v in values), max(values) - min(values)]
    smallest = min((size for size in sizes if size > 0.0), default=0.0)
    if smallest == 0.0:
        return 1
    return max(0, 1 - math.floor(math.log10(smallest)))


def plain(value: float, decimals: int) -> str:
    """``-1234.5`` -> ``"\u22121,234.5"``; never a minus before zero."""
    if decimals > _MOST_DECIMALS and value != 0.0:
        return f"{value:.1e}".replace("-", MINUS)
    text = f"{value:,.{min(decimals, _MOST_DECIMALS)}f}"
    if float(text.replace(",", "")) == 0.0:
        return text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float, decimals: int) -> str:
    """Like :func:`plain` with ``+`` before positive numbers, for gains and changes."""
    text = plain(value, decimals)
    is_positive = value > 0.0 and any(digit in text for digit in "123456789")
    return f"+{text}" if is_positive else text


def probability(value: float) -> str:
    """Two decimals, and never a certainty that a model cannot have: ``"above 0.99"``."""
    if value > 0.99:
        return "above 0.99"
    return "below 0.01" if value < 0.01 else f"{value:.2f}"


def thousands(count: int) -> str:
    """``100000`` -> ``"100,000"``."""
    return f"{count:,}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """``7500`` -> ``"2 h 05 m"``, ``125`` -> ``"2 m 05 s"``, ``7.3`` -> ``"7.3 s"``."""
    if round(seconds, 1) < 10.0:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02d} s"
    minutes = round(seconds / 60.0)
    return f"{thousands(minutes // 60)} h {minutes % 60:02d} m"
