"""Raw columns of any file in the two shapes validation knows: numbers, or text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from causalmix_core.evidence.issues import refusal, shown
from causalmix_core.evidence.limits import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

# Larger whole numbers are ids; as floats two of them could become one.
MOST_EXACT = 2**53


def frame_of(table: pa.Table) -> pd.DataFrame:
    """A frame whose columns are numeric (float64 or int64) or text with "" for empty."""
    columns = [_column(table.column(i), name) for i, name in enumerate(table.column_names)]
    for name, column in zip(table.column_names, columns, strict=True):
        _check_text(column, name)
    return pa.table(columns, names=list(table.column_names)).to_pandas()


def frame_of_cells(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A frame from Python values by column, None for an empty cell."""
    arrays = [_array(cells, name) for name, cells in columns.items()]
    return frame_of(pa.table(arrays, names=list(columns)))


def _array(cells: Sequence[object], name: str) -> pa.Array:
    """Numbers where every cell is one or empty, else text."""
    if all(cell is None or _is_number(cell) for cell in cells):
        return pa.array(
            [float(cell) if isinstance(cell, int | float) else None for cell in cells], pa.float64()
        )
    try:
        return pa.array(["" if cell is None else str(cell) for cell in cells], pa.large_string())
    except UnicodeEncodeError:
        raise refusal(
            "control-character",
            f"The column {shown(ascii(name))} holds half a surrogate pair, which is no character.",
            "Correct the text in it",
            column=ascii(name),
        ) from None


def _is_number(cell: object) -> bool:
    """Whether a float64 holds the cell exactly; True and False are words, not numbers."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return abs(cell) <= MOST_EXACT
    return isinstance(cell, float)


def _column(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text_of_dictionary(column, name)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.cast(column, pa.float64())
    if pa.types.is_integer(kind):
        return column
    if pa.types.is_null(kind):
        return pa.chunked_array([pa.array([""] * len(column), pa.large_string())])
    if pa.types.is_nested(kind):
        raise refusal(
            "nested-column",
            f"The column {name!r} holds lists or records, not numbers or text.",
            "Spread it over columns, one value a cell",
            column=name,
        )
    try:
        return pc.fill_null(pc.cast(column, pa.large_string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise refusal(
            "unreadable-column",
            f"The column {name!r} holds values of the type {kind}, which cannot be read as text.",
            "Save the column as text or remove it",
            column=name,
        ) from None


def _check_text(column: pa.ChunkedArray, name: str) -> None:
    """Arrow takes a file's word that its text is UTF-8."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raise refusal(
            "not-utf8",
            f"The column {shown(name)!r} holds bytes that are not UTF-8.",
            "Write its text as UTF-8",
            column=name,
        ) from None


def _text_of_dictionary(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Spread repeated values out, unless a few long ones would fill the memory."""
    length = 0
    for chunk in column.chunks:
        of_each = pc.binary_length(pc.cast(chunk.dictionary, pa.large_binary()))
        length += pc.sum(pc.cast(of_each.take(chunk.indices), pa.int64())).as_py() or 0
    if length > MAX_TEXT:
        raise refusal(
            "too-much-text",
            f"The text of the column {name!r} is {length / 1e6:,.0f} MB when unpacked.",
            "Remove the column",
            column=name,
        )
    return pc.fill_null(pc.cast(column, pa.large_string()), "")
