"""Plain text: a file is one document, or each block between blank lines is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.pools.document import Draft
from causalmix_core.pools.sources.byte_lines import MAX_LINE_BYTES, TOO_LONG, byte_lines, not_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from causalmix_core.pools.broken import BrokenLog
    from causalmix_core.pools.sources.spec import Fields


def plain_text(
    path: Path, label: str, fields: Fields, log: BrokenLog, report: Callable[[int], None]
) -> Iterator[Draft]:
    """Documents of one file; arguments as in :func:`~causalmix_core.pools.sources.json_lines.json_lines`.

    A file is kept to the byte, a block without the ends of its last line. A block's line number is that
    of its first line.
    """
    whole = fields.per == "file"
    found = False
    for number, block in _blocks(path, label, report, whole=whole):
        found = True
        if len(block) > MAX_LINE_BYTES:
            advice = '; "per": "paragraph" reads it block by block' if whole else ""
            log.add(label, number, TOO_LONG + advice)
            continue
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            at = number + block.count(b"\n", 0, error.start)
            log.add(label, at, not_utf8(error))
            continue
        if text.strip():
            yield Draft(text)
        else:
            log.add(label, number, "the file is empty")
    if not found:
        log.add(label, 1, "the file is empty")


def _blocks(
    path: Path, label: str, report: Callable[[int], None], *, whole: bool
) -> Iterator[tuple[int, bytes]]:
    """(number of the first line, bytes), never much more bytes than a document may have."""
    held: list[bytes] = []
    first, size = 1, 0
    for number, line in byte_lines(path, label, report):
        if not whole and not line.strip():
            if held:
                yield first, b"".join(held).rstrip(b"\r\n")
            held, size = [], 0
            continue
        if not held:
            first = number
        if size <= MAX_LINE_BYTES:
            held.append(line)
            size += len(line)
    if held:
        block = b"".join(held)
        yield first, block if whole else block.rstrip(b"\r\n")
