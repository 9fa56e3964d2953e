"""From bytes to a frame of raw cells, whatever the file is called.

Covered: CSV and its cousins (comma, tab, semicolon, bar), JSON lines, Parquet, Excel workbooks (.xlsx).
The content decides, the file name only hints at the separator, and it is never used in a path. Everything
else is refused by its content: nothing is unpickled, executed or fetched.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from causalmix_core.evidence.issues import IssueLog, listed, refusal, shown
from causalmix_core.evidence.limits import MAX_BYTES_OF_A_PATH, MAX_CELLS, MAX_COLUMNS, MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from causalmix_core.evidence.table import Issue

# First bytes of files that people upload by mistake or malice, and what to call them.
NOT_TABLES = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3", "a database"),
)
SAVE_AS = "Save the table as CSV (UTF-8), TSV, Parquet, JSON lines or .xlsx"


def read_frame(
    data: bytes, filename: str, *, max_bytes: int = MAX_BYTES_OF_A_PATH
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Read one table of raw cells.

    Parameters
    ----------
    data : the file's content.
    filename : its name, only to guess the separator and for messages.
    max_bytes : larger files are refused unread.

    Returns
    -------
    The frame and what was noticed. Columns are distinct names (NFC, stripped); a column is either of a
    numeric dtype, as the file stores numbers, or text as it stands in the file, "" for an empty cell.

    Raises
    ------
    TableError : empty, too large, not a table, or not readable.
    """
    check_size(len(data), max_bytes)
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise refusal("empty-file", "The file is empty.", "Choose a file with one row a proxy run")
    log = IssueLog()
    frame = _parse(data, filename, log)
    frame.columns = clean_columns([str(name) for name in frame.columns])
    check_extent(len(frame), len(frame.columns))
    if len(frame) == 0:
        raise refusal("no-rows", "The file holds a header but no rows.", "Add one row a proxy run")
    return frame, log.issues()


def _parse(data: bytes, filename: str, log: IssueLog) -> pd.DataFrame:
    """Choose the reader by content."""
    from causalmix_core.evidence import delimited, json_lines, parquet, spreadsheet

    if data[:4] == b"PAR1":
        return parquet.read(data)
    if data[:4] == b"PK\x03\x04":
        return spreadsheet.read(data, log)
    for magic, what in NOT_TABLES:
        if data.startswith(magic):
            raise refusal("not-a-table", f"The content of this file is {what}, not a table.", SAVE_AS)
    text = decode(data)
    start = text[:1000].lstrip()
    if start[:1] in ("{", "["):
        return json_lines.read(text)
    if start[:9].lower() == "<!doctype" or start[:5].lower() in ("<html", "<?xml"):
        raise refusal("not-a-table", "The content of this file is a web page or XML, not a table.", SAVE_AS)
    return delimited.read(text, filename, log)


def check_size(size: int, max_bytes: int) -> None:
    """Refuse a file of more than ``max_bytes``."""
    if size > max_bytes:
        raise refusal(
            "too-large",
            f"The file is {size / 1e6:,.1f} MB, more than the {max_bytes / 1e6:,.0f} MB that are read here.",
            "Keep only the columns of the runs table, or save it as Parquet",
        )


def check_extent(rows: int, columns: int) -> None:
    """Refuse more rows, columns or cells than the limits allow; called before anything is unpacked."""
    for count, most, what in ((columns, MAX_COLUMNS, "columns"), (rows, MAX_ROWS, "rows")):
        if count > most:
            raise refusal(
                f"too-many-{what}",
                f"The table has {count:,} {what}, more than the {most:,} that are read.",
                "Keep one row a proxy run and only the columns of the runs table",
            )
    if rows * columns > MAX_CELLS:
        raise refusal(
            "too-many-cells",
            f"The table has {rows:,} rows times {columns:,} columns, more than {MAX_CELLS:,} cells.",
            "Keep one row a proxy run and only the columns of the runs table",
        )


def decode(data: bytes) -> str:
    """Text of a UTF-8 file, with or without a byte-order mark."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refusal("not-utf8", "The file is in UTF-16, not UTF-8.", "Save it as CSV UTF-8")
    zero = data.find(b"\0")
    if zero >= 0:
        raise refusal("not-a-table", f"The file is binary (a zero byte at position {zero:,}).", SAVE_AS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refusal(
            "not-utf8",
            f"Line {line:,} holds the byte 0x{data[error.start]:02X}, which is not UTF-8.",
            "Save the file as CSV UTF-8",
        ) from None


def clean_columns(names: Sequence[str]) -> list[str]:
    """Column names stripped and in one Unicode form; an unnamed column is called ``column_<position>``."""
    cleaned = [
        unicodedata.normalize("NFC", name).strip() or f"column_{i + 1}" for i, name in enumerate(names)
    ]
    twice = [name for name, count in Counter(cleaned).items() if count > 1]
    if twice:
        raise refusal(
            "duplicate-column",
            f"The column {shown(twice[0])!r} stands more than once in the header.",
            "Rename or remove one of them",
            column=twice[0],
        )
    odd = [name for name in cleaned if any(unicodedata.category(c) in ("Cc", "Cs") for c in name)]
    if odd:
        raise refusal(
            "control-character",
            f"The column name {shown(odd[0])!r} holds a line break or another control character.",
            f"Rename it; the header has {listed(cleaned, 4)}",
        )
    return cleaned
