"""Parquet: the columns that are needed, one group of rows after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.sources.byte_lines import MAX_LINE_BYTES, TOO_LONG
from causalmix_core.pools.sources.records import Unusable, draft_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from causalmix_core.pools.broken import BrokenLog
    from causalmix_core.pools.document import Draft
    from causalmix_core.pools.sources.spec import Fields

_ROWS_AT_ONCE = 256


def parquet(
    path: Path, label: str, fields: Fields, log: BrokenLog, report: Callable[[int], None]
) -> Iterator[Draft]:
    """Documents of one file; arguments as in :func:`~causalmix_core.pools.sources.json_lines.json_lines`.

    Raises
    ------
    PoolSourceError : no Parquet, or a column is missing, which concerns every row.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _check_columns(file.schema_arrow.names, label, fields)
            rows, size, row = file.metadata.num_rows, path.stat().st_size, 0
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(fields.columns), use_threads=False):
                for record in _records(batch):
                    row += 1
                    try:
                        yield _draft(record, fields)
                    except Unusable as reason:
                        log.add(label, row, str(reason))
                report(size * row // max(1, rows))
    except (pa.ArrowException, OSError) as error:
        raise PoolSourceError(f"{label} cannot be read as Parquet ({error}); write it again.") from None


def _check_columns(there: list[str], label: str, fields: Fields) -> None:
    for name in fields.columns:
        if name not in there:
            shown = ", ".join(map(repr, there[:12])) or "none"
            raise PoolSourceError(f"{label} has no column {name!r}; its columns are {shown}.")


def _records(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | UnicodeDecodeError]:
    """Rows as dicts; where one is not UTF-8, the error in its place."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for row in range(batch.num_rows):
            try:
                yield batch.slice(row, 1).to_pylist()[0]
            except UnicodeDecodeError as error:
                yield error


def _draft(record: dict[str, Any] | UnicodeDecodeError, fields: Fields) -> Draft:
    if isinstance(record, UnicodeDecodeError):
        raise Unusable(f"not UTF-8: {record.reason} at byte {record.start + 1}")
    draft = draft_of(record, fields)
    if len(draft.text) > MAX_LINE_BYTES:
        raise Unusable(TOO_LONG)
    return draft
