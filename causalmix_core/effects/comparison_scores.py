"""Scores of a comparison, each with a bootstrap interval over groups of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.compared import Compared, Figure
from causalmix_core.effects.cross_validation import same_pool_pairs
from causalmix_core.effects.estimators.registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.effects.compared import Within
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.folds import Index

    Array = NDArray[np.float64]

LEVEL = 0.9
RESAMPLES = 1000
CHOICES = 4  # runs to choose among where pools have one each


@dataclass(frozen=True, eq=False)
class HeldRuns:
    """The held-out runs that all estimators are scored on.

    Attributes
    ----------
    observed, purged : (n,) outcome, and outcome less what the pool's state foretells out of fold.
    pools, groups : (n,) pool of each run, and the group that no fold splits.
    splits : the folds.
    """

    observed: Array
    purged: Array
    pools: NDArray[np.int64]
    groups: NDArray[np.int64]
    splits: list[tuple[Index, Index]]


@dataclass(frozen=True, eq=False)
class Held:
    """What one estimator says of the n runs out of fold.

    ``predicted`` outcome; ``effect`` : its coefficients times the mixture less what the state foretells of it.
    """

    predicted: Array
    effect: Array
    seconds: float


class Resamples:
    """Sums over units drawn with replacement; the first entry of every sum is that of all units once."""

    def __init__(self, units: NDArray[np.int64], seed: int) -> None:
        self._member = np.unique(units, return_inverse=True)[1]
        count = int(self._member.max()) + 1
        drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), RESAMPLES)
        self._counts = np.concatenate([np.ones((1, count)), drawn])

    def sums(self, values: Array) -> Array:
        """(n,) values of rows -> (1 + RESAMPLES,)."""
        total: Array = self._counts @ np.bincount(self._member, values, minlength=self._counts.shape[1])
        return total


def figure(values: Array) -> Figure:
    """The first entry with the nominal interval of the others; resamples without a value do not count."""
    drawn = values[1:][np.isfinite(values[1:])]
    value = float(values[0])
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail]) if len(drawn) else (value, value)
    return Figure(value, float(low), float(high))


def score(
    held: Mapping[EstimatorName, Held], runs: HeldRuns, baseline: EstimatorName, seed: int
) -> tuple[tuple[Compared, ...], Within]:
    """All scores, simplest estimator first, and how the mixture's effect was judged."""
    within, truth = _mixture_part(runs)
    draws = Resamples(runs.groups, seed)
    sets, set_draws = _choice_sets(runs, within, seed)
    said = {name: _said_of_mixture(found, runs, within) for name, found in held.items()}
    variation = draws.sums(truth**2)
    r2 = {name: 1.0 - over(draws.sums((truth - f) ** 2), variation) for name, f in said.items()}
    best = max(r2, key=lambda name: r2[name][0])
    by_average = draws.sums((runs.purged - held[baseline].effect) ** 2)
    rows = []
    for name, found in held.items():
        behind = figure(r2[best] - r2[name])
        row = Compared(
            name=name,
            complexity=REGISTRY[name].complexity,
            mixture_r2=figure(r2[name]),
            behind=behind,
            within_noise=behind.lower <= 0.0,
            rank_correlation=figure(rank_correlation(found.predicted, runs.observed, draws)),
            r2=figure(
                1.0 - over(draws.sums((runs.observed - found.predicted) ** 2), _variation(runs, draws))
            ),
            pairs_right=_pairs_right(found.predicted, runs, draws),
            r_score=figure(1.0 - over(draws.sums((runs.purged - found.effect) ** 2), by_average)),
            regret=_regret(truth, said[name], sets, set_draws),
            seconds=found.seconds,
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: row.complexity)), within


def over(numerator: Array, denominator: Array) -> Array:
    """Their ratio; NaN or infinite where the denominator is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio: Array = numerator / denominator
    return ratio


def _mixture_part(runs: HeldRuns) -> tuple[Within, Array]:
    """How the mixture's effect is judged, and (n,) the outcome reduced to it."""
    mates = np.bincount(runs.pools)[runs.pools]
    if (mates > 1).mean() >= 0.5:
        return "pools", _within_pools(runs.observed, runs.pools)
    return "folds", runs.purged


def _said_of_mixture(found: Held, runs: HeldRuns, within: Within) -> Array:
    return _within_pools(found.predicted, runs.pools) if within == "pools" else found.effect


def _within_pools(values: Array, pools: NDArray[np.int64]) -> Array:
    """(n,) values less the mean of their pool; 0 in pools of one run."""
    means = np.bincount(pools, values) / np.maximum(np.bincount(pools), 1)
    rest: Array = values - means[pools]
    return rest


def _variation(runs: HeldRuns, draws: Resamples) -> Array:
    centred = runs.observed - runs.observed.mean()
    return draws.sums(centred**2) - draws.sums(centred) ** 2 / draws.sums(np.ones_like(centred))


def rank_correlation(predicted: Array, observed: Array, draws: Resamples) -> Array:
    """Spearman's; in resamples ranks stay those among all runs, which spares sorting anew."""
    from scipy.stats import rankdata

    x, y = (rankdata(values) - (len(values) + 1) / 2.0 for values in (predicted, observed))
    count, sx, sy = draws.sums(np.ones_like(x)), draws.sums(x), draws.sums(y)
    spread = (draws.sums(x**2) - sx**2 / count) * (draws.sums(y**2) - sy**2 / count)
    together = draws.sums(x * y) - sx * sy / count
    found = over(together, np.sqrt(np.maximum(spread, 0.0)))
    return np.where(spread > 1e-9, found, 0.0)  # equal predictions rank nothing


def _pairs_right(predicted: Array, runs: HeldRuns, draws: Resamples) -> Figure | None:
    first, second = same_pool_pairs(runs.pools)
    seen = runs.observed[first] - runs.observed[second]
    differs = seen != 0
    if not differs.any():
        return None
    first, second, seen = first[differs], second[differs], seen[differs]
    right = np.sign(seen) == np.sign(predicted[first] - predicted[second])
    n = len(predicted)
    hits = np.bincount(first, right, minlength=n).astype(np.float64)
    pairs = np.bincount(first, minlength=n).astype(np.float64)
    return figure(over(draws.sums(hits), draws.sums(pairs)))


def _choice_sets(runs: HeldRuns, within: Within, seed: int) -> tuple[list[Index], Resamples]:
    """Runs to choose among: those of one pool, or a few of one fold by lot."""
    if within == "pools":
        order = np.argsort(runs.pools, kind="stable")
        pools = np.split(order, np.flatnonzero(np.diff(runs.pools[order])) + 1)
        sets = [pool for pool in pools if len(pool) > 1]
        return sets, Resamples(np.array([runs.groups[s[0]] for s in sets]), seed)
    generator = np.random.default_rng(seed)
    shuffled = [generator.permutation(test) for _, test in runs.splits]
    sets = [part[i : i + CHOICES] for part in shuffled for i in range(0, len(part) - 1, CHOICES)]
    return sets, Resamples(np.arange(len(sets)), seed)


def _regret(truth: Array, said: Array, sets: list[Index], draws: Resamples) -> Figure:
    """Mean over sets of the best outcome less that of the preferred run; ties share."""
    lost = np.array([truth[s].max() - truth[s][said[s] == said[s].max()].mean() for s in sets])
    return figure(over(draws.sums(lost), draws.sums(np.ones_like(lost))))
