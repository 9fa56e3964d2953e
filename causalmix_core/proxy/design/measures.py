"""What rows can be filtered or tilted by without a model: plain measures of one text.

Common heuristics of web filters (Rae et al. 2021, Gopher, appendix A; Penedo et al. 2023, RefinedWeb). Measures that
need a model belong to the scores of a pool, not here.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = re.compile(r"\w+")


def compressibility(text: str) -> float:
    """Bytes of the text over bytes of its zlib form: high for repetitive text, about 1 for noise."""
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw) / len(zlib.compress(raw, 6)) if raw else 0.0


def distinct_words(text: str) -> float:
    """Distinct words (any case) over all words, 0..1."""
    words = _WORD.findall(text.casefold())
    return len(set(words)) / len(words) if words else 0.0


def letters(text: str) -> float:
    """Part of the characters that are letters, 0..1."""
    return sum(map(str.isalpha, text)) / len(text) if text else 0.0


def length(text: str) -> float:
    """Characters."""
    return float(len(text))


MEASURES: dict[str, Callable[[str], float]] = {
    "compressibility": compressibility,
    "distinct_words": distinct_words,
    "letters": letters,
    "length": length,
}
