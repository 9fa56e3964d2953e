"""CSV and its cousins: find the separator, check the header, read all cells as text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pacsv

from causalmix_core.evidence.cells import frame_of
from causalmix_core.evidence.issues import listed, refusal, shown
from causalmix_core.evidence.reading import check_extent, clean_columns

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.evidence.issues import IssueLog

SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
# A header line longer than this is no header; reading more of it would only cost memory.
LONGEST_HEADER = 4_000_000


def read(text: str, filename: str, log: IssueLog) -> pd.DataFrame:
    """Read separated text; ``filename`` ending in .tsv or .tab makes the tab the expected separator."""
    expected = "\t" if filename.lower().endswith((".tsv", ".tab")) else ","
    separator, header = _header(text, expected)
    check_extent(0, len(header))
    clean_columns(header)
    if separator != expected:
        log.add(
            "note",
            "separator",
            f"The columns are separated by {SEPARATORS[separator]}, not by {SEPARATORS[expected]}; read as such.",
            "Nothing to do.",
        )
    return frame_of(_cells(text, separator, header))


def _header(text: str, expected: str) -> tuple[str, list[str]]:
    """The separator that finds most columns of a runs table, and the header it gives."""
    candidates = [expected, *(s for s in SEPARATORS if s != expected)]
    headers = {separator: _first_record(text, separator) for separator in candidates}

    def merit(separator: str) -> tuple[int, int]:
        names = [name.strip().casefold() for name in headers[separator]]
        return sum(name.startswith(("share_", "x_", "y_")) for name in names), len(names)

    best = max(candidates, key=merit)
    if len(headers[best]) < 2:
        raise refusal(
            "wrong-separator",
            f"The header reads as one column, {shown(headers[best][0])!r}.",
            "Separate the columns with commas, tabs, semicolons or bars",
        )
    return best, headers[best]


def _first_record(text: str, separator: str) -> list[str]:
    """The first line that is not empty, split at one separator."""
    try:
        for record in csv.reader(io.StringIO(text[:LONGEST_HEADER], newline=""), delimiter=separator):
            if record:
                return record
    except csv.Error:
        return [text[:LONGEST_HEADER]]
    return [""]


def _cells(text: str, separator: str, header: list[str]) -> pa.Table:
    """All cells as text; a row with a cell too many or too few is named."""
    wrong: list[pacsv.InvalidRow] = []

    def refuse_row(row: pacsv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        return pacsv.read_csv(
            pa.BufferReader(text.encode()),
            # One thread, so that a bad row knows its number.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=max(1 << 24, len(header) * 64)),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=refuse_row
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={name: pa.large_string() for name in header}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if wrong:
            row = wrong[0]
            raise refusal(
                "ragged-row",
                f"Row {row.number - 1:,} has {row.actual_columns:,} cells where the header has"
                f" {row.expected_columns:,}: {shown(row.text)!r}.",
                f"Give every row one cell for each of {listed(header, 4)}",
                row=row.number - 1,
            ) from None
        raise refusal(
            "unreadable",
            f"The file cannot be read as separated text ({shown(error)}).",
            "Save it as CSV UTF-8 again",
        ) from None
