"""A shift of the pool along one covariate, from low to high, the rest held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.support import pools_inside
from causalmix_core.errors import PoolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Covariate, RunsTable

    Array = NDArray[np.float64]

POINTS = 41


@dataclass(frozen=True, eq=False)
class PoolPath:
    """Pools that differ from one pool in one covariate.

    Attributes
    ----------
    table : the runs. pool : (d,) the pool at hand.
    covariate : what is shifted: of one domain, of the pool, or (``whole``) the name that all domains share.
    whole : True where the covariate is shifted in every domain at once; positions are then shifts from
        the pool at hand in standard deviations of the runs, else values in the table's own unit.
    columns : numbers of the columns that move.
    positions : (M,) increasing, over the runs' range; ``here`` : the pool's own position.
    """

    table: RunsTable
    pool: Array
    covariate: Covariate
    whole: bool
    columns: tuple[int, ...]
    positions: Array
    here: float

    def states(self, positions: Array) -> Array:
        """(M, d) pools at ``positions`` (M,); every number held within what the runs have seen.

        A pool that lies outside the runs' range widens it, so that it is never changed itself.
        """
        states = np.tile(self.pool, (len(positions), 1))
        columns = list(self.columns)
        if not self.whole:
            states[:, columns] = positions[:, None]
            return states
        seen, base = self.table.states[:, columns], self.pool[columns]
        moved = base + positions[:, None] * seen.std(axis=0)
        low, high = np.minimum(seen.min(axis=0), base), np.maximum(seen.max(axis=0), base)
        states[:, columns] = np.clip(moved, low, high)
        return states

    def supported(self, positions: Array) -> NDArray[np.bool_]:
        """(M,) whether the pools at ``positions`` lie within those of the runs."""
        return pools_inside(self.table, self.states(positions))

    def run_positions(self) -> Array:
        """(n,) where the runs lie; empty for a shift of all domains, which no single run has a place on."""
        return np.empty(0) if self.whole else self.table.states[:, self.columns[0]]


def pool_path(table: RunsTable, pool: Array, along: str, points: int = POINTS) -> PoolPath:
    """The path through ``pool`` (d,) along a covariate's column, or its name for all domains at once.

    Raises
    ------
    PoolError : no such covariate, or one that is the same in all runs.
    """
    columns = tuple(i for i, c in enumerate(table.covariates) if along in (c.column, c.name))
    if not columns:
        known = ", ".join(dict.fromkeys([*(c.name for c in table.covariates), *table.covariate_columns[:3]]))
        raise PoolError(
            f"There is no covariate {along!r} to shift in {table.name}; give one of {known or 'none'}."
        )
    whole, seen, base = len(columns) > 1, table.states[:, list(columns)], pool[list(columns)]
    spread = seen.std(axis=0)
    if not (spread > 0.0).any():
        raise PoolError(f"The covariate {along} is the same in all runs; choose one that varies.")
    low, high = np.minimum(seen.min(axis=0), base), np.maximum(seen.max(axis=0), base)
    if whole:
        varies = spread > 0.0
        low, high = (low - base)[varies] / spread[varies], (high - base)[varies] / spread[varies]
    here = 0.0 if whole else float(base[0])
    # The pool at hand is one of the points, so that what is shown there is what is decided there.
    positions = np.unique(np.append(np.linspace(float(low.min()), float(high.max()), points), here))
    return PoolPath(table, pool, table.covariates[columns[0]], whole, columns, positions, here)
