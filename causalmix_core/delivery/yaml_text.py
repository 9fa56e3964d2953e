"""The few words of YAML that exports are written in; any YAML 1.1 or 1.2 reader takes them."""

from __future__ import annotations

import json


def yaml_text(text: str) -> str:
    """Double-quoted YAML in ASCII; whatever else is in ``text`` is escaped."""
    plain = (json.dumps(letter)[1:-1] if letter.isascii() else f"\\U{ord(letter):08x}" for letter in text)
    return '"' + "".join("\\x7f" if letter == "\x7f" else letter for letter in plain) + '"'


def yaml_scalar(value: str | float | bool | None) -> str:
    """One value; floats read back to the same bits, also where a reader wants a point before the exponent."""
    if isinstance(value, str):
        return yaml_text(value)
    if not isinstance(value, float):
        return json.dumps(value)
    digits, e, exponent = repr(value).partition("e")
    return f"{digits if '.' in digits or not e else digits + '.0'}{e}{exponent}"


def yaml_block(value: object, indent: int = 0) -> list[str]:
    """Lines of nested dicts (text keys) and lists in block style."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return [
            line for key, inner in value.items() for line in _entry(f"{pad}{yaml_text(key)}:", inner, indent)
        ]
    if isinstance(value, list) and value:
        return [line for inner in value for line in _entry(f"{pad}-", inner, indent)]
    raise TypeError(f"no block of {type(value).__name__}")


def _entry(head: str, inner: object, indent: int) -> list[str]:
    if isinstance(inner, dict | list):
        if inner:
            return [head, *yaml_block(inner, indent + 2)]
        return [f"{head} {'{}' if isinstance(inner, dict) else '[]'}"]
    if inner is None or isinstance(inner, str | float | int):
        return [f"{head} {yaml_scalar(inner)}"]
    raise TypeError(f"no scalar of {type(inner).__name__}")
