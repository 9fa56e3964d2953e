"""Tables on standard output, readable as text and as Markdown."""

from __future__ import annotations

import numpy as np


def print_table(head: list[str], rows: list[list[object]]) -> None:
    """Print one Markdown table; floats with three decimals."""
    cells = [head, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(len(head))]
    for i, row in enumerate(cells):
        print(
            "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |",
            flush=True,
        )
        if i == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def mean_and_error(values: list[float]) -> tuple[float, float | None]:
    """Mean and its standard error; None for the error of a single value."""
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else None
    return float(np.mean(values)), error
