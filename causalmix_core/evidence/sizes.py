"""Model size and token budget of the runs, as covariates of the whole pool.

Columns ``params`` and ``tokens`` are kept as text. Where one of them varies over the runs, its decimal
logarithm becomes a covariate besides: ``x_log10_params``, ``x_log10_tokens``. A table of one size is
left as it is, and so is one that brings such a covariate itself (the canonical file does).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import ConfigError
from causalmix_core.evidence.identity import texts
from causalmix_core.evidence.issues import shown
from causalmix_core.evidence.table import Covariate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.evidence.issues import IssueLog
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

# Column of the table -> covariate made of it.
SIZES: dict[str, Covariate] = {
    name: Covariate(f"x_log10_{name}", f"log10_{name}") for name in ("params", "tokens")
}
SIZE_WORDS = {"params": "parameters", "tokens": "tokens"}
_SIZE = re.compile(r"^(?P<number>[0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?)\s*(?P<unit>[kmbt]?)$")
_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


def parse_size(text: str) -> float | None:
    """A count as a number > 0: ``"1e6"``, ``"60M"``, ``"1.5 B"``; None where it is none."""
    found = _SIZE.match(text.strip().casefold())
    if found is None:
        return None
    size = float(found["number"]) * _UNITS[found["unit"]]
    return size if 0.0 < size < math.inf else None


def size_words(size: float) -> str:
    """``6e7`` -> ``"60M"``, ``1.5e9`` -> ``"1.5B"``, for sentences and axis titles."""
    for unit in ("t", "b", "m", "k"):
        if size >= 0.9995 * _UNITS[unit]:
            return f"{size / _UNITS[unit]:.3g}{unit.upper()}"
    return f"{size:.3g}"


def size_covariates(
    frame: pd.DataFrame, columns: Sequence[str], have: Sequence[Covariate], log: IssueLog
) -> tuple[tuple[Covariate, ...], Array]:
    """Covariates made of the sizes among the text ``columns``, and their states (n, c).

    A size that is no number in some row is reported and stays text.
    """
    made: list[Covariate] = []
    states: list[list[float]] = []
    taken = {covariate.column for covariate in have}
    for name, covariate in SIZES.items():
        column = next((c for c in columns if c.casefold() == name), None)
        if column is None or covariate.column in taken:
            continue
        cells = texts(frame[column])
        if len(set(cells)) < 2:
            continue
        read = {cell: parse_size(cell) for cell in set(cells)}
        values = [size for cell in cells if (size := read[cell]) is not None]
        if len(values) < len(cells):
            _report_unread(frame, column, cells, read, log)
        elif len(set(values)) > 1:
            made.append(covariate)
            states.append([math.log10(value) for value in values])
            _report_made(column, covariate, values, log)
    return tuple(made), np.array(states, dtype=np.float64).reshape(len(made), len(frame)).T


def _report_unread(
    frame: pd.DataFrame, column: str, cells: Sequence[str], read: Mapping[str, float | None], log: IssueLog
) -> None:
    place = next(i for i, cell in enumerate(cells) if read[cell] is None)
    row = int(frame.index[place]) + 1
    log.add(
        "warning",
        "unread-size",
        f"Row {row:,}, column {shown(column)} holds {shown(cells[place])!r}, which is no size; the column is"
        " kept as text and not used.",
        "Write a number > 0 in every row (1e6, 60M, 1.5B)",
        row=row,
        column=column,
        value=shown(cells[place]),
    )


def _report_made(column: str, covariate: Covariate, values: Sequence[float], log: IssueLog) -> None:
    distinct = sorted(set(values))
    log.add(
        "note",
        "size-covariate",
        f"The runs differ in {shown(column)} ({len(distinct):,} values, {size_words(distinct[0])} to"
        f" {size_words(distinct[-1])}), so {covariate.name} is a covariate of the whole pool.",
        "Nothing to do; give the column the role ignore to leave it out.",
        column=column,
    )


def size_indices(table: RunsTable) -> dict[str, int]:
    """``"params"`` and ``"tokens"`` -> state column of its logarithm, for the sizes that the table has."""
    columns = table.covariate_columns
    return {name: columns.index(c.column) for name, c in SIZES.items() if c.column in columns}


def run_sizes(table: RunsTable) -> dict[str, Array]:
    """``"params"`` and ``"tokens"`` -> (n,) counts of the runs, for the sizes that vary over them."""
    return {name: 10.0 ** table.states[:, j] for name, j in size_indices(table).items()}


def target_states(table: RunsTable, params: float | None, tokens: float | None) -> dict[str, float]:
    """Covariate column -> value at a target size; empty where no target is asked for.

    Raises
    ------
    ConfigError : a target for a size that does not vary over the runs.
    """
    asked = {"params": params, "tokens": tokens}
    have = size_indices(table)
    wanted = {name: size for name, size in asked.items() if size is not None}
    for name in wanted:
        if name not in have:
            raise ConfigError(
                f"A target for {name} was given, and {name} does not vary over the runs of {table.name}; bring runs"
                f" of two sizes with a column {name}, or leave --target-{name} out."
            )
    return {SIZES[name].column: math.log10(size) for name, size in wanted.items()}


def at_size(table: RunsTable, pool: Array, sizes: Mapping[str, float]) -> Array:
    """The state (d,) with the size covariates ``{column: value}`` put in."""
    moved = np.array(pool, dtype=np.float64)
    for column, value in sizes.items():
        moved[table.covariate_columns.index(column)] = value
    return moved
