"""The pool at hand: one value for each covariate of a runs table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import PoolError
from causalmix_core.evidence.entered import json_object, number
from causalmix_core.evidence.issues import listed, shown
from causalmix_core.evidence.sizes import at_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

REMEDY = 'write a JSON object such as {"x_web__duplicate_rate": 0.2}'


def average_pool(table: RunsTable) -> NDArray[np.float64]:
    """(d,) mean state over the runs."""
    return np.asarray(table.states.mean(axis=0), dtype=np.float64)


def pool_by_id(table: RunsTable, pool_id: str) -> NDArray[np.float64]:
    """(d,) state of one pool of the table (the mean over its runs); the run id where pools have no ids.

    Raises
    ------
    PoolError : the table has no such pool.
    """
    ids = table.run_ids if table.pool_ids is None else table.pool_ids
    rows = [i for i, name in enumerate(ids) if name == pool_id]
    if not rows:
        raise PoolError(
            f"There is no pool {shown(pool_id)!r} in {table.name}; its pools are {listed(pool_names(table))}."
        )
    return np.asarray(table.states[rows].mean(axis=0), dtype=np.float64)


def pool_names(table: RunsTable) -> tuple[str, ...]:
    """Distinct pool ids in order of appearance (run ids where pools have none)."""
    return tuple(dict.fromkeys(table.run_ids if table.pool_ids is None else table.pool_ids))


def parse_pool(
    data: bytes | Mapping[str, object], table: RunsTable, sizes: Mapping[str, float] | None = None
) -> NDArray[np.float64]:
    """(d,) state from a JSON object ``{covariate column: number}``, in the table's own units.

    ``sizes`` are values of size covariates that stand where the object does not name them.

    Raises
    ------
    PoolError : not such an object, a covariate missing or unknown, or a value that is no finite number.
    """
    values = {**(sizes or {}), **json_object(data, "pool file", REMEDY, PoolError)}
    columns = table.covariate_columns
    for name in values:
        if name not in columns:
            raise PoolError(
                f"The pool gives {shown(name)!r}, which is no covariate of {table.name}; its covariates are"
                f" {listed(columns) or 'none'}."
            )
    missing = [column for column in columns if column not in values]
    if missing:
        raise PoolError(f"The pool lacks the covariate {listed(missing)}; give a number for each covariate.")
    return np.array(
        [number(values[column], f"The pool's {column}", "correct it", PoolError) for column in columns],
        dtype=np.float64,
    )


def pool_json(table: RunsTable, pool: NDArray[np.float64]) -> dict[str, float]:
    """The state as the JSON object that :func:`parse_pool` reads back exactly."""
    return dict(zip(table.covariate_columns, (float(v) for v in pool), strict=True))


def resolve_pool(
    spec: str | None,
    table: RunsTable,
    sizes: Mapping[str, float] | None = None,
    absent: Sequence[str] = (),
) -> NDArray[np.float64]:
    """(d,) state that a word asks for: None = average of the runs, a pool id, else the path of a pool file.

    ``sizes`` ``{size covariate: value}`` are put into the state unless a file says otherwise; a file
    need not describe the ``absent`` domains.

    Raises
    ------
    PoolError : neither a pool of the table nor a readable pool file.
    """
    from causalmix_core.evidence.pool_file import read_pool_file

    if spec is None:
        return at_size(table, average_pool(table), sizes or {})
    if spec in pool_names(table):
        return at_size(table, pool_by_id(table, spec), sizes or {})
    try:
        data = Path(spec).read_bytes()
    except (OSError, ValueError):
        raise PoolError(
            f"{shown(spec)!r} is neither a pool of {table.name} nor a file that can be read; its pools are"
            f" {listed(pool_names(table))}."
        ) from None
    return read_pool_file(data, Path(spec).name, table, sizes, absent)
