"""Windows whose text is damaged: decoded, damaged, encoded again, and cut or said again to their length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.proxy.design.damage import boilerplate, garbled, shuffled
from causalmix_core.proxy.design.picks import BOILERPLATE, GARBLED, SHUFFLED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer

    Rows = NDArray[np.int64]

_DAMAGE = 11  # first word of the seeds of damage
_CHARACTERS_A_TOKEN = 6  # more than a token has on average


def bank_name(code: int) -> str:
    """How the bank of one kind of damage is called."""
    return {SHUFFLED: "shuffle", BOILERPLATE: "boiler"}.get(code) or f"garble{code - GARBLED}"


def damaged_windows(windows: Rows, rows: Rows, domain: int, code: int, tokenizer: LoadedTokenizer) -> Rows:
    """(n, seq + 1) damaged versions of clean ``windows``; ``rows`` (n,) decide their seeds."""
    made = [
        _window(_damaged(window, damage_rng(domain, code, row), code, tokenizer), len(window), tokenizer)
        for row, window in zip(rows.tolist(), windows, strict=True)
    ]
    return np.array(made, dtype=np.int64).reshape(windows.shape)


def damaged_text(text: str, code: int, rng: np.random.Generator) -> str:
    """One text with the damage of a code."""
    if code == SHUFFLED:
        return shuffled(text, rng)
    if code == BOILERPLATE:
        return boilerplate(len(text), rng)
    return garbled(text, (code - GARBLED) / 100.0, rng)


def damage_rng(domain: int, code: int, row: int) -> np.random.Generator:
    """The generator of one row's damage: the same in every run."""
    return np.random.default_rng([_DAMAGE, code, domain, row])


def _damaged(window: Rows, rng: np.random.Generator, code: int, tokenizer: LoadedTokenizer) -> list[str]:
    """Texts of the window's pieces of documents, damaged one by one; boilerplate takes the place of all."""
    if code == BOILERPLATE:
        return [boilerplate(_CHARACTERS_A_TOKEN * len(window), rng)]
    starts = np.flatnonzero(window == tokenizer.eos)
    pieces = [piece[piece != tokenizer.eos].tolist() for piece in np.split(window, starts)]
    return [damaged_text(tokenizer.decode(piece), code, rng) for piece in pieces]


def _window(texts: list[str], length: int, tokenizer: LoadedTokenizer) -> Rows:
    """Pieces of documents as one window."""
    ids: list[int] = []
    for place, piece in enumerate(tokenizer.encode(texts)):
        ids += [tokenizer.eos, *piece] if place else piece
    return np.resize(np.array(ids or [tokenizer.eos], dtype=np.int64), length)
