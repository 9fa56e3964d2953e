"""Paired statistics over pools: gains, their error, harm, noise between orders, and how predictions held.

The pool is the unit: orders of one mixture on one pool are averaged first. Gains are in the outcome's unit, higher is
better. Source: Student's t and Wilcoxon's signed ranks; Efron and Tibshirani (1993), ch. 13 (percentile bootstrap);
Wilson (1927) for a share's interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95
DRAWS = 10_000
NOT_MEASURED = float("nan")


@dataclass(frozen=True)
class Outcomes:
    """An outcome by pool, method and order of text.

    Attributes
    ----------
    pools, methods : P and M names, in the order of their first row. orders : O numbers, ascending.
    values : (P, M, O), nan where there is no such run.
    """

    pools: tuple[str, ...]
    methods: tuple[str, ...]
    orders: tuple[int, ...]
    values: Floats

    def of(self, method: str) -> Floats:
        """(P, O) of one method."""
        return self.values[:, self.methods.index(method), :]

    def gain(self, method: str, over: str) -> Floats:
        """(P, O) gain of one method over another on the same pool and order, where lower outcomes are better."""
        return self.of(over) - self.of(method)


def outcomes_of(
    pools: Sequence[str], methods: Sequence[str], orders: Sequence[int], values: Sequence[float]
) -> Outcomes:
    """Long rows, one a pool, method and order, as :class:`Outcomes`.

    Raises
    ------
    StudyError : two rows say the same pool, method and order.
    """
    names, rivals = tuple(dict.fromkeys(pools)), tuple(dict.fromkeys(methods))
    numbers = tuple(sorted(set(orders)))
    cube = np.full((len(names), len(rivals), len(numbers)), np.nan)
    at_pool = {name: i for i, name in enumerate(names)}
    at_method = {name: i for i, name in enumerate(rivals)}
    at_order = {number: i for i, number in enumerate(numbers)}
    for pool, method, order, value in zip(pools, methods, orders, values, strict=True):
        place = (at_pool[pool], at_method[method], at_order[order])
        if not np.isnan(cube[place]):
            raise StudyError(f"There are two runs of {method} on pool {pool} in order {order}; keep one.")
        cube[place] = value
    return Outcomes(names, rivals, numbers, cube)


def pool_means(gains: Floats) -> Floats:
    """(P,) mean over the orders (P, O) that there are; nan where a pool has none."""
    counts = (~np.isnan(gains)).sum(axis=1)
    sums = np.nansum(gains, axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


@dataclass(frozen=True)
class Paired:
    """Differences of P pools in short.

    Attributes
    ----------
    pools : P. mean, median, worst : of the differences. error : standard error of the mean, nan with one pool.
    low, high : t interval of the mean. boot_low, boot_high : percentile bootstrap over pools.
    wins : pools above 0. p : two-sided Wilcoxon signed-rank p; 1 where all differences are 0.
    """

    pools: int
    mean: float
    error: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    median: float
    wins: int
    worst: float
    p: float


def summarise(differences: Floats, seed: int = 0, level: float = LEVEL) -> Paired:
    """Mean difference over pools with its error and intervals.

    Parameters
    ----------
    differences : (P,), one a pool; pools that are nan are left out. seed : of the bootstrap. level : of both intervals.

    Raises
    ------
    StudyError : no pool is left.
    """
    kept = differences[~np.isnan(differences)]
    if not kept.size:
        raise StudyError("There is no pool to compare on.")
    mean, error = float(kept.mean()), standard_error(kept)
    half = t_quantile(kept.size - 1, level) * error if kept.size > 1 else NOT_MEASURED
    boot = bootstrap_interval(kept, seed, level)
    return Paired(
        int(kept.size),
        mean,
        error,
        mean - half,
        mean + half,
        *boot,
        median=float(np.median(kept)),
        wins=int((kept > 0.0).sum()),
        worst=float(kept.min()),
        p=wilcoxon_p(kept),
    )


def standard_error(values: Floats) -> float:
    """Standard error of the mean of (P,) values; nan with fewer than two."""
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else NOT_MEASURED


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """What a standard error is multiplied by for a two-sided interval of this level."""
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2.0, freedom))


def normal_quantile(level: float) -> float:
    """The same with a known standard deviation."""
    from scipy.stats import norm

    return float(norm.ppf(0.5 + level / 2.0))


def bootstrap_interval(values: Floats, seed: int, level: float = LEVEL) -> tuple[float, float]:
    """Percentile interval of the mean of (P,) values when the pools are drawn again, with replacement."""
    picks = np.random.default_rng(seed).integers(0, values.size, size=(DRAWS, values.size))
    low, high = np.quantile(values[picks].mean(axis=1), [0.5 - level / 2.0, 0.5 + level / 2.0])
    return float(low), float(high)


def wilcoxon_p(differences: Floats) -> float:
    """Two-sided p of Wilcoxon's signed ranks; differences of exactly 0 are left out, and 1 where all are."""
    from scipy.stats import wilcoxon

    moved = differences[differences != 0.0]
    return float(wilcoxon(moved).pvalue) if moved.size else 1.0


