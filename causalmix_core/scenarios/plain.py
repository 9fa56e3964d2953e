"""Frozen dataclasses as plain JSON values and back, led by their own annotations, strictly.

What comes in is hostile: a key that is not a field, a value of another type, a number that is not
finite or a text that is too long is refused, naming the place.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from causalmix_core.errors import CausalMixError, ScenarioError
from causalmix_core.evidence.issues import shown

MOST_ITEMS = 10_000
LONGEST_TEXT = 500


# Types that annotations name and their modules import for checking only.
Names = tuple[tuple[str, Any], ...]


@cache
def _hints(kind: Any, names: Names) -> dict[str, Any]:
    return get_type_hints(kind, localns=dict(names))


def plain(value: Any) -> Any:
    """A frozen dataclass, tuple, text, number, bool or None as JSON holds it; all fields are written.

    All numbers are written as floats: no field of a scenario counts anything.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) + 0.0  # 0, 0.0 and -0.0 are one number and shall be one text
    return value


def rebuilt(kind: Any, value: object, where: str, names: Names) -> Any:
    """The dataclass ``kind`` from what :func:`plain` made of one; fields that are missing take their defaults.

    Parameters
    ----------
    where : what to call the place in messages.
    names : (name, type) pairs that annotations need.

    Raises
    ------
    ScenarioError : naming the place and what is wrong with it.
    """
    if not isinstance(value, dict):
        raise ScenarioError(f"{where} is {shown(repr(value))}; write a JSON object.")
    fields = {f.name: f for f in dataclasses.fields(kind)}
    unknown = sorted(set(map(str, value)) - set(fields))
    if unknown:
        raise ScenarioError(
            f"{where} has {shown(unknown[0])!r}, which it does not know; it knows {', '.join(fields)}."
        )
    for name, field in fields.items():
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and name not in value:
            raise ScenarioError(f"{where} lacks {name}.")
    hints = _hints(kind, names)
    read = {name: _value(hints[name], inner, f"{where}: {name}", names) for name, inner in value.items()}
    try:
        return kind(**read)
    except ScenarioError:
        raise
    except CausalMixError as problem:
        raise ScenarioError(f"{where}: {problem}") from problem


def _value(kind: Any, value: object, where: str, names: Names) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return rebuilt(kind, value, where, names)
    if origin in (Union, UnionType):
        if value is None and NoneType in inside:
            return None
        (other,) = (k for k in inside if k is not NoneType)
        return _value(other, value, where, names)
    if origin is Literal:
        if isinstance(value, str) and value in inside:
            return value
        raise ScenarioError(f"{where} is {shown(repr(value))}; choose one of {', '.join(inside)}.")
    if origin is tuple:
        return _tuple(inside, value, where, names)
    return _single(kind, value, where)


def _tuple(inside: tuple[Any, ...], value: object, where: str, names: Names) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise ScenarioError(f"{where} is {shown(repr(value))}; write a list of at most {MOST_ITEMS:,} items.")
    kinds = (inside[0],) * len(value) if inside[-1] is Ellipsis else inside
    if len(kinds) != len(value):
        raise ScenarioError(f"{where} has {len(value)} items; write {len(kinds)}.")
    return tuple(
        _value(kind, item, f"{where} {number}", names)
        for number, (kind, item) in enumerate(zip(kinds, value, strict=True), start=1)
    )


def _single(kind: Any, value: object, where: str) -> object:
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        most = (
            sys.float_info.max
        )  # comparing is safe where turning a whole number of any length into a float is not
        if kind is float and -most <= value <= most:
            return float(value) + 0.0
    words = {bool: "true or false", str: "text", float: "a finite number"}
    raise ScenarioError(f"{where} is {shown(repr(value))}; write {words[kind]}.")


def _text(value: str, where: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise ScenarioError(f"{where} has {len(value):,} characters; write at most {LONGEST_TEXT}.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ScenarioError(f"{where} holds half a character; write it anew.") from None
    return value
