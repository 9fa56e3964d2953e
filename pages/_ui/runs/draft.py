"""A file that was read but not opened: its inspection, with the user's corrections applied."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import streamlit as st

if TYPE_CHECKING:
    from causalmix_core.evidence import Inspection, Role, TableMeta

MAX_BYTES = 20 * 1024 * 1024
Direction = Literal["lower", "higher"]


@dataclass(frozen=True)
class Corrections:
    """What the user changed about a file.

    Attributes
    ----------
    roles : column -> role, only those that were changed.
    outcomes : outcome -> (direction, unit), only those that were changed.
    title, default_outcome : "" for the file's own.
    drop_incomplete : leave out rows with missing numbers instead of refusing the table.
    """

    roles: tuple[tuple[str, Role], ...] = ()
    outcomes: tuple[tuple[str, Direction, str], ...] = ()
    title: str = ""
    default_outcome: str = ""
    drop_incomplete: bool = False


def described(meta: TableMeta, corrections: Corrections) -> TableMeta:
    """The description with the corrections in place of what it said."""
    changed = {name: (direction, unit) for name, direction, unit in corrections.outcomes}
    return replace(
        meta,
        title=corrections.title or meta.title,
        default_outcome=corrections.default_outcome or meta.default_outcome,
        outcomes={**meta.outcomes, **changed},
    )


def inspect(data: bytes, filename: str, sidecar: bytes | None, corrections: Corrections) -> Inspection:
    """Inspect a file with its corrections; remembered by content.

    Raises
    ------
    TableError : the description file is not readable.
    """
    key = hashlib.sha256(
        data + b"\0" + (sidecar or b"") + b"\0" + repr((filename, corrections)).encode()
    ).hexdigest()
    return _inspected(key, data, filename, sidecar, corrections)


@st.cache_resource(max_entries=4, show_spinner=False)
def _inspected(
    key: str, _data: bytes, _filename: str, _sidecar: bytes | None, _corrections: Corrections
) -> Inspection:
    from causalmix_core.evidence import TableMeta, inspect_runs, parse_meta

    meta = parse_meta(_sidecar) if _sidecar else TableMeta()
    return inspect_runs(
        _data,
        _filename,
        meta=described(meta, _corrections),
        roles={**meta.roles, **dict(_corrections.roles)},
        drop_incomplete=_corrections.drop_incomplete,
        max_bytes=MAX_BYTES,
    )
