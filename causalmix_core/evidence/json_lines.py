"""JSON lines: one object a line, one line a proxy run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from causalmix_core.evidence.cells import frame_of_cells
from causalmix_core.evidence.issues import refusal, shown
from causalmix_core.evidence.limits import MAX_COLUMNS
from causalmix_core.evidence.reading import check_extent, clean_columns

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | bool | None


def read(text: str) -> pd.DataFrame:
    """Read JSON lines; a key that a line lacks is an empty cell there."""
    columns: dict[str, list[Cell]] = {}
    count = 0
    for line_number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        record = _record(line, line_number, count + 1)
        for name, value in record.items():
            cells = columns.setdefault(name, [])
            cells.extend([None] * (count - len(cells)))
            cells.append(value)
        count += 1
        check_extent(count, len(columns))
    for cells in columns.values():
        cells.extend([None] * (count - len(cells)))
    return frame_of_cells(columns)


def _record(line: str, line_number: int, row: int) -> dict[str, Cell]:
    """One line as an object of plain values."""
    try:
        # The first line stands for the header: there a key given twice is a duplicate column.
        found = json.loads(line, object_pairs_hook=_distinct) if row == 1 else json.loads(line)
    except (ValueError, RecursionError) as error:
        raise refusal(
            "not-json",
            f"Line {line_number:,} is not JSON ({shown(error)}).",
            "Write one JSON object a line, one line a proxy run",
            row=row,
        ) from None
    if not isinstance(found, dict):
        raise refusal(
            "not-json",
            f"Line {line_number:,} is not a JSON object: {shown(line.strip())!r}.",
            "Write one JSON object a line, one line a proxy run",
            row=row,
        )
    for name, value in found.items():
        if isinstance(value, dict | list):
            raise refusal(
                "nested-column",
                f"Row {row:,}, column {shown(name)} holds a list or an object, not a number or text.",
                "Spread it over columns, one value a cell",
                row=row,
                column=name,
            )
    return found


def _distinct(pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
    if len(pairs) <= MAX_COLUMNS:
        clean_columns([name for name, _ in pairs])
    return dict(pairs)
