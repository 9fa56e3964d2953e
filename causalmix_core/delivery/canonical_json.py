"""Canonical JSON: equal content gives equal bytes, so that a hash can be an identity.

Sorted keys, two-space indent, floats as Python's ``repr`` (shortest text that reads back
exactly), UTF-8 without escapes, LF, one newline at the end. NaN and infinities are refused:
JSON has no word for them and other readers choke on Python's.
"""

from __future__ import annotations

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Bytes of ``value`` in canonical form.

    Parameters
    ----------
    value : dicts with text keys, lists, text, ints, finite floats, bools, None, nested.

    Raises
    ------
    ValueError : a float is NaN or infinite, or text cannot be written as UTF-8.
    TypeError : something JSON cannot hold, or a key that is not text.
    """
    _refuse_other_keys(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2)
    return (text + "\n").encode("utf-8")


def _refuse_other_keys(value: Any) -> None:
    # json.dumps turns 1, True and None into text keys in silence, and two keys may then be one.
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"keys must be text, not {key!r}")
            _refuse_other_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_other_keys(inner)
