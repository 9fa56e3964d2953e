"""The product's mark: a simplex with a mixture in it, and the name beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.figures.theme import theme

if TYPE_CHECKING:
    from causalmix_core.figures.theme import Mode


def logo_svg(mode: Mode) -> str:
    """The mark as SVG text in the colours of one mode."""
    colours = theme(mode)
    first, second, third = colours.categorical[:3]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 178 36" width="178" height="36">'
        f'<path d="M19 5 L34 31 L4 31 Z" fill="none" stroke="{colours.rule}" stroke-width="1.6" '
        'stroke-linejoin="round"/>'
        f'<circle cx="19" cy="5" r="3.6" fill="{first}"/><circle cx="34" cy="31" r="3.6" fill="{second}"/>'
        f'<circle cx="4" cy="31" r="3.6" fill="{third}"/><circle cx="17" cy="20" r="3.2" fill="{colours.ink}"/>'
        f'<text x="46" y="27" fill="{colours.ink}" font-size="24" font-weight="600" letter-spacing="-0.3" '
        "font-family=\"'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,sans-serif\">"
        "CausalMix</text></svg>"
    )
