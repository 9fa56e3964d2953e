"""Open a runs table: from a file beside its sidecar, or from bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.evidence.issues import refusal, shown
from causalmix_core.evidence.limits import MAX_BYTES_OF_A_PATH, MAX_META_BYTES
from causalmix_core.evidence.meta import TableMeta, meta_path, parse_meta
from causalmix_core.evidence.reading import check_size, read_frame
from causalmix_core.evidence.validation import build_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from causalmix_core.evidence.roles import Role
    from causalmix_core.evidence.table import RunsTable


def read_runs(path: str | PathLike[str], *, drop_incomplete: bool = False) -> RunsTable:
    """Read and validate a runs table; ``<stem>.meta.json`` beside it is read with it.

    Raises
    ------
    TableError : no such file, not a table, or not within the contract (docs/RUNS_TABLE.md).
    """
    data, meta = load(path)
    return parse_runs(data, Path(path).name, meta=meta, drop_incomplete=drop_incomplete)


def load(path: str | PathLike[str]) -> tuple[bytes, TableMeta | None]:
    """Content of a table's file and its sidecar, None where there is none."""
    beside = meta_path(path)
    meta = parse_meta(_bytes(beside, MAX_META_BYTES)) if beside.is_file() else None
    return _bytes(Path(path), MAX_BYTES_OF_A_PATH), meta


def parse_runs(
    data: bytes,
    filename: str,
    *,
    meta: TableMeta | None = None,
    roles: Mapping[str, Role] | None = None,
    drop_incomplete: bool = False,
    max_bytes: int = MAX_BYTES_OF_A_PATH,
) -> RunsTable:
    """Validate a runs table given as bytes; ``filename`` is a label and a hint, never a path.

    Raises
    ------
    TableError : not a table, or not within the contract (docs/RUNS_TABLE.md).
    """
    frame, found = read_frame(data, filename, max_bytes=max_bytes)
    return build_table(frame, label(filename), meta or TableMeta(), roles, drop_incomplete, found)


def label(filename: str) -> str:
    """A short name for people from a file name: without folders, ending and control characters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last.strip(".") else last
    return "".join(c for c in stem if c.isprintable()).strip()[:80] or "runs"


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            check_size(os.fstat(file.fileno()).st_size, most)
            # A pipe has no size beforehand and may never end.
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refusal(
            "no-file", f"{path} cannot be read ({shown(reason)}).", "Give the path of a runs table"
        ) from None
    check_size(len(data), most)
    return data
