"""Runs that a plan may pick from: mixtures, and the pools they can be made on.

Mixtures are those that the decision is between, the farthest ones of its region, the anchor, the runs' own
design, and random ones around the anchor. They keep the region's floors, caps and locks; they may
leave its radius, where one run tells more, but not the shares that runs or the region have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import nearest_mixture
from causalmix_core.planning.choices import TARGET
from causalmix_core.planning.rivals import distinct, extremes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.planning.choices import PoolsName
    from causalmix_core.planning.rivals import Rivals

    Array = NDArray[np.float64]

MOST_OWN, MOST_RANDOM = 160, 160
MOST_POOLS = 12  # of the table: the nearest to the target, and as many spread over all
MOST_MIXTURES_A_POOL = 48  # of the table
AROUND = 0.2  # Dirichlet weight that a domain has besides its part of the anchor
LEAST_STEP = 1e-3  # a mixture that bounds pull closer to the anchor than this is the anchor


@dataclass(frozen=True, eq=False)
class Candidates:
    """C runs that can be made: ``pools`` C names, ``states`` (C, d), ``shares`` (C, K)."""

    pools: tuple[str, ...]
    states: Array
    shares: Array


def candidate_runs(
    table: RunsTable, pool: Array, region: Region, rivals: Rivals, pools: PoolsName, seed: int
) -> Candidates:
    """Every mixture on every pool that ``pools`` allows, ``pool`` (d,) being the target."""
    mixtures = candidate_mixtures(table, region, rivals, seed)
    places = [] if pools == "table" else [(TARGET, pool, mixtures)]
    if pools != "target":
        fewer = _thinned(mixtures, MOST_MIXTURES_A_POOL)
        places += [(name, state, fewer) for name, state in _table_pools(table, pool)]
    return Candidates(
        tuple(name for name, _, some in places for _ in some),
        np.concatenate([np.tile(state, (len(some), 1)) for _, state, some in places]),
        np.concatenate([some for _, _, some in places]),
    )


def candidate_mixtures(table: RunsTable, region: Region, rivals: Rivals, seed: int) -> Array:
    """(M, K) mixtures, those that the decision is between first."""
    rng = np.random.default_rng(seed)
    far = extremes(region, rng)
    centre = region.anchor if _within(region.anchor, region) else nearest_mixture(region)
    k = len(centre)
    random = rng.dirichlet(k * centre + AROUND, size=MOST_RANDOM)
    own = distinct(table.shares)
    within = np.concatenate([far, own])
    low = np.maximum(region.lower, within.min(axis=0))
    high = np.minimum(region.upper, within.max(axis=0))
    pulled = _pulled(np.concatenate([_thinned(own, MOST_OWN), random]), centre, region, low, high)
    return distinct(np.concatenate([rivals.shares, centre[None], far, pulled]))


def _pulled(shares: Array, centre: Array, region: Region, low: Array, high: Array) -> Array:
    """Mixtures (m, K) with locked domains at their share, drawn towards the centre as far as limits ask."""
    free = region.upper > region.lower
    moved = np.where(free, shares, 0.0)
    total = moved.sum(axis=1, keepdims=True)
    moved = np.where(free, moved * (centre[free].sum() / np.maximum(total, 1e-12)), centre)
    step = moved[total[:, 0] > 0.0] - centre
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(
            step > 0.0, (high - centre) / step, np.where(step < 0.0, (low - centre) / step, np.inf)
        )
    part = np.clip(room.min(axis=1), 0.0, 1.0)
    mixtures = np.clip(centre + part[:, None] * step, region.lower, region.upper)
    far_enough = 0.5 * np.abs(mixtures - centre).sum(axis=1) > LEAST_STEP
    return mixtures[far_enough]


def _within(shares: Array, region: Region) -> bool:
    return bool((shares >= region.lower).all() and (shares <= region.upper).all())


def _table_pools(table: RunsTable, pool: Array) -> list[tuple[str, Array]]:
    """Name and state (d,) of pools of the runs: the nearest to the target, and some of all."""
    groups = table.groups()
    _, first = np.unique(groups, return_index=True)
    ids = table.run_ids if table.pool_ids is None else table.pool_ids
    rows = np.sort(first)
    spread = table.states.std(axis=0)
    away = (table.states[rows] - pool) / np.where(spread > 0.0, spread, 1.0)
    nearest = np.argsort((away**2).sum(axis=1), kind="stable")[:MOST_POOLS]
    evenly = np.linspace(0, len(rows) - 1, min(MOST_POOLS, len(rows))).astype(int)
    kept = rows[np.unique(np.concatenate([nearest, evenly]))]
    return [(ids[row], table.states[row]) for row in kept]


def _thinned(shares: Array, most: int) -> Array:
    if len(shares) <= most:
        return shares
    return shares[np.linspace(0, len(shares) - 1, most).astype(int)]
