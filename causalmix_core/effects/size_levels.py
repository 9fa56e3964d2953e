"""The sizes at which a table has runs, from the smallest to the largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import ConfigError
from causalmix_core.evidence.sizes import SIZE_WORDS, run_sizes, size_indices, size_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

FEWEST_RUNS = 20
MOST_LEVELS = 6


@dataclass(frozen=True, eq=False)
class SizeLevel:
    """Runs of one size, or of neighbouring sizes where single ones have too few runs.

    ``label`` : in words, e.g. ``"60M parameters"``; ``rows`` : their numbers in the table, sorted.
    """

    label: str
    rows: NDArray[np.intp]


def size_levels(table: RunsTable) -> tuple[SizeLevel, ...]:
    """Levels of at least 20 runs in the order of parameters times tokens, at most six.

    Every distinct size is a level where all have 20 runs and there are no more than six; otherwise
    neighbouring sizes are joined until a level has its part of the runs.

    Raises
    ------
    ConfigError : the runs are all of one size, or only one size has 20 runs.
    """
    columns = list(size_indices(table).values())
    if not columns:
        raise ConfigError(
            f"The runs of {table.name} are all of one size, so nothing can be said of transfer; bring runs of two"
            " sizes with a column params or tokens."
        )
    sizes = table.states[:, columns].round(9)
    distinct, member = np.unique(sizes, axis=0, return_inverse=True)
    order = np.lexsort((*distinct.T, distinct.sum(axis=1)))
    groups = [np.flatnonzero(member.ravel() == i) for i in order]
    if len(groups) > MOST_LEVELS or min(map(len, groups)) < FEWEST_RUNS:
        groups = _joined(groups, max(FEWEST_RUNS, -(-table.n_runs // MOST_LEVELS)))
    if len(groups) < 2:
        raise ConfigError(
            f"Only one size of {table.name} has {FEWEST_RUNS} runs or more, too few to foretell one size from another;"
            " bring more runs of a second size."
        )
    return tuple(SizeLevel(_label(table, rows), rows) for rows in groups)


def _joined(groups: list[NDArray[np.intp]], least: int) -> list[NDArray[np.intp]]:
    """Neighbouring groups put together until each has ``least`` rows; what is left joins the last."""
    made: list[NDArray[np.intp]] = []
    open_rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
    for rows in groups:
        open_rows = np.sort(np.concatenate([open_rows, rows]))
        if len(open_rows) >= least:
            made.append(open_rows)
            open_rows = np.empty(0, dtype=np.intp)
    if len(open_rows) and made:
        made[-1] = np.sort(np.concatenate([made[-1], open_rows]))
    return made


def _label(table: RunsTable, rows: NDArray[np.intp]) -> str:
    parts = []
    for name, sizes in run_sizes(table).items():
        low, high = size_words(float(sizes[rows].min())), size_words(float(sizes[rows].max()))
        parts.append(f"{low if low == high else f'{low} to {high}'} {SIZE_WORDS[name]}")
    return ", ".join(parts)
