"""Which pool a decision is for: one of the table's, their average or one from a file, and its shifts.

Shifts are held in standard deviations of the runs' pools.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Covariate, RunsTable

    Array = NDArray[np.float64]

BEYOND = 1.5  # how far past the runs' range a covariate can be shifted, as a multiple of that range
PoolKind = Literal["average", "table", "file"]


@dataclass(frozen=True)
class PoolChoice:
    """Which pool is at hand, and how far it was shifted.

    Attributes
    ----------
    kind : "average" of the runs' pools, a pool of the "table", or one from a "file".
    pool_id : for "table".
    values : for "file", the state in the order of the table's covariates and in its units.
    label : for "file", what to call it.
    own : covariate column -> shift in standard deviations of the runs.
    whole : covariate name -> shift of that covariate in every domain.
    target : size covariate column -> value of the size that the fit is for; a pool from a file keeps its own.
    """

    kind: PoolKind = "average"
    pool_id: str = ""
    values: tuple[float, ...] = ()
    label: str = ""
    own: tuple[tuple[str, float], ...] = ()
    whole: tuple[tuple[str, float], ...] = ()
    target: tuple[tuple[str, float], ...] = ()

    def base(self, table: RunsTable) -> Array:
        """(d,) state before any shift."""
        from causalmix_core.evidence import pool_state
        from causalmix_core.evidence.sizes import at_size

        if self.kind == "file":
            return np.asarray(self.values, dtype=np.float64)
        if self.kind == "table":
            return at_size(table, pool_state.pool_by_id(table, self.pool_id), dict(self.target))
        return at_size(table, pool_state.average_pool(table), dict(self.target))

    def state(self, table: RunsTable) -> Array:
        """(d,) state with the shifts, each number held within :func:`state_limits`.

        A base beyond them (an uploaded pool) stays where it is: the limits are widened to it, so that
        an unshifted pool is never changed.
        """
        base = self.base(table)
        if not table.covariates:
            return base
        own, whole = dict(self.own), dict(self.whole)
        steps = np.array([own.get(c.column, 0.0) + whole.get(c.name, 0.0) for c in table.covariates])
        low, high = state_limits(table)
        moved = base + steps * table.states.std(axis=0)
        return np.clip(moved, np.minimum(low, base), np.maximum(high, base))

    @property
    def shifted(self) -> bool:
        """True when any shift is not zero."""
        return any(value for _, value in (*self.own, *self.whole))

    def with_own(self, column: str, shift: float) -> PoolChoice:
        """The same pool with one domain's covariate shifted."""
        return replace(self, own=_put(self.own, column, shift))

    def with_whole(self, name: str, shift: float) -> PoolChoice:
        """The same pool with one covariate shifted in every domain."""
        return replace(self, whole=_put(self.whole, name, shift))

    def unshifted(self) -> PoolChoice:
        """The same pool without any shift."""
        return replace(self, own=(), whole=())


def state_limits(table: RunsTable) -> tuple[Array, Array]:
    """(d,) least and greatest value that a covariate can be shifted to: one and a half times the runs' range.

    A covariate that is never negative stays so, and one that never leaves 0..1 stays a rate.
    """
    low, high = table.states.min(axis=0), table.states.max(axis=0)
    more = 0.5 * (BEYOND - 1.0) * (high - low)
    rate = (low >= 0.0) & (high <= 1.0)
    least = np.where(low >= 0.0, np.maximum(low - more, 0.0), low - more)
    most = np.where(rate, np.minimum(high + more, 1.0), high + more)
    return least, most


def shift_range(table: RunsTable, base: Array, covariate: Covariate) -> tuple[float, float]:
    """Shift in sd, rounded outward to 0.1, that takes ``base`` to the limits of :func:`state_limits`."""
    j = table.covariates.index(covariate)
    spread = float(table.states[:, j].std())
    if spread == 0.0:
        return 0.0, 0.0
    least, most = state_limits(table)
    low = (float(least[j]) - float(base[j])) / spread
    high = (float(most[j]) - float(base[j])) / spread
    return min(0.0, float(np.floor(low * 10) / 10)), max(0.0, float(np.ceil(high * 10) / 10))


def _put(pairs: tuple[tuple[str, float], ...], name: str, value: float) -> tuple[tuple[str, float], ...]:
    kept = dict(pairs)
    kept[name] = value
    return tuple((n, v) for n, v in kept.items() if v)
