"""Average effects purged of the pool's state: the partially linear model, without heterogeneity.

    Y = theta . encode(T) + g(X) + noise   (Robinson 1988),

theta by a ridge of the outcome's residual on the mixture's, coding and penalty chosen across
pools. The yardstick of every estimator that lets effects depend on the pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.estimators.linear_slopes import LinearSlopesEngine, fit_features
from causalmix_core.effects.level import fit_level
from causalmix_core.effects.ridge import column_scale, fit_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def fit_constant(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> LinearSlopesEngine:
    """Fit one slope per coded column."""
    report(0.0, "purging outcome and mixture of the pool's state")
    coding = residuals.coding(config.epsilon)
    columns = residuals.mixture(coding)
    scale = column_scale(columns, np.ones(coding.size), coding.parts)
    report(0.5, "fitting")
    ridge = fit_ridge(columns, residuals.outcome, scale, residuals.steady_splits)
    slopes = np.tile(ridge.coefficients, (len(target), 1))
    level = fit_level(table.states, coding.encode(table.shares), slopes, target, residuals.splits)
    summary = (
        "Average effects, the same for every pool, with outcome and mixture purged of the pool's state "
        f"(response: {coding.words})."
    )
    return LinearSlopesEngine(
        coding, fit_features(table.states, conditions=False), ridge.coefficients[None], ridge.covariance, level,
        "average effects, purged", summary,
    )  # fmt: skip