def order_noise(gains: Floats) -> float:
    """Standard deviation between the orders of one pool's gain (P, O), over all pools; nan with one order a pool."""
    counts = (~np.isnan(gains)).sum(axis=1)
    freedom = int(np.maximum(counts - 1, 0).sum())
    if not freedom:
        return NOT_MEASURED
    return float(np.sqrt(np.nansum((gains - pool_means(gains)[:, None]) ** 2) / freedom))


@dataclass(frozen=True)
class Harm:
    """How many of ``pools`` ended below the reference: ``below`` at all, ``surely`` by more than two standard errors."""

    pools: int
    below: int
    surely: int

    @property
    def rate(self) -> float:
        """Share of pools below."""
        return self.below / self.pools


def harm(gains: Floats) -> Harm:
    """Pools whose mean gain over the orders (P, O) is below 0.

    The standard error of a pool's mean is the noise between orders, of all pools together, over the root of its orders.
    With one order a pool nothing is sure.
    """
    means = pool_means(gains)
    errors = order_noise(gains) / np.sqrt(np.maximum((~np.isnan(gains)).sum(axis=1), 1))
    known = ~np.isnan(means)
    below = known & (means < 0.0)
    return Harm(int(known.sum()), int(below.sum()), int((below & (means < -2.0 * errors)).sum()))


@dataclass(frozen=True)
class RepeatNoise:
    """What repeats of mixtures in other orders of text say.

    Attributes
    ----------
    repeats : runs in them. one : standard deviation between orders of one mixture. own : what is left of it without the
    part that an order adds to every mixture alike; nan where it cannot be told apart.
    """

    repeats: int
    one: float
    own: float

    def of_a_difference(self, orders: int = 1) -> float:
        """Standard deviation of the difference of two mixtures on the same ``orders`` orders, averaged."""
        return self.own * float(np.sqrt(2.0 / orders))


def repeat_noise(values: Floats, mixtures: Sequence[str], orders: Sequence[int]) -> RepeatNoise:
    """Noise of (n,) outcomes from mixtures that were run in several orders: value = mixture + order + rest.

    Mixtures with one run tell nothing and are left out.
    """
    counts = {name: mixtures.count(name) for name in dict.fromkeys(mixtures)}
    kept = [i for i, name in enumerate(mixtures) if counts[name] > 1]
    if not kept:
        return RepeatNoise(0, NOT_MEASURED, NOT_MEASURED)
    y = values[kept]
    of_mixture = _dummies([mixtures[i] for i in kept])
    of_order = _dummies([str(orders[i]) for i in kept])
    return RepeatNoise(len(kept), _rest(y, of_mixture), _rest(y, np.hstack([of_mixture, of_order])))


def _dummies(names: Sequence[str]) -> Floats:
    known = list(dict.fromkeys(names))
    return np.array([[float(name == other) for other in known] for name in names])


def _rest(y: Floats, columns: Floats) -> float:
    """Standard deviation of what the columns leave of y."""
    fitted, _, rank, _ = np.linalg.lstsq(columns, y, rcond=None)
    freedom = y.size - int(rank)
    return float(np.sqrt(((y - columns @ fitted) ** 2).sum() / freedom)) if freedom > 0 else NOT_MEASURED
