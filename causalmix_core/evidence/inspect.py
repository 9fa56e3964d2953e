"""What a file holds, column by column, and everything that is wrong with it; content never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.errors import TableError
from causalmix_core.evidence.identity import texts
from causalmix_core.evidence.issues import shown
from causalmix_core.evidence.limits import MAX_BYTES_OF_A_PATH
from causalmix_core.evidence.meta import TableMeta
from causalmix_core.evidence.opening import label
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.roles import PREFIXES, name_in_role
from causalmix_core.evidence.validation import try_build

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from causalmix_core.evidence.layout import Layout
    from causalmix_core.evidence.roles import Role
    from causalmix_core.evidence.table import Issue, RunsTable


@dataclass(frozen=True)
class ColumnSummary:
    """One column of a file.

    Attributes
    ----------
    column : its name in the header.
    role : guessed or corrected.
    dtype : "number" or "text", as the file stores it (a CSV's numbers are judged by the first cell).
    example : the first cell as text.
    domain : domain of a share or of a domain's own covariate, else None.
    name : covariate or outcome name, else None.
    """

    column: str
    role: Role
    dtype: Literal["number", "text"]
    example: str
    domain: str | None
    name: str | None


@dataclass(frozen=True)
class Inspection:
    """Result of :func:`inspect_runs`: either ``table`` or, as it would be raised, ``error`` is there."""

    roles: Mapping[str, Role]
    columns: tuple[ColumnSummary, ...]
    issues: tuple[Issue, ...]
    table: RunsTable | None
    error: TableError | None


def inspect_runs(
    data: bytes,
    filename: str,
    *,
    meta: TableMeta | None = None,
    roles: Mapping[str, Role] | None = None,
    drop_incomplete: bool = False,
    max_bytes: int = MAX_BYTES_OF_A_PATH,
) -> Inspection:
    """Look at a file as :func:`parse_runs` would, and tell everything that was found."""
    try:
        frame, found = read_frame(data, filename, max_bytes=max_bytes)
    except TableError as error:
        return Inspection({}, (), error.issues, None, error)
    built = try_build(frame, label(filename), meta or TableMeta(), roles, drop_incomplete, found)
    refused = built.log.refuse() if built.table is None else None
    columns = _summaries(frame, built.layout)
    return Inspection(built.layout.roles, columns, built.log.issues(), built.table, refused)


def _summaries(frame: pd.DataFrame, layout: Layout) -> tuple[ColumnSummary, ...]:
    covariates = dict(layout.covariates)
    summaries = []
    for column, role in layout.roles.items():
        example = texts(frame[column].iloc[:1])[0]
        domain = name_in_role(column, "share") if role == "share" else None
        name = name_in_role(column, role) if role in PREFIXES and role != "share" else None
        if role == "covariate":
            domain, name = covariates[column].domain, covariates[column].name
        summaries.append(
            ColumnSummary(column, role, _kind(frame[column], example), shown(example), domain, name)
        )
    return tuple(summaries)


def _kind(series: pd.Series, example: str) -> Literal["number", "text"]:
    if series.dtype.kind in "iuf":
        return "number"
    try:
        float(example)
    except ValueError:
        return "text"
    return "number"
