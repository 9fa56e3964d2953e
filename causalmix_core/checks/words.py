"""Numbers in the sentences of checks."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"


def number(value: float, decimals: int = 2) -> str:
    """``-0.031`` -> a minus sign and ``0.03``; never a minus before zero."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not any(c in "123456789" for c in text) else text.replace("-", MINUS)


def compact(value: float) -> str:
    """Two significant digits in plain notation: ``0.00213`` -> ``"0.0021"``."""
    text = f"{float(f'{value:.2g}'):.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0", "0") else text.replace("-", MINUS)


def percent(share: float) -> str:
    """``0.264`` -> ``"26 %"``; one decimal below ten percent."""
    value = 100.0 * share
    return f"{number(value, 1 if abs(value) < 9.95 else 0)} %"


def listed(names: list[str], most: int = 4) -> str:
    """``"web, code and 3 more"``."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
