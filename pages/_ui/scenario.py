"""The decision being worked on, as one plain value that the controls edit.

Nothing here knows Streamlit: a :class:`Scenario` is what the Mixture lab shows, what Export writes
and what the sidebar sums up. Shifts are held in standard deviations of the runs' pools.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Metric
    from causalmix_core.decision.result import PolicyName
    from causalmix_core.evidence.table import Covariate, RunsTable

    Array = NDArray[np.float64]

PoolKind = Literal["average", "table", "file"]
AnchorKind = Literal["natural", "equal", "mean", "entered"]
ANCHORS: tuple[AnchorKind, ...] = ("natural", "equal", "mean", "entered")
DEFAULT_RADIUS = 0.15
# Largest radius that means anything, or is worth typing, in each metric's unit; and how far a slider goes.
MOST: dict[str, float] = {"tv": 1.0, "kl": 5.0, "l2": 1.4}
_SLIDER: dict[str, float] = {"tv": 0.5, "kl": 1.0, "l2": 0.5}


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
        """(d,) state with the shifts, each number held within what the runs have seen.

        A base outside the runs' range (an uploaded pool) stays where it is: the range is widened
        to it, so that an unshifted pool is never changed.
        """
        base = self.base(table)
        if not table.covariates:
            return base
        own, whole = dict(self.own), dict(self.whole)
        steps = np.array([own.get(c.column, 0.0) + whole.get(c.name, 0.0) for c in table.covariates])
        low = np.minimum(table.states.min(axis=0), base)
        high = np.maximum(table.states.max(axis=0), base)
        return np.clip(base + steps * table.states.std(axis=0), low, high)

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


@dataclass(frozen=True)
class Bound:
    """Floor and cap of one domain as shares, and whether it is held at the anchor."""

    domain: str
    floor: float = 0.0
    cap: float = 1.0
    lock: bool = False

    @property
    def free(self) -> bool:
        """True when it asks for nothing."""
        return not self.lock and self.floor <= 0.0 and self.cap >= 1.0


@dataclass(frozen=True)
class Scenario:
    """Everything a decision is made from, besides the fit.

    Attributes
    ----------
    anchor : where to start from; ``entered`` (K,) shares when "entered".
    radius : in the unit of ``metric``; ``policy`` and ``level`` as in the decision room.
    bounds : only the domains that have one.
    """

    anchor: AnchorKind = "mean"
    entered: tuple[float, ...] = ()
    radius: float = DEFAULT_RADIUS
    metric: Metric = "tv"
    policy: PolicyName = "analytic"
    level: float = 0.9
    bounds: tuple[Bound, ...] = ()
    pool: PoolChoice = field(default_factory=PoolChoice)

    def anchor_shares(self, table: RunsTable) -> Array:
        """(K,) the anchor.

        Raises
        ------
        AnchorError : entered shares that do not close.
        """
        from causalmix_core.decision import anchors

        if self.anchor == "entered":
            return anchors.parse_mixture(dict(zip(table.domains, self.entered, strict=True)), table.domains)
        return anchors.resolve_anchor(self.anchor, table)

    def bound_of(self, domain: str) -> Bound:
        """The bound of a domain, free when none was set."""
        return next((b for b in self.bounds if b.domain == domain), Bound(domain))

    def limits(self) -> dict[str, tuple[float, float]]:
        """Domain -> (floor, cap) for the region; locked domains are left to ``locked``."""
        return {b.domain: (b.floor, b.cap) for b in self.bounds if not b.lock}

    def locked(self) -> tuple[str, ...]:
        """Domains held at the anchor."""
        return tuple(b.domain for b in self.bounds if b.lock)


def default_scenario(table: RunsTable) -> Scenario:
    """Where a project starts: natural shares if they are known, else the runs' mean."""
    return Scenario(anchor="natural" if table.natural is not None else "mean")


def reach(scenario: Scenario) -> float:
    """Where the radius slider and the frontier end: farther once a larger radius was typed."""
    short = _SLIDER[scenario.metric]
    return short if scenario.radius <= short else MOST[scenario.metric]


def shift_range(table: RunsTable, base: Array, covariate: Covariate) -> tuple[float, float]:
    """Shift in sd, rounded outward to 0.1, that takes ``base`` to the runs' least and greatest value."""
    j = table.covariates.index(covariate)
    spread = float(table.states[:, j].std())
    if spread == 0.0:
        return 0.0, 0.0
    low = (float(table.states[:, j].min()) - float(base[j])) / spread
    high = (float(table.states[:, j].max()) - float(base[j])) / spread
    return min(0.0, float(np.floor(low * 10) / 10)), max(0.0, float(np.ceil(high * 10) / 10))


def _put(pairs: tuple[tuple[str, float], ...], name: str, value: float) -> tuple[tuple[str, float], ...]:
    kept = dict(pairs)
    kept[name] = value
    return tuple((n, v) for n, v in kept.items() if v)
