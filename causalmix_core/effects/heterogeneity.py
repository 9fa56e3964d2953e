"""Do effects differ between pools? Asked of runs that the model has not seen, not assumed.

Two questions, both out of fold (:mod:`~causalmix_core.effects.out_of_fold`): is the slope b of

    Y_res = a average_effect + b (effect - average_effect)

above zero beyond doubt (the calibration test of grf's ``test_calibration``, Athey, Tibshirani and Wager 2019,
HC3 errors), and do effects by pool leave less error than average effects, scaled to suit best
(R-score, Nie and Wager 2021)? Only where both say yes is a recommendation conditioned on the
pool. ``python -m benchmarks gate`` prints how often that errs either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.moments import least_squares_hc3, p_above_zero

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

REAL = 0.01  # one table without heterogeneity in a hundred is believed to have some
FLAT = 1e-12  # effects smaller than this part of the outcome's spread are none


@dataclass(frozen=True)
class Heterogeneity:
    """What unseen runs say of effects that differ between pools.

    Attributes
    ----------
    slope, error : b and its standard error; 1 is perfect, 0 is nothing.
    p : one-sided p-value of "b is at most 0".
    r_score : part of the error of average effects that conditioning takes away; below 0 it adds some.
    """

    slope: float
    error: float
    p: float
    r_score: float

    @property
    def supported(self) -> bool:
        """True where both questions are answered with yes."""
        return self.p <= REAL and self.r_score > 0.0


def measure_heterogeneity(oof: OutOfFold) -> Heterogeneity:
    """The two answers for out-of-fold effects."""
    _, (slope, error) = calibration_slopes(np.column_stack([oof.average_effect, _differs(oof)]), oof)
    return Heterogeneity(slope, error, p_above_zero(slope, error), r_score(oof))


def calibration_slopes(columns: Array, oof: OutOfFold) -> list[tuple[float, float]]:
    """Slope and error of the purged outcome on each column (n, c); 0 and 0 for a column that is flat."""
    flat = columns.std(axis=0) <= FLAT * max(float(oof.observed.std()), 1e-300)
    slopes, errors = np.zeros(len(flat)), np.zeros(len(flat))
    if not flat.all():
        slopes[~flat], errors[~flat] = least_squares_hc3(columns[:, ~flat], oof.outcome_residual)
    return list(zip(slopes.tolist(), errors.tolist(), strict=True))


def r_score(oof: OutOfFold) -> float:
    """1 - error of effects by pool over the error of average effects, scaled to suit best."""
    average = oof.average_effect
    strength = float(average @ average)
    scale = float(average @ oof.outcome_residual) / strength if strength > 0.0 else 0.0
    base = float(((oof.outcome_residual - scale * average) ** 2).sum())
    own = float(((oof.outcome_residual - oof.effect) ** 2).sum())
    return 1.0 - own / base if base > 0.0 else 0.0


def _differs(oof: OutOfFold) -> Array:
    differs: Array = oof.effect - oof.average_effect
    return differs
