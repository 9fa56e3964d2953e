"""JSON that people enter, about pools, anchors or bounds: hostile until read."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from causalmix_core.evidence.issues import shown

if TYPE_CHECKING:
    from causalmix_core.errors import CausalMixError

MOST_BYTES = 1_000_000


def json_object(
    data: bytes | Mapping[str, object], what: str, remedy: str, error: type[CausalMixError]
) -> Mapping[str, object]:
    """The JSON object in ``data``; anything else raises ``error`` naming ``what`` and the remedy."""
    if isinstance(data, Mapping):
        return data
    if len(data) > MOST_BYTES:
        raise error(f"The {what} is larger than 1 MB; {remedy}.")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise error(f"The {what} is not JSON ({shown(problem)}); {remedy}.") from None
    if not isinstance(found, dict):
        raise error(f"The {what} is not a JSON object; {remedy}.")
    return found


def number(value: object, what: str, remedy: str, error: type[CausalMixError]) -> float:
    """``value`` as a finite float; anything else raises ``error`` naming ``what`` and the remedy."""
    # Comparing is safe where turning a whole number of any length into a float is not.
    most = sys.float_info.max
    if isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most:
        return float(value)
    raise error(f"{what} is {shown(repr(value))}, not a finite number; {remedy}.")
