"""Writing one stream of tokens and the places where its documents begin."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer


@dataclass(frozen=True)
class TokenCount:
    """Size of one split of one domain: documents, bytes of text, tokens (one ``<eos>`` a document)."""

    documents: int
    bytes: int
    tokens: int


def token_type(vocabulary: int) -> np.dtype[Any]:
    """Little-endian uint16 where all ids fit, else uint32."""
    return np.dtype("<u2" if vocabulary <= 1 << 16 else "<u4")


class TokenStream:
    """The files of one split, written beside their places and moved there in the end.

    Parameters
    ----------
    stem : path of the files without ``.bin`` and ``.offsets.npy``.
    part : a random word, so that two processes writing the same do not meet.
    """

    def __init__(self, stem: Path, part: str, tokenizer: LoadedTokenizer) -> None:
        self._stem = stem
        self._tokens = stem.with_name(f".{stem.name}.bin.{part}")
        self._out = self._tokens.open("xb")
        self._eos = tokenizer.eos
        self._type = token_type(tokenizer.vocabulary)
        self._ends = array("q", [0])  # eight bytes a document is all that memory grows by
        self._bytes = 0

    def add(self, ids: list[int], size: int) -> None:
        """Append one document: its ids, and the bytes of its text."""
        self._out.write(np.array([self._eos, *ids], dtype=self._type).tobytes())
        self._ends.append(self._ends[-1] + 1 + len(ids))
        self._bytes += size

    def keep(self) -> TokenCount:
        """Move the files into place; what they hold."""
        self._out.close()
        offsets = np.frombuffer(self._ends, dtype=np.int64).astype("<i8", copy=False)
        offsets_part = self._tokens.with_suffix(f"{self._tokens.suffix}.npy")
        np.save(offsets_part, offsets, allow_pickle=False)
        offsets_part.replace(self._stem.with_name(f"{self._stem.name}.offsets.npy"))
        self._tokens.replace(self._stem.with_name(f"{self._stem.name}.bin"))
        return TokenCount(len(offsets) - 1, self._bytes, int(offsets[-1]))

    def close(self) -> None:
        """Drop what was not kept."""
        self._out.close()
        self._tokens.unlink(missing_ok=True)
