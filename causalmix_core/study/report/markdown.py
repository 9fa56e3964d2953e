"""Markdown: tables, pictures in a light and a dark version, paragraphs of a fixed width."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 120


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table; all but the first ``left`` columns are set to the right."""
    marks = ["---" if i < left else "---:" for i in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )


def paragraph(text: str) -> str:
    """Text broken into lines, never inside a word."""
    return "\n".join(
        textwrap.wrap(" ".join(text.split()), LINE, break_long_words=False, break_on_hyphens=False)
    )


def points(items: Sequence[str]) -> str:
    """A list."""
    wrapped = [
        textwrap.wrap(
            " ".join(item.split()),
            LINE,
            initial_indent="- ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for item in items
    ]
    return "\n".join("\n".join(lines) for lines in wrapped)


def picture(folder: str, name: str, words: str) -> str:
    """A picture that follows the reader's light or dark page; ``words`` for who cannot see it."""
    said = words.replace('"', "'")
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{folder}/{name}-dark.svg">\n'
        f'  <img alt="{said}" src="{folder}/{name}-light.svg">\n'
        "</picture>"
    )


def folded(title: str, body: str) -> str:
    """A part that opens at a click."""
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def code(text: str) -> str:
    """Text as it is, indented."""
    return textwrap.indent(text.rstrip("\n"), "    ", lambda _: True)


def document(parts: Sequence[str]) -> bytes:
    """Parts with a blank line between them; empty ones are left out."""
    return ("\n\n".join(part for part in parts if part) + "\n").encode()
