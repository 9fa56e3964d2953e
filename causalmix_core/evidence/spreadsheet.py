"""Excel workbooks (.xlsx): the first sheet's values; macros and formulas are never run."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from causalmix_core.evidence.cells import frame_of_cells
from causalmix_core.evidence.issues import refusal, shown
from causalmix_core.evidence.reading import SAVE_AS, check_extent, clean_columns

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.evidence.issues import IssueLog

# A workbook is a zip: its parts may unpack to any size.
MAX_UNPACKED = 400_000_000
MAX_PARTS = 2_000
# What the workbook reader raises on malformed XML, references out of range and damaged parts.
MALFORMED = (
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read(data: bytes, log: IssueLog) -> pd.DataFrame:
    """Read the first sheet; the first row is the header; formulas count with the value Excel stored."""
    _check_parts(data)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # The reader remarks on styles and links, which do not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What a sheet says of its own size is not to be trusted.
        sheet.reset_dimensions()
        columns = _columns(sheet)
        if len(book.worksheets) > 1:
            log.add(
                "note",
                "first-sheet",
                f"The workbook has {len(book.worksheets)} sheets; only the first, {shown(sheet.title)!r}, is read.",
                "Move the runs to the first sheet if they are on another.",
            )
    except MALFORMED as error:
        raise refusal(
            "unreadable", f"The workbook cannot be read ({shown(error)}).", "Save the sheet as CSV UTF-8"
        ) from None
    return frame_of_cells(columns)


def _columns(sheet: Any) -> dict[str, list[Any]]:
    """Cells by column name; rows without any cell are skipped."""
    header = list(next(sheet.iter_rows(max_row=1, values_only=True), ()))
    while header and header[-1] is None:
        header.pop()
    check_extent(0, len(header))
    names = clean_columns(["" if name is None else str(name) for name in header])
    rows: list[tuple[Any, ...]] = []
    # One column more than the header shows cells that have no name.
    for row in sheet.iter_rows(min_row=2, max_col=len(names) + 1, values_only=True):
        if all(cell is None for cell in row):
            continue
        rows.append(row)
        check_extent(len(rows), len(names))
        if len(row) > len(names) and row[len(names)] is not None:
            raise refusal(
                "ragged-row",
                f"Row {len(rows):,} has a cell, {shown(row[len(names)])!r}, beyond the last named column.",
                "Name its column in the first row, or clear the cell",
                row=len(rows),
            )
    return {name: [row[j] if j < len(row) else None for row in rows] for j, name in enumerate(names)}


def _check_parts(data: bytes) -> None:
    """Refuse archives that are no workbook or that unpack to too much."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise refusal("unreadable", "The file is a broken zip archive.", SAVE_AS) from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise refusal("not-a-table", "The content of this file is a zip archive, not a table.", SAVE_AS)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise refusal(
            "too-large",
            f"The workbook unpacks to {unpacked / 1e6:,.0f} MB in {len(parts):,} parts, too much to read.",
            "Save the sheet with the runs as CSV UTF-8",
        )
