"""JSON that people enter about domains: hostile until read."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from causalmix_core.errors import CausalMixError

MAX_BYTES = 1_000_000


def json_object(
    data: bytes | Mapping[str, object], what: str, error: type[CausalMixError]
) -> Mapping[str, object]:
    """The JSON object in ``data``; anything else raises ``error`` naming ``what``."""
    if not isinstance(data, bytes):
        return data
    if len(data) > MAX_BYTES:
        raise error(f"The {what} has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise error(f"The {what} is not JSON ({problem}); write an object of domains.") from problem
    if not isinstance(found, dict):
        raise error(f"The {what} is not a JSON object; write one value per domain, by name.")
    return found


def number(value: object, what: str, error: type[CausalMixError]) -> float:
    """``value`` as a finite float; anything else raises ``error`` naming ``what``."""
    # Comparing is safe where turning a whole number of any length into a float is not.
    most = sys.float_info.max
    if isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most:
        return float(value)
    raise error(f"{what} is {str(value)[:40]!r}, not a finite number; give a share such as 0.25.")


def refuse_unknown(
    names: Iterable[str], domains: tuple[str, ...], what: str, error: type[CausalMixError]
) -> None:
    """Raise ``error`` when a name is no domain of the table."""
    unknown = [name for name in names if name not in domains]
    if unknown:
        raise error(f"The {what} names {', '.join(unknown)}, but the domains are {', '.join(domains)}.")
