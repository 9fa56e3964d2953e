"""Ridge R-learner for the trend, and a causal forest for what it leaves.

The ridge carries the slopes that a forest of a few hundred runs flattens; the forest, with large
leaves, carries the steps that a ridge cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.estimators.on_top import forest_on_top
from causalmix_core.effects.estimators.ridge import fit_ridge_r

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.estimators.forest_engine import ForestEngine
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def fit_hybrid(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> ForestEngine:
    """Fit the trend, then the forest on its rest."""
    trend = fit_ridge_r(table, target, config, lambda done, phase: report(0.5 * done, phase), residuals)
    summary = (
        f"Ridge of purged outcome on purged mixture (response: {trend.coding.words}) "
        "plus a causal forest on the rest."
    )
    return forest_on_top(
        trend, table, target, config, report, residuals, method="ridge R-learner and forest", summary=summary
    )
