"""What a text looks like on its surface: no model, no claim to be a rating of style.

``style_surface`` stands in where no rater can be had. It is never the Writing_Style of a rater.
"""

from __future__ import annotations

import re

CHARACTERS = 65_536  # of a text that are looked at, at most
CHUNK = 100  # words that repeats are counted in
# English ones: text in other languages scores near 0.
FUNCTION_WORDS = frozenset(
    (
        "the",
        "of",
        "and",
        "to",
        "a",
        "in",
        "is",
        "that",
        "for",
        "it",
        "as",
        "with",
        "be",
        "by",
        "on",
        "or",
        "are",
        "this",
    )
)
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def surface(text: str) -> tuple[float, float]:
    """(type_token_ratio, style_surface) of the first 65,536 characters.

    Returns
    -------
    Distinct words (any case) per word in chunks of 100 words, averaged over the chunks, 0..1; and the rate of English
    function words among the words minus the rates of punctuation, digits and line ends among the characters, -1..1.
    """
    text = text[:CHARACTERS]
    words = [word.lower() for word in _WORD.findall(text)]
    chunks = [words[i : i + CHUNK] for i in range(0, len(words), CHUNK)]
    ratio = sum(len(set(chunk)) / len(chunk) for chunk in chunks) / max(1, len(chunks))
    function = sum(word in FUNCTION_WORDS for word in words) / max(1, len(words))
    odd = len(_PUNCTUATION.findall(text)) + sum(map(str.isdigit, text)) + text.count("\n")
    return ratio, function - odd / max(1, len(text))
