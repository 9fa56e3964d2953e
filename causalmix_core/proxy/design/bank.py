"""Damaged windows, made once and kept on disk.

A bank is two sparse files: the windows, at the place of their row, and a byte a row that says it is there. A row's
damage is decided by its seed alone, so writers may meet (they write the same bytes), a killed one loses nothing that is
marked, and a row is made when it is first asked for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

BATCH = 512  # rows that are made before they are marked
_ITEM = np.dtype("<u4")


@dataclass(frozen=True)
class Bank:
    """Damaged windows of one domain and kind.

    Attributes
    ----------
    folder : where the files lie.
    domain : its index. ``kind`` : names the damage, letters and digits.
    size : rows of the domain. ``seq`` : tokens a window predicts.
    """

    folder: Path
    domain: int
    kind: str
    size: int
    seq: int

    def windows(self, rows: Rows, make: Callable[[Rows], Rows]) -> Rows:
        """(n, seq + 1) windows of ``rows``; ``make`` gives those of rows that are not there yet.

        Where the folder cannot be written, everything is made anew and nothing kept.
        """
        wanted = np.unique(rows)
        try:
            self._fill(wanted, make)
        except OSError:
            return make(wanted)[np.searchsorted(wanted, rows)]
        stored = np.memmap(self._path("windows"), dtype=_ITEM, mode="r", shape=(self.size, self.seq + 1))
        return stored[rows].astype(np.int64)

    def missing(self, rows: Rows) -> Rows:
        """Those of ``rows`` that are not there yet, ascending."""
        wanted = np.unique(rows)
        try:
            marks = np.memmap(self._path("made"), dtype=np.uint8, mode="r", shape=(self.size,))
        except (OSError, ValueError):
            return wanted
        return wanted[marks[wanted] == 0]

    def _fill(self, rows: Rows, make: Callable[[Rows], Rows]) -> None:
        missing = self.missing(rows)
        if not len(missing):
            return
        width = (self.seq + 1) * _ITEM.itemsize
        with self._open("windows", self.size * width) as windows, self._open("made", self.size) as marks:
            for start in range(0, len(missing), BATCH):
                some = missing[start : start + BATCH]
                for row, window in zip(some.tolist(), make(some), strict=True):
                    windows.seek(row * width)
                    windows.write(window.astype(_ITEM).tobytes())
                windows.flush()
                # A mark must not outlive its window in a power cut.
                os.fsync(windows.fileno())
                for row in some.tolist():
                    marks.seek(row)
                    marks.write(b"\x01")

    def _open(self, what: str, size: int) -> BinaryIO:
        path = self._path(what)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        out = os.fdopen(descriptor, "r+b")
        if os.fstat(descriptor).st_size != size:
            out.truncate(size)
        return out

    def _path(self, what: str) -> Path:
        return self.folder / f"{self.domain:02d}.{self.kind}.{what}"
