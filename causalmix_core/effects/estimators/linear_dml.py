"""LinearDML: least squares of purged outcome on purged contrasts and their products with covariates.

The same model as EconML's ``LinearDML`` with a linear treatment (Chernozhukov et al. 2018), in a
few lines: no shrinkage, and a heteroscedasticity-robust covariance (HC1). It has (K - 1)(d + 1)
coefficients, and explodes where runs do not outnumber them clearly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import Coding
from causalmix_core.effects.estimators.linear_slopes import LinearSlopesEngine, fit_features, interactions
from causalmix_core.effects.level import fit_level
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

RUNS_PER_COEFFICIENT = 3


def fit_linear_dml(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> LinearSlopesEngine:
    """Fit by least squares.

    Raises
    ------
    ConfigError : fewer than three runs per coefficient.
    """
    coding = Coding("contrast", len(table.domains))
    features = fit_features(table.states, conditions=True)
    at_runs = features(table.states)
    count = coding.size * at_runs.shape[1]
    if table.n_runs < RUNS_PER_COEFFICIENT * count:
        raise ConfigError(
            f"linear-dml has {count} coefficients for {table.n_runs} runs and no shrinkage; "
            f"it needs {RUNS_PER_COEFFICIENT * count} runs here, so choose ridge instead."
        )
    report(0.0, "purging outcome and mixture of the pool's state")
    columns = interactions(residuals.mixture(coding), at_runs)
    report(0.7, "fitting")
    inverse = np.linalg.pinv(columns.T @ columns, hermitian=True)
    found = inverse @ (columns.T @ residuals.outcome)
    missed = residuals.outcome - columns @ found
    covariance = inverse @ (columns.T * missed**2) @ columns @ inverse
    covariance *= table.n_runs / (table.n_runs - count)
    coefficients = found.reshape(-1, coding.size)
    level = fit_level(
        table.states, coding.encode(table.shares), at_runs @ coefficients, target, residuals.splits
    )
    summary = (
        "Least squares of purged outcome on purged contrasts, slopes linear in all covariates, no shrinkage."
    )
    return LinearSlopesEngine(coding, features, coefficients, covariance, level, "linear DML", summary)
