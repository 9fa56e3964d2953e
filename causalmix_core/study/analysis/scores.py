"""Scores of predictions for unseen pools, each with a bootstrap interval over pools; means over held-out sets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.comparison_scores import Resamples, figure, over, rank_correlation
from causalmix_core.effects.cross_validation import same_pool_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of m runs; each array holds the score itself first and then one value a resample of pools.

    ``pair_r2`` and ``pairs_right`` are of differences between runs of one pool, None without such pairs.
    """

    r2: Array
    spearman: Array
    pair_r2: Array | None
    pairs_right: Array | None
    runs: int
    pairs: int

    def plain(self) -> dict[str, Any]:
        """As ``analysis.json`` holds them."""
        return {
            "r2": interval(self.r2),
            "spearman": interval(self.spearman),
            "pair_r2": interval(self.pair_r2),
            "pairs_right": interval(self.pairs_right),
            "runs": self.runs,
            "pairs": self.pairs,
        }


def interval(values: Array | None) -> dict[str, float] | None:
    """The first entry with the interval of the others; None of nothing, or where there is no value."""
    if values is None or not np.isfinite(values[0]):
        return None
    found = figure(values)
    return {"value": found.value, "lower": found.lower, "upper": found.upper}


def score(observed: Array, predicted: Array, pools: NDArray[np.int64], seed: int) -> Scores:
    """Scores of predictions (m,) for outcomes (m,) of runs in pools (m,)."""
    draws = Resamples(pools, seed)
    centred = observed - observed.mean()
    variation = draws.sums(centred**2) - draws.sums(centred) ** 2 / draws.sums(np.ones_like(centred))
    first, second = same_pool_pairs(pools)
    seen, foretold = observed[first] - observed[second], predicted[first] - predicted[second]
    differs = seen != 0.0
    first, seen, foretold = first[differs], seen[differs], foretold[differs]

    def by_run(values: Array) -> Array:
        return draws.sums(np.bincount(first, values, minlength=len(observed)).astype(np.float64))

    right = (np.sign(seen) == np.sign(foretold)).astype(np.float64)
    return Scores(
        r2=1.0 - over(draws.sums((observed - predicted) ** 2), variation),
        spearman=rank_correlation(predicted, observed, draws),
        pair_r2=1.0 - over(by_run((seen - foretold) ** 2), by_run(seen**2)) if len(seen) else None,
        pairs_right=over(by_run(right), by_run(np.ones_like(right))) if len(seen) else None,
        runs=len(observed),
        pairs=len(seen),
    )


def mean_of(values: Sequence[float | None]) -> dict[str, float] | None:
    """Mean over held-out sets and its standard error (0 for a single set); None where a set has no value."""
    found = [value for value in values if value is not None]
    if len(found) < len(values) or not found:
        return None
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found)) if len(found) > 1 else 0.0
    return {"mean": float(np.mean(found)), "se": error}
