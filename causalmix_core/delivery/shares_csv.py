"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.verdict import refuse_blocked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A cell that starts so is run as a formula by spreadsheets; tab and CR are skipped before it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float


def safe_cell(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 CSV with LF; text cells made safe, floats as ``repr`` so that they read back exactly."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe_cell(cell)
    return repr(float(cell)) if isinstance(cell, float) else str(cell)


def shares_csv(document: Mapping[str, Any]) -> bytes:
    """A mixture document's shares: columns ``domain, share, reference, change``, a row a domain.

    Where the document has a budget, ``examples`` or ``tokens`` and ``epochs`` besides, the latter
    empty where the amount is not limited.

    Raises
    ------
    ExportError : a check of the document fails and nobody has said why it is used all the same.
    """
    refuse_blocked(document)
    reference, counts = document["reference"], document.get("counts")
    rows: list[tuple[Cell, ...]] = []
    for domain, share in sorted(document["mixture"].items()):
        row: tuple[Cell, ...] = (domain, share, reference[domain], share - reference[domain])
        if counts is not None:
            epochs = document["epochs"].get(domain)
            row += (counts.get(domain, 0), "" if epochs is None else epochs)
        rows.append(row)
    more = () if counts is None else (document["unit"], "epochs")
    return csv_bytes(("domain", "share", "reference", "change", *more), rows)
