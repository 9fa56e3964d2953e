"""A pool that was scored elsewhere, in any file: a row a domain, a column a covariate.

Taken are CSV and its cousins, JSON lines, Parquet and Excel workbooks with a column ``domain``; a JSON
list of such rows; a JSON object ``{domain: {covariate: number}}``; and a state ``{covariate column:
number}``. Covariates of the whole pool stand in a row called ``pool``. Values are in the table's units:
what a fit was standardised with is kept in the fit, and nothing is standardised here.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolError, TableError
from causalmix_core.evidence.entered import MOST_BYTES, json_object, number
from causalmix_core.evidence.issues import listed, shown
from causalmix_core.evidence.numbers import MISSING, NUMBER
from causalmix_core.evidence.pool_state import parse_pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Row = tuple[str, Mapping[str, object]]

DOMAIN = "domain"
WHOLE_POOL = "pool"
REMEDY = "write a column domain and a column for each covariate, one row a domain"


def read_pool_file(
    data: bytes,
    filename: str,
    table: RunsTable,
    sizes: Mapping[str, float] | None = None,
    absent: Sequence[str] = (),
) -> NDArray[np.float64]:
    """(d,) state of a scored pool, in the table's own units.

    Parameters
    ----------
    filename : only a hint at the separator.
    sizes : values of size covariates that stand where the file does not name them.
    absent : domains that the pool lacks: where the file does not describe them, the runs' averages
        stand in, and nothing is decided by them.

    Raises
    ------
    PoolError : no such file, or a domain or covariate that is missing, unknown, given twice or no
        finite number; all named.
    """
    if len(data) > MOST_BYTES:
        raise PoolError(f"The pool file is larger than 1 MB; {REMEDY}.")
    values = _values(data, filename, table)
    return parse_pool({**_averages(table, absent), **values}, table, sizes)


def _averages(table: RunsTable, absent: Sequence[str]) -> dict[str, object]:
    means = table.states.mean(axis=0)
    return {c.column: float(means[i]) for i, c in enumerate(table.covariates) if c.domain in absent}


def _values(data: bytes, filename: str, table: RunsTable) -> dict[str, object]:
    """Covariate column -> what the file gives for it."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        return _of_rows(_records(data), table)
    if start == b"{" and not _has_lines(data):
        return _of_object(json_object(data, "pool file", REMEDY, PoolError), table)
    return _of_frame(data, filename, table)


def _has_lines(data: bytes) -> bool:
    """Whether each line is an object of its own (JSON lines)."""
    lines = [line for line in data.split(b"\n", 2) if line.strip()]
    return (
        len(lines) > 1
        and all(line.strip().startswith(b"{") for line in lines[:2])
        and lines[0].strip() != b"{"
    )


def _of_object(found: Mapping[str, object], table: RunsTable) -> dict[str, object]:
    """``{column: number}``, ``{domain: {covariate: number}}``, or both in one."""
    flat = {key: value for key, value in found.items() if not isinstance(value, dict)}
    rows = [(key, value) for key, value in found.items() if isinstance(value, dict)]
    return {**flat, **_of_rows(rows, table)}


def _records(data: bytes) -> list[Row]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise PoolError(f"The pool file is not JSON ({shown(problem)}); {REMEDY}.") from None
    rows: list[Row] = []
    for i, record in enumerate(found, start=1):
        if not isinstance(record, dict) or not isinstance(record.get(DOMAIN), str):
            raise PoolError(f"Entry {i:,} of the pool file names no domain; {REMEDY}.")
        rows.append((record[DOMAIN], {key: value for key, value in record.items() if key != DOMAIN}))
    return rows


def _of_frame(data: bytes, filename: str, table: RunsTable) -> dict[str, object]:
    from causalmix_core.evidence.reading import read_frame

    try:
        frame, _ = read_frame(data, filename, max_bytes=MOST_BYTES)
    except TableError as problem:
        raise PoolError(f"The pool file cannot be read: {problem}") from None
    names = [str(name) for name in frame.columns]
    key = next((name for name in names if name.casefold() == DOMAIN), None)
    cells = [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False, name=None)]
    if key is None:
        if len(cells) != 1:
            raise PoolError(
                f"The pool file has {len(cells):,} rows and no column domain, only {listed(names)}; {REMEDY}."
            )
        return _cells(cells[0], "the pool")
    rows = [(str(row[key]).strip(), {n: v for n, v in row.items() if n != key}) for row in cells]
    return _of_rows([(domain, _cells(row, domain)) for domain, row in rows], table)


def _cells(row: Mapping[str, object], where: str) -> dict[str, object]:
    """Cells as numbers; empty ones left out."""
    found: dict[str, object] = {}
    for name, cell in row.items():
        if isinstance(cell, str):
            text = cell.strip()
            if text.casefold() in MISSING:
                continue
            if re.match(NUMBER, text) is None:
                raise PoolError(
                    f"The pool file gives {shown(cell)!r} as {shown(name)} of {shown(where)}, which is not a number; "
                    "write a plain number with a decimal point."
                )
            found[name] = float(text)
        elif not (
            isinstance(cell, float) and math.isnan(cell)
        ):  # what a column of numbers has for an empty cell
            found[name] = cell
    return found


def _of_rows(rows: Iterable[Row], table: RunsTable) -> dict[str, object]:
    """Columns from rows of domains; whatever the table does not have is named."""
    columns = {(c.domain, c.name): c.column for c in table.covariates}
    found: dict[str, object] = {}
    for name, values in rows:
        domain = None if name.casefold() in (WHOLE_POOL, "") and name not in table.domains else name
        if domain is not None and domain not in table.domains:
            raise PoolError(
                f"The pool file describes {shown(name)!r}, which is no domain of {table.name}; its domains are"
                f" {listed(table.domains)} (and {WHOLE_POOL} for the whole pool)."
            )
        for covariate, value in values.items():
            column = columns.get((domain, covariate))
            if column is None:
                known = [n for d, n in columns if d == domain]
                raise PoolError(
                    f"The pool file gives {shown(covariate)!r} for {shown(domain or WHOLE_POOL)}, which {table.name}"
                    f" does not have there; it has {listed(known) or 'nothing'}."
                )
            if column in found:
                raise PoolError(
                    f"The pool file gives {shown(covariate)} of {shown(domain or WHOLE_POOL)} twice; keep one row."
                )
            found[column] = number(value, f"{shown(covariate)} of {shown(name)}", "correct it", PoolError)
    return found
