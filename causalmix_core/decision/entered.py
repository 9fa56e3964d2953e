"""What anchors and bounds have in common: they name domains of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from causalmix_core.errors import CausalMixError


def refuse_unknown(
    names: Iterable[str], domains: tuple[str, ...], what: str, error: type[CausalMixError]
) -> None:
    """Raise ``error`` when a name is no domain of the table."""
    unknown = [name for name in names if name not in domains]
    if unknown:
        raise error(f"The {what} names {', '.join(unknown)}, but the domains are {', '.join(domains)}.")
