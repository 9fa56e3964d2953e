"""The ridge R-learner: slopes linear in all covariates, on cross-fitted residuals (Nie and Wager 2021).

Responses are linear or log beside linear, whichever foretells other pools better; a square root is
not among them, since a Response holds logarithms and shares. Interactions with covariates are
shrunken more than averages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.estimators.linear_slopes import LinearSlopesEngine, fit_features, interactions
from causalmix_core.effects.level import fit_level
from causalmix_core.effects.ridge import column_scale, cross_validated_errors, fit_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

INTERACTION_WEIGHTS: tuple[float, ...] = (0.6, 0.2)


def fit_ridge_r(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> LinearSlopesEngine:
    """Fit slopes in all covariates, once where a forest builds on them too."""
    key = ("ridge", config.epsilon)
    return residuals.shared(key, lambda: _fit(table, target, config, report, residuals))


def _fit(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> LinearSlopesEngine:
    """Coding, penalty and shrinkage are chosen across pools."""
    report(0.0, "purging outcome and mixture of the pool's state")
    coding = residuals.coding(config.epsilon)
    features = fit_features(table.states, conditions=True)
    at_runs = features(table.states)
    columns = interactions(residuals.mixture(coding), at_runs)
    # A block is one feature of the state in one part of the coding, over all domains.
    blocks = (2 * np.arange(at_runs.shape[1])[:, None] + coding.parts).ravel()
    tried = []
    for number, weight in enumerate(INTERACTION_WEIGHTS):
        report(0.3 + 0.3 * number, "choosing the penalty")
        weights = np.repeat(np.where(np.arange(at_runs.shape[1]) == 0, 1.0, weight), coding.size)
        scale = column_scale(columns, weights, blocks)
        tried.append((cross_validated_errors(columns, residuals.outcome, scale, residuals.splits), scale))
    errors, scale = min(tried, key=lambda found: found[0].min())
    ridge = fit_ridge(columns, residuals.outcome, scale, residuals.splits, errors)
    coefficients = ridge.coefficients.reshape(-1, coding.size)
    level = fit_level(
        table.states, coding.encode(table.shares), at_runs @ coefficients, target, residuals.splits
    )
    summary = f"Ridge of purged outcome on purged mixture, slopes linear in all covariates (response: {coding.words})."
    return LinearSlopesEngine(
        coding, features, coefficients, ridge.covariance, level, "ridge R-learner", summary
    )
