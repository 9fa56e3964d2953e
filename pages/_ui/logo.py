"""The product's mark, a simplex with a mixture in it, alone and beside the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.figures.theme import theme

if TYPE_CHECKING:
    from causalmix_core.figures.theme import Mode


def mark_svg(mode: Mode) -> str:
    """The mark alone, for the browser's tab."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 38 36" width="38" height="36">{_mark(mode)}</svg>'


def logo_svg(mode: Mode) -> str:
    """Mark and name in the colours of one mode."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 178 36" width="178" height="36">{_mark(mode)}'
        f'<text x="46" y="27" fill="{theme(mode).ink}" font-size="24" font-weight="600" letter-spacing="-0.3" '
        "font-family=\"'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,sans-serif\">"
        "CausalMix</text></svg>"
    )


def _mark(mode: Mode) -> str:
    colours = theme(mode)
    first, second, third = colours.categorical[:3]
    return (
        f'<path d="M19 5 L34 31 L4 31 Z" fill="none" stroke="{colours.rule}" stroke-width="1.6" '
        'stroke-linejoin="round"/>'
        f'<circle cx="19" cy="5" r="3.6" fill="{first}"/><circle cx="34" cy="31" r="3.6" fill="{second}"/>'
        f'<circle cx="4" cy="31" r="3.6" fill="{third}"/><circle cx="17" cy="20" r="3.2" fill="{colours.ink}"/>'
    )
