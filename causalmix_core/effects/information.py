"""What runs that are not made yet would say of the response at one pool.

In a Gaussian linear model the posterior covariance after further runs does not depend on what they
will find (Chaloner and Verdinelli 1995, Statist. Sci. 10, p. 273), so designs can be compared before
anybody pays for them. The learned components are such a model: a run is a row of columns h at its mixture and
its pool, and the slopes at any pool are linear in the same coefficients. Of other estimators only the
covariance of the response at the pool is known; runs are then compared by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.calibration import CalibratedEngine, uncalibrated
from causalmix_core.effects.cross_validation import cross_validate, same_pool_pairs
from causalmix_core.effects.estimators.components import ComponentsEngine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

MIN_PAIRS = 30  # of runs of one pool, whose differences tell noise from what no covariate says of a pool
FOLDS = 4


@dataclass(frozen=True, eq=False)
class RunInformation:
    """Joint belief about m possible runs and the response at one pool.

    Attributes
    ----------
    covariance : (m + 2K, m + 2K) of the runs' expected outcomes, then of the response's (a, b) at the pool.
    noise : > 0, variance of one run's outcome around its expectation.
    exact : True where it is the fitted model's own posterior; False where it follows from the response's
        covariance at the pool, and from what runs of one pool are seen to share.
    """

    covariance: Array
    noise: float
    exact: bool


def knows_pools(fit: Fit) -> bool:
    """True where the fit can say what a run on one pool tells of another."""
    return isinstance(uncalibrated(fit.engine), ComponentsEngine)


def run_information(fit: Fit, pool: Array, shares: Array, states: Array) -> RunInformation:
    """Belief about runs of mixtures (m, K) on pools (m, d), and about the response at ``pool`` (d,).

    Intervals are scaled by the fit's calibration, and noise with them: what further runs take away is
    then the part of the interval that a refit with the same calibration would report. Where
    :func:`knows_pools` is False a run on any pool is taken to tell of the response at ``pool``.
    """
    engine = uncalibrated(fit.engine)
    if not isinstance(engine, ComponentsEngine):
        return _at_the_pool(fit, pool, shares, states)
    scale = fit.engine.calibration.scale**2 if isinstance(fit.engine, CalibratedEngine) else 1.0
    middle = engine.columns(fit.table.shares, fit.table.states).mean(axis=0)
    runs = engine.columns(shares, states) - middle
    rows = np.concatenate([runs, engine.slope_columns(pool)])
    noise = engine.ridge.cv_error
    covariance = rows @ engine.ridge.covariance @ rows.T
    # The runs' mean outcome is known from n runs only, whatever the coefficients.
    covariance[: len(runs), : len(runs)] += noise / fit.table.n_runs
    covariance += _beyond_the_runs(fit, engine, pool, shares, states, covariance[len(runs) :, len(runs) :])
    return RunInformation(scale * 0.5 * (covariance + covariance.T), scale * noise, True)


def _beyond_the_runs(
    fit: Fit, engine: ComponentsEngine, pool: Array, shares: Array, states: Array, known: Array
) -> Array:
    """What a pool beyond the runs adds: slopes of its own, which no run on another pool tells of.

    ``known`` (2K, 2K) is the response's covariance before; with what is added, it is widened as the fit's own.
    """
    there = (states == pool).all(axis=1, keepdims=True)
    steps = np.where(there, engine.coding.encode(shares) - engine.centre, 0.0)
    rows = np.concatenate([steps, np.eye(len(known))])
    added: Array = (fit.widening(pool) ** 2 - 1.0) * rows @ known @ rows.T
    return added


def _at_the_pool(fit: Fit, pool: Array, shares: Array, states: Array) -> RunInformation:
    response = fit.response(pool)
    noise, level = unexplained_variances(fit)
    middle = response.features(fit.table.shares).mean(axis=0)
    rows = np.concatenate([response.features(shares) - middle, np.eye(2 * shares.shape[1])])
    covariance = rows @ response.covariance @ rows.T
    # Runs of one pool share what no covariate says of it; their differences tell of the mixture.
    of_pool = (
        np.unique(states, axis=0, return_inverse=True)[1].ravel()
        if states.shape[1]
        else np.zeros(len(shares))
    )
    covariance[: len(shares), : len(shares)] += level * (of_pool[:, None] == of_pool)
    return RunInformation(0.5 * (covariance + covariance.T), noise, False)


def unexplained_variances(fit: Fit) -> tuple[float, float]:
    """Variance that an out-of-fold fit leaves unexplained: of a run within its pool, and of the pool's level.

    The first from differences of runs of one pool, where there are ``MIN_PAIRS`` of them; elsewhere the
    second is 0 and the first is all.
    """
    left = cross_validate(fit.table, fit.resolved, FOLDS)
    rest = left.observed - left.predicted
    whole = float((rest**2).mean())
    first, second = same_pool_pairs(fit.table.groups())
    if len(first) < MIN_PAIRS:
        return whole, 0.0
    within = float(0.5 * ((rest[first] - rest[second]) ** 2).mean())
    return within, max(0.0, whole - within)
