"""JSON objects from people's files: every way it can be wrong becomes one sentence."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.errors import CausalMixError

MAX_BYTES = 1_000_000
_NAMES_SHOWN = 5


class _Refused(ValueError):
    """What :mod:`json` would let pass: a name given twice, or a number that is none."""


def load_object(
    data: bytes | Mapping[str, object], what: str, error: type[CausalMixError]
) -> dict[str, object]:
    """The object in ``data``, a JSON file's bytes or an object read before.

    Raises
    ------
    ``error``
        Too large, not UTF-8, not JSON, not an object, a name twice, NaN or infinity. ``what``
        names the file in the message, e.g. ``"The anchor"``.
    """
    if not isinstance(data, bytes):
        return dict(data)
    if len(data) > MAX_BYTES:
        raise error(f"{what} has {len(data):,} bytes: a file of names and shares has at most {MAX_BYTES:,}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error(f"{what} is not a text file in UTF-8: save it as JSON.") from None
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except _Refused as refused:
        raise error(f"{what} {refused}.") from None
    except json.JSONDecodeError as wrong:
        raise error(f"{what} is not JSON (line {wrong.lineno}, column {wrong.colno}: {wrong.msg}).") from None
    except RecursionError:
        raise error(f"{what} nests objects too deeply: one object of names and values is expected.") from None
    if not isinstance(found, dict):
        raise error(f'{what} is not a JSON object: write {{"domain": 0.5, ...}}.')
    return found


def is_number(value: object) -> bool:
    """A finite real number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def names(found: list[str]) -> str:
    """Names in one line; past a handful only how many more there are."""
    more = len(found) - _NAMES_SHOWN
    return ", ".join(found[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def shown(value: object) -> str:
    """A value as people typed it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Refused(f"names {shown(name)} twice: keep one of the two")
        found[name] = value
    return found


def _refuse_constant(name: str) -> float:
    raise _Refused(f"holds {name}, which is no number: give a share")
