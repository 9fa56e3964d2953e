"""Is a pool, a mixture or a cell of a map within what the runs have seen?

Distance to the data is the mean distance to the ``NEIGHBOURS`` nearest runs, in standardised
units; it is "outside" when larger than for all but 2.5 % of the runs themselves (each measured
against the others). No shape of the cloud is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

NEIGHBOURS = 5
USUAL = 0.975
MAX_REFERENCE = 1000  # more runs than this add nothing to a percentile


@dataclass(frozen=True)
class PoolSupport:
    """Support of a pool state.

    ``inside`` : within the runs; ``distance`` and ``threshold`` in mean spreads per covariate;
    ``outside`` : covariate columns beyond the runs' range.
    """

    inside: bool
    distance: float
    threshold: float
    outside: tuple[str, ...]


@dataclass(frozen=True)
class MixtureSupport:
    """Support of a mixture.

    ``inside`` : within the runs; ``distance`` and ``threshold`` in Euclidean share units;
    ``nearest_run`` : the run of the most similar mixture; ``outside`` : domains whose share lies
    beyond the runs' range.
    """

    inside: bool
    distance: float
    threshold: float
    nearest_run: str
    outside: tuple[str, ...]


def distances_to_runs(points: Array, runs: Array) -> Array:
    """(m,) mean distance of points (m, c) to their nearest runs (n, c), root mean square per column."""
    count = min(NEIGHBOURS, len(runs))
    distance = np.empty(len(points))
    for start in range(0, len(points), 256):
        part = points[start : start + 256]
        squared = squared_distances(part, runs)
        distance[start : start + 256] = np.sqrt(np.partition(squared, count - 1, axis=1)[:, :count]).mean(
            axis=1
        )
    return distance


def squared_distances(points: Array, runs: Array) -> Array:
    """(m, n) mean squared difference per column of points (m, c) and runs (n, c)."""
    cross = points @ runs.T
    squared: Array = (points**2).sum(axis=1)[:, None] - 2.0 * cross + (runs**2).sum(axis=1)[None, :]
    return np.maximum(squared, 0.0) / points.shape[1]


def usual_distance(runs: Array) -> float:
    """The distance that all but 2.5 % of the runs (n, c) keep to the other runs."""
    sample = reference(runs)
    nearest = min(NEIGHBOURS, len(sample) - 1)
    squared = squared_distances(sample, sample)
    own = np.sqrt(np.sort(squared, axis=1)[:, 1 : nearest + 1]).mean(axis=1)
    return float(np.quantile(own, USUAL))


def reference(runs: Array) -> Array:
    """Distinct runs, thinned evenly: repeats of one pool would make every other look far away."""
    distinct = np.unique(runs, axis=0)
    if len(distinct) < NEIGHBOURS + 1:
        return runs
    step = max(1, len(distinct) // MAX_REFERENCE)
    return distinct[::step]


def standardised(table: RunsTable) -> tuple[Array, Array, Array]:
    """States (n, d) in spreads, with the mean (d,) and spread (d,) used."""
    mean, spread = table.states.mean(axis=0), table.states.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return (table.states - mean) / spread, mean, spread


def pool_support(table: RunsTable, pool: Array) -> PoolSupport:
    """Support of a pool state (d,); a table without covariates supports any pool."""
    if table.states.shape[1] == 0:
        return PoolSupport(True, 0.0, 0.0, ())
    runs, mean, spread = standardised(table)
    threshold = usual_distance(runs)
    distance = float(distances_to_runs(((pool - mean) / spread)[None], reference(runs))[0])
    low, high = table.states.min(axis=0), table.states.max(axis=0)
    slack = 1e-9 * (1.0 + np.abs(pool))
    beyond = (pool < low - slack) | (pool > high + slack)
    outside = tuple(c for c, out in zip(table.covariate_columns, beyond, strict=True) if out)
    return PoolSupport(distance <= threshold and not outside, distance, threshold, outside)


def mixture_support(table: RunsTable, shares: Array) -> MixtureSupport:
    """Support of a mixture (K,) among the runs' mixtures."""
    scale = float(np.sqrt(len(table.domains)))
    distance = float(distances_to_runs(shares[None], reference(table.shares))[0] * scale)
    threshold = usual_distance(table.shares) * scale
    variation = 0.5 * np.abs(table.shares - shares).sum(axis=1)
    low, high = table.shares.min(axis=0), table.shares.max(axis=0)
    beyond = (shares < low - 1e-9) | (shares > high + 1e-9)
    outside = tuple(d for d, out in zip(table.domains, beyond, strict=True) if out)
    nearest = table.run_ids[int(np.argmin(variation))]
    return MixtureSupport(distance <= threshold and not outside, distance, threshold, nearest, outside)


def mixtures_inside(table: RunsTable, shares: Array) -> NDArray[np.bool_]:
    """(R,) whether each of the mixtures (R, K) lies within the runs', as :func:`mixture_support` says."""
    inside = distances_to_runs(shares, reference(table.shares)) <= usual_distance(table.shares)
    return inside & _within_ranges(table.shares, shares, 1e-9)


def pools_inside(table: RunsTable, states: Array) -> NDArray[np.bool_]:
    """(M,) whether each of the pool states (M, d) lies within the runs', as :func:`pool_support` says."""
    if table.states.shape[1] == 0:
        return np.ones(len(states), dtype=bool)
    runs, mean, spread = standardised(table)
    inside = distances_to_runs((states - mean) / spread, reference(runs)) <= usual_distance(runs)
    return inside & _within_ranges(table.states, states, 1e-9 * (1.0 + np.abs(states)))


def _within_ranges(runs: Array, points: Array, slack: Array | float) -> NDArray[np.bool_]:
    """(M,) whether every column of points (M, c) lies between the least and greatest of the runs (n, c)."""
    low, high = runs.min(axis=0), runs.max(axis=0)
    within: NDArray[np.bool_] = ((points >= low - slack) & (points <= high + slack)).all(axis=1)
    return within
