"""Raw cells into finite numbers, all columns at once; whatever is not a number is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from causalmix_core.evidence.issues import MOST_OF_ONE_KIND, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.evidence.issues import IssueLog

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
MISSING = ("", "na", "n/a", "nan", "null", "none", "inf", "+inf", "-inf", "infinity", "-infinity", "#n/a")


@dataclass(frozen=True, eq=False)
class Numbers:
    """Number columns of a frame.

    Attributes
    ----------
    values : (n, c) float64, NaN where a cell is no finite number.
    incomplete : (n, c) True where a cell is empty, NaN or infinite.
    text : (n, c) True where a cell holds some other text.
    """

    values: NDArray[np.float64]
    incomplete: NDArray[np.bool_]
    text: NDArray[np.bool_]


def parse_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> Numbers:
    """Read ``columns`` of ``frame`` as numbers; a decimal point, no thousands marks."""
    shape = (len(frame), len(columns))
    values = np.empty(shape, dtype=np.float64)
    text = np.zeros(shape, dtype=np.bool_)
    for j, column in enumerate(columns):
        values[:, j], text[:, j] = _column(frame[column])
    incomplete = ~np.isfinite(values) & ~text
    values[incomplete] = np.nan
    return Numbers(values, incomplete, text)


def _column(series: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values (NaN where there is none) and where the cell is text that is no number."""
    none = np.zeros(len(series), dtype=np.bool_)
    if series.dtype.kind in "iuf":
        return series.to_numpy(dtype=np.float64), none
    cells = pc.utf8_trim_whitespace(pa.array(series, type=pa.large_string()))
    try:
        return _as_floats(cells), none
    except pa.ArrowInvalid:
        pass
    # Some cell is no number: only now is it worth looking at each.
    missing = pc.is_in(pc.utf8_lower(cells), value_set=pa.array(MISSING, pa.large_string()))
    numeric = pc.match_substring_regex(cells, NUMBER)
    text = pc.and_(pc.invert(missing), pc.invert(numeric))
    return _as_floats(pc.if_else(numeric, cells, None)), text.to_numpy(zero_copy_only=False)


def _as_floats(cells: pa.Array) -> NDArray[np.float64]:
    return pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)


def report_cells(frame: pd.DataFrame, columns: Sequence[str], numbers: Numbers, log: IssueLog) -> None:
    """Name the cells that hold text, and those that hold nothing, NaN or infinity."""
    for row, j, value in _first_cells(frame, columns, numbers.text, "not-a-number", log):
        log.add(
            "error",
            "not-a-number",
            f"Row {row:,}, column {shown(columns[j])} holds {shown(value)!r}, which is not a number.",
            "Write a plain number with a decimal point, or give the column the role provenance",
            row=row,
            column=columns[j],
            value=shown(value),
        )
    for row, j, value in _first_cells(frame, columns, numbers.incomplete, "incomplete", log):
        empty = value in ("", "None", "<NA>")
        log.add(
            "error",
            "incomplete",
            f"Row {row:,}, column {shown(columns[j])} {'is empty' if empty else f'holds {shown(value)}'}.",
            "Fill the cell, or leave incomplete rows out (--drop-incomplete, or the switch on the Runs page)",
            row=row,
            column=columns[j],
            value="" if empty else shown(value),
        )


def _first_cells(
    frame: pd.DataFrame, columns: Sequence[str], where: NDArray[np.bool_], code: str, log: IssueLog
) -> list[tuple[int, int, str]]:
    """The first bad cells row by row (1-based row, column position, raw text); the rest is only counted."""
    found = np.argwhere(where)
    log.count_unlisted("error", code, max(0, len(found) - MOST_OF_ONE_KIND))
    return [
        (int(frame.index[i]) + 1, int(j), str(frame[columns[j]].iloc[i])) for i, j in found[:MOST_OF_ONE_KIND]
    ]
