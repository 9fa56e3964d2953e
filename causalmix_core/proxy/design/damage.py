"""Damaged text: what a bad crawl or a bad filter leaves behind. Every function is decided by its seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NOISE = "abcdefghijklmnopqrstuvwxyz0123456789~^|#@ "
# Of the damaged characters: replaced, dropped, doubled.
REPLACED, DROPPED = 0.6, 0.2
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def garbled(text: str, rate: float, rng: np.random.Generator) -> str:
    """A part ``rate`` of the characters replaced, dropped or doubled, as after bad OCR or decoding."""
    fate = rng.random(len(text)) / rate
    noise = rng.integers(len(NOISE), size=len(text))
    out: list[str] = []
    for character, chance, other in zip(text, fate.tolist(), noise.tolist(), strict=True):
        if chance < REPLACED:
            out.append(NOISE[other])
        elif chance < REPLACED + DROPPED:
            continue
        elif chance < 1.0:
            out.append(character * 2)
        else:
            out.append(character)
    return "".join(out)


def shuffled(text: str, rng: np.random.Generator) -> str:
    """The words (whatever blanks part) in random order."""
    words = text.split(" ")
    return " ".join(words[i] for i in rng.permutation(len(words)))


def boilerplate(characters: int, rng: np.random.Generator) -> str:
    """At least so many characters of menus, cookie notices, encoded blobs or tables of numbers."""
    kind = int(rng.integers(4))
    lines: list[str] = []
    size = 0
    while size < characters:
        lines.append(_line(kind, rng))
        size += len(lines[-1])
    return "".join(lines)


def _line(kind: int, rng: np.random.Generator) -> str:
    if kind == 0:
        cart, page, pages = rng.integers(0, 99, 3)
        return f"Home | About us | Products | Contact | Login | Cart ({cart}) | Page {page} of {pages}\n"
    if kind == 1:
        return (
            "We use cookies to improve your experience. Accept all | Reject | Settings\n"
            f"Subscribe to our newsletter! Share on Facebook Twitter Email ({rng.integers(999)})\n"
        )
    if kind == 2:
        return "".join(BASE64[i] for i in rng.integers(64, size=64)) + "\n"
    return "\t".join(f"{value:.3f}" for value in rng.normal(0.0, 50.0, 8)) + "\n"
