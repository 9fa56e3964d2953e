"""JSON Lines, packed with gzip or not: one record a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from causalmix_core.pools.sources.byte_lines import MAX_LINE_BYTES, TOO_LONG, byte_lines, not_utf8
from causalmix_core.pools.sources.records import Unusable, draft_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from causalmix_core.pools.broken import BrokenLog
    from causalmix_core.pools.document import Draft
    from causalmix_core.pools.sources.spec import Fields


def json_lines(
    path: Path, label: str, fields: Fields, log: BrokenLog, report: Callable[[int], None]
) -> Iterator[Draft]:
    """Documents of one file; blank lines are no records, every other line is one or goes to the log.

    Parameters
    ----------
    label : how the file is called in the log.
    report : called now and then with the bytes read of the file, packed.
    """
    for number, line in byte_lines(path, label, report):
        if len(line) > MAX_LINE_BYTES:
            log.add(label, number, TOO_LONG)
            continue
        if not line.strip():
            continue
        try:
            yield draft_of(json.loads(line.rstrip(b"\r\n").decode()), fields)
        except Unusable as reason:
            log.add(label, number, str(reason))
        except UnicodeDecodeError as error:
            log.add(label, number, not_utf8(error))
        except json.JSONDecodeError as error:
            log.add(label, number, f"no JSON: {error.msg.removesuffix(' at')} at column {error.colno}")
        except (ValueError, RecursionError) as error:
            log.add(label, number, f"no JSON that can be read: {error}")
