"""Lines of a file as bytes, with their numbers, packed or not, none of them without bound."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase
    from pathlib import Path

MAX_LINE_BYTES = 16_000_000
TOO_LONG = f"longer than {MAX_LINE_BYTES // 1_000_000} MB"
_REPORT_EVERY = 256
_BOM = b"\xef\xbb\xbf"


def byte_lines(path: Path, label: str, report: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line); of a line that is too long only its first bytes, one more than allowed.

    Raises
    ------
    PoolSourceError : the packed file is cut short or damaged, so an unknown rest could be lost.
    """
    number = 0
    with path.open("rb") as raw:
        packed = path.name.lower().endswith(".gz")
        lines: BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
        try:
            while line := lines.readline(MAX_LINE_BYTES + 1):
                number += 1
                if number == 1:
                    line = line.removeprefix(_BOM)
                if number % _REPORT_EVERY == 0:
                    report(raw.tell())
                yield number, line
                while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                    line = lines.readline(MAX_LINE_BYTES + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise PoolSourceError(
                f"{label} is damaged after line {number} ({error}); fetch or pack it again."
            ) from None


def not_utf8(error: UnicodeDecodeError) -> str:
    """Why bytes are no text, for the log."""
    return f"not UTF-8: byte 0x{error.object[error.start]:02x} at byte {error.start + 1}"
