"""Any number of documents in the order of their texts' hashes, in memory that does not grow.

An external merge sort: sorted pieces of bounded size go to disk and are merged. In hash order equal
texts stand side by side, so duplicates are found without a set of what was seen, and a prefix of
the order is a fair sample of the source.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING

from causalmix_core.pools.document import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE_BYTES = 32_000_000
# Pieces of one level that are joined into one of the next: 32 GB of text need two levels, 1 TB three,
# so far fewer files are open at once than the 256 that the strictest of common systems allows.
PIECES_OF_A_LEVEL = 32


class HashOrder:
    """Takes documents in any order, gives them back in the order of the SHA-256 of their texts.

    Parameters
    ----------
    folder : an existing folder for the pieces; whoever made it removes it.
    piece_bytes : bytes of documents held in memory at once, apart from the largest document.
    """

    def __init__(self, folder: Path, piece_bytes: int = PIECE_BYTES) -> None:
        self._folder = folder
        self._piece_bytes = piece_bytes
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._levels: list[list[Path]] = []
        self._added = 0

    def add(self, draft: Draft) -> str:
        """Take one document; the SHA-256 of its text."""
        digest = hashlib.sha256(draft.text.encode()).hexdigest()
        body = json.dumps([draft.text, draft.response_start, draft.stratum], ensure_ascii=False)
        # The number of arrival keeps the first of equal texts in front of its repeats.
        line = f"{digest} {self._added:015d} {body}\n".encode()
        self._added += 1
        self._held.append(line)
        self._held_bytes += len(line)
        if self._held_bytes >= self._piece_bytes:
            self._put_down()
        return digest

    def __iter__(self) -> Iterator[tuple[str, Draft]]:
        """All documents as (SHA-256 of the text, document), equal texts in the order in which they came.

        May be asked for more than once.
        """
        if not self._levels:
            yield from map(_parse, sorted(self._held))
            return
        if self._held:
            self._put_down()
        with ExitStack() as files:
            pieces = [files.enter_context(piece.open("rb")) for level in self._levels for piece in level]
            yield from map(_parse, heapq.merge(*pieces))

    def _put_down(self) -> None:
        self._held.sort()
        piece = self._new_piece()
        with piece.open("xb") as out:
            out.writelines(self._held)
        self._held, self._held_bytes = [], 0
        self._keep(piece, 0)

    def _keep(self, piece: Path, level: int) -> None:
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(piece)
        if len(self._levels[level]) == PIECES_OF_A_LEVEL:
            full, self._levels[level] = self._levels[level], []
            self._keep(self._joined(full), level + 1)

    def _joined(self, pieces: list[Path]) -> Path:
        joined = self._new_piece()
        with ExitStack() as files:
            opened = [files.enter_context(piece.open("rb")) for piece in pieces]
            out = files.enter_context(joined.open("xb"))
            out.writelines(heapq.merge(*opened))
        for piece in pieces:
            piece.unlink()
        return joined

    def _new_piece(self) -> Path:
        return self._folder / f"piece-{secrets.token_hex(8)}"


def _parse(line: bytes) -> tuple[str, Draft]:
    digest, _, body = line.split(b" ", 2)
    text, response_start, stratum = json.loads(body)
    return digest.decode(), Draft(text, response_start, stratum)
