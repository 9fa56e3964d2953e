"""Run ids, pool ids, assignments and the text that is only kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from causalmix_core.evidence.issues import listed, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from causalmix_core.evidence.issues import IssueLog

ASSIGNMENTS = ("random", "designed", "chosen")
# What a spreadsheet runs as a formula when a CSV is opened in it.
FORMULA = r"^[=+\-@\t]"


def row_numbers(frame: pd.DataFrame) -> list[int]:
    """1-based numbers of the rows in the file, which incomplete rows that were left out still count in."""
    return [int(i) + 1 for i in frame.index]


def texts(series: pd.Series) -> tuple[str, ...]:
    """A column as text; whole numbers without a decimal point, "" for an empty cell."""
    if series.dtype.kind == "f":
        numbers = series.tolist()
        return tuple(
            "" if math.isnan(v) else str(int(v)) if abs(v) < 1e15 and v.is_integer() else repr(v)
            for v in numbers
        )
    coded = pa.array(series.astype("object"), from_pandas=True).dictionary_encode()
    # Repeated values share one object: a million rows of one model name are one string.
    # No text file can hold a zero character, so none is taken in.
    words = [
        "" if word is None else str(word).replace("\0", "\ufffd") for word in coded.dictionary.to_pylist()
    ]
    return tuple("" if i is None else words[i] for i in coded.indices.to_pylist())


def run_ids(frame: pd.DataFrame, column: str | None, log: IssueLog) -> tuple[str, ...]:
    """Distinct names of the runs; numbered where the table has none."""
    if column is None:
        log.add(
            "note",
            "run-ids-made",
            "There is no run_id column; the runs are called run-00001, run-00002, ...",
            "Add run_id if the runs have names.",
        )
        return tuple(f"run-{row:05d}" for row in frame.index + 1)
    names = tuple(name.strip() for name in texts(frame[column]))
    first: dict[str, int] = {}
    for row, name in zip(row_numbers(frame), names, strict=True):
        if not name:
            _report_id(log, "empty-run-id", f"Row {row:,} has no run id.", "Name the run", row, column, name)
        elif name in first:
            message = f"The run id {shown(name)!r} of row {row:,} stands in row {first[name]:,} already."
            _report_id(log, "duplicate-run-id", message, "Give every run its own id", row, column, name)
        else:
            first[name] = row
    return names


def pool_ids(frame: pd.DataFrame, column: str | None, log: IssueLog) -> tuple[str, ...] | None:
    """Which pool each run drew from."""
    if column is None:
        return None
    names = tuple(name.strip() for name in texts(frame[column]))
    for row, name in zip(row_numbers(frame), names, strict=True):
        if not name:
            _report_id(
                log, "empty-pool-id", f"Row {row:,} has no pool id.", "Name its pool", row, column, name
            )
    return names


def assignments(frame: pd.DataFrame, column: str | None, log: IssueLog) -> tuple[str, ...] | None:
    """How each run's mixture came about, or None where the table does not say it in our words."""
    if column is None:
        return None
    words = tuple(word.strip().casefold() for word in texts(frame[column]))
    for row, word in zip(row_numbers(frame), words, strict=True):
        if word not in ASSIGNMENTS:
            log.add(
                "warning",
                "unknown-assignment",
                f"Row {row:,}, column {shown(column)} holds {shown(word)!r}; the column is kept as text and not used.",
                f"Write {listed(ASSIGNMENTS)} in every row",
                row=row,
                column=column,
                value=shown(word),
            )
            return None
    return words


def provenance(
    frame: pd.DataFrame, columns: Sequence[str], taken: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Columns kept as text; a name that the table uses for something else gets ``original_`` before it."""
    kept: dict[str, tuple[str, ...]] = {}
    for column in columns:
        name = column
        while name in taken or name in kept:
            name = f"original_{name}"
        kept[name] = texts(frame[column])
    return kept


def warn_of_formulas(frame: pd.DataFrame, columns: Sequence[str], log: IssueLog) -> None:
    """Text that a spreadsheet would run is kept as it is, never run, and reported once."""
    count, first = 0, None
    for column in columns:
        if frame[column].dtype.kind in "iuf":
            continue
        cells = pa.array(frame[column], type=pa.large_string())
        number = pc.match_substring_regex(cells, r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$")
        found = pc.and_(pc.match_substring_regex(cells, FORMULA), pc.invert(number))
        hits = pc.indices_nonzero(found).to_pylist()
        count += len(hits)
        if hits and first is None:
            first = (row_numbers(frame)[hits[0]], column, cells[hits[0]].as_py())
    if first is not None:
        row, column, value = first
        log.add(
            "warning",
            "formula",
            f"Row {row:,}, column {shown(column)} holds {shown(value)!r}, which a spreadsheet would run as a"
            f" formula; {count:,} such cell{'s are' if count > 1 else ' is'} kept as plain text.",
            "Nothing to do here; be careful when opening the file in a spreadsheet.",
            row=row,
            column=column,
            value=shown(value),
        )


def _report_id(
    log: IssueLog, code: str, message: str, remedy: str, row: int, column: str, value: str
) -> None:
    log.add("error", code, message, remedy, row=row, column=column, value=shown(value))
