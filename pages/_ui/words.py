"""Small text helpers of the pages: user text made safe for Markdown, column names in plain words."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|#~])")


def escape(text: str) -> str:
    """Text from a user's file, shown as it is and never as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def plain(name: str) -> str:
    """A column's name as words: ``duplicate_rate`` -> ``duplicate rate``."""
    return name.replace("_", " ").strip()


def sentence(name: str) -> str:
    """The same with a capital, for labels."""
    words = plain(name)
    return words[:1].upper() + words[1:]
