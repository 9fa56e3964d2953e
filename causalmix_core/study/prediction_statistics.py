"""How gains that were predicted beforehand compare with gains that were realised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.statistics import LEVEL, NOT_MEASURED, normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Predicted against realised gains of P pools.

    Attributes
    ----------
    predicted, realised : mean gains. slope, slope_error : of realised on predicted through 0 (1 is perfect, below 1 the
    prediction promises too much); nan where nothing was predicted. rmse : root of the mean squared miss.
    rank : Spearman's correlation; nan with fewer than 3 pools or where one side is constant.
    """

    pools: int
    predicted: float
    realised: float
    slope: float
    slope_error: float
    rmse: float
    rank: float


def calibrate(predicted: Floats, realised: Floats) -> Calibration:
    """Compare (P,) predicted with (P,) realised gains of the same pools, in one unit."""
    slope, error = slope_through_zero(predicted, realised)
    return Calibration(
        int(predicted.size),
        float(predicted.mean()),
        float(realised.mean()),
        slope,
        error,
        float(np.sqrt(np.mean((realised - predicted) ** 2))),
        rank_correlation(predicted, realised),
    )


def slope_through_zero(predicted: Floats, realised: Floats) -> tuple[float, float]:
    """Least-squares slope of realised = slope x predicted, and its standard error (nan with one pool)."""
    squares = float(predicted @ predicted)
    if squares == 0.0:
        return NOT_MEASURED, NOT_MEASURED
    slope = float(predicted @ realised) / squares
    if predicted.size < 2:
        return slope, NOT_MEASURED
    rest = realised - slope * predicted
    return slope, float(np.sqrt(rest @ rest / (predicted.size - 1) / squares))


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation; nan with fewer than 3 pairs or a constant side."""
    from scipy.stats import rankdata

    if one.size < 3 or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return NOT_MEASURED
    # Gains that differ by less than this are one mixture's: last digits must not make ranks.
    return float(np.corrcoef(rankdata(one.round(12)), rankdata(other.round(12)))[0, 1])


@dataclass(frozen=True)
class Coverage:
    """How often intervals held.

    Attributes
    ----------
    intervals : of how many. held : share that held the realised gain as it is. held_widened : share when the order noise of
    the realised gain is added to the interval; nan where that noise is not known.
    low, high : Wilson interval of ``held_widened`` (of ``held`` where that is nan).
    """

    intervals: int
    held: float
    held_widened: float
    low: float
    high: float

    @property
    def fair(self) -> float:
        """The share to judge by: with the order noise added, where it is known."""
        return self.held if np.isnan(self.held_widened) else self.held_widened


def cover(low: Floats, high: Floats, realised: Floats, noise: float, level: float) -> Coverage:
    """How often (P,) intervals held (P,) realised gains.

    Parameters
    ----------
    noise : standard error of one realised gain, nan where unknown. level : nominal share, 0..1: says how many standard errors
    an interval's half width stands for, so that the noise can be added in quadrature on each side.
    """
    held = float(np.mean((low <= realised) & (realised <= high)))
    widened = NOT_MEASURED
    if not np.isnan(noise):
        middle, more = (low + high) / 2.0, normal_quantile(level) * noise
        half = np.sqrt(((high - low) / 2.0) ** 2 + more**2)
        widened = float(np.mean(np.abs(realised - middle) <= half))
    judged = held if np.isnan(widened) else widened
    return Coverage(int(realised.size), held, widened, *wilson(judged, int(realised.size)))


def wilson(share: float, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson interval of a share of ``trials``, 0..1."""
    z = normal_quantile(level)
    middle = share + z * z / (2.0 * trials)
    half = z * np.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials**2))
    whole = 1.0 + z * z / trials
    return max(0.0, float((middle - half) / whole)), min(1.0, float((middle + half) / whole))


def share_of(gains: Floats, reference: Floats) -> float:
    """Sum of (P,) gains over the sum of the reference's: a share that no single small reference can blow up."""
    total = float(reference.sum())
    return float(gains.sum()) / total if total > 0.0 else NOT_MEASURED


def share_interval(gains: Floats, reference: Floats, seed: int, level: float = LEVEL) -> tuple[float, float]:
    """Percentile bootstrap over pools of :func:`share_of`; nan where some draw has no gain to share."""
    from causalmix_core.study.statistics import DRAWS

    picks = np.random.default_rng(seed).integers(0, gains.size, size=(DRAWS, gains.size))
    totals = reference[picks].sum(axis=1)
    if not (totals > 0.0).all():
        return NOT_MEASURED, NOT_MEASURED
    low, high = np.quantile(gains[picks].sum(axis=1) / totals, [0.5 - level / 2.0, 0.5 + level / 2.0])
    return float(low), float(high)
