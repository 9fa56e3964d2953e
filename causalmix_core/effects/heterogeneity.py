"""Do effects differ between pools? Asked of runs that the model has not seen, not assumed.

With effects out of fold (:mod:`~causalmix_core.effects.out_of_fold`), d_i what run i's own pool adds to or takes from
the effect of its mixture, compared with average effects, and r_i what average effects leave of its
outcome, two questions are asked: is the slope b of r on d above zero beyond doubt (the calibration
of heterogeneity in grf's ``test_calibration``, Athey, Tibshirani and Wager 2019; errors clustered by pool), and
does d take error away (R-score, after Nie and Wager 2021)?

Where pools have several runs, r and d are differences between runs of one pool: the pool's level and
every confounder that the pool holds cancel. Elsewhere the model's own prediction stands for the
level and d is purged of what the state foretells of the mixture. Only where both answers are yes
is a recommendation conditioned on the pool. ``python -m benchmarks gate`` prints how often that errs either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.cross_validation import same_pool_pairs
from causalmix_core.effects.moments import clustered_slopes, p_above_zero

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

# Folds share runs, so the test errs more often than its level says: in simulated tables without
# heterogeneity 1 in 100 became about 1 in 20, and this about 1 in 50.
REAL = 0.001
MIN_PAIRS = 30  # fewer pairs say less than all runs with the level foretold


@dataclass(frozen=True)
class Heterogeneity:
    """What unseen runs say of effects that differ between pools.

    Attributes
    ----------
    average, average_error : slope of the outcome on average effects, and its standard error.
    slope, error : b and its standard error; 1 is perfect, 0 is nothing.
    p : one-sided p-value of "b is at most 0".
    r_score : part of the error of average effects that conditioning takes away; below 0 it adds some.
    pairs : number of same-pool pairs asked, 0 where runs were.
    """

    average: float
    average_error: float
    slope: float
    error: float
    p: float
    r_score: float
    pairs: int

    @property
    def supported(self) -> bool:
        """True where both questions are answered with yes."""
        return self.p <= REAL and self.r_score > 0.0


@dataclass(frozen=True, eq=False)
class UnseenEffects:
    """Rows to ask: runs, or differences of two runs of one pool.

    ``left`` (m,) outcome less the level; ``average``, ``own`` (m,) effects without and with the pool's state;
    ``cluster`` (m,) pool of each row; ``pairs`` : number of pairs, 0 where rows are runs.
    """

    left: Array
    average: Array
    own: Array
    cluster: NDArray[np.int64]
    pairs: int


def unseen_effects(oof: OutOfFold, groups: NDArray[np.int64]) -> UnseenEffects:
    """Same-pool differences where there are ``MIN_PAIRS`` of them, else runs; groups (n,) are pools."""
    first, second = same_pool_pairs(groups)
    step = oof.features[first] - oof.features[second]
    moved = np.abs(step).max(axis=1, initial=0.0) > 0.0
    first, second, step = first[moved], second[moved], step[moved]
    if len(first) >= MIN_PAIRS:
        left = oof.observed[first] - oof.observed[second]
        average = (step * oof.average[first]).sum(axis=1)
        own = (step * oof.coefficients[first]).sum(axis=1)
        return UnseenEffects(left, average, own, groups[first], len(first))
    left = oof.observed - oof.predicted + oof.effect
    return UnseenEffects(left, oof.average_effect, oof.effect, groups, 0)


def measure_heterogeneity(oof: OutOfFold, groups: NDArray[np.int64]) -> Heterogeneity:
    """The two answers for out-of-fold effects of runs in pools ``groups`` (n,)."""
    asked = unseen_effects(oof, groups)
    columns = np.column_stack([asked.average, asked.own - asked.average])
    slopes, errors = clustered_slopes(columns, asked.left, asked.cluster)
    base = float(((asked.left - asked.average) ** 2).sum())
    score = 1.0 - float(((asked.left - asked.own) ** 2).sum()) / base if base > 0.0 else 0.0
    p = p_above_zero(float(slopes[1]), float(errors[1]))
    return Heterogeneity(
        float(slopes[0]), float(errors[0]), float(slopes[1]), float(errors[1]), p, score, asked.pairs
    )
