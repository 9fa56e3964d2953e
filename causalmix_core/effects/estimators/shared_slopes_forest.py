"""Own-state slopes, and a causal forest on their K learned own-state indices for what they leave.

A forest that splits on all covariates at once has too many to choose from; on the index of each
domain (what the slopes say it is worth in this state) it finds where the shared form bends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.estimators.on_top import forest_on_top
from causalmix_core.effects.estimators.shared_slopes import fit_shared_slopes
from causalmix_core.effects.estimators.shared_slopes_r import fit_shared_slopes_r

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.effects.estimators.forest_engine import ForestEngine
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def fit_shared_slopes_forest(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> ForestEngine:
    """The joint ridge, then the forest."""
    trend = fit_shared_slopes(table, target, config, _first_half(report), residuals)
    return _with_forest(trend, table, target, config, report, residuals)


def fit_shared_slopes_r_forest(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> ForestEngine:
    """The R-learner, then the forest."""
    trend = fit_shared_slopes_r(table, target, config, _first_half(report), residuals)
    return _with_forest(trend, table, target, config, report, residuals)


def _with_forest(
    trend: Engine,
    table: RunsTable,
    target: Array,
    config: FitConfig,
    report: Progress,
    residuals: Residuals,
) -> ForestEngine:
    summary = f"{trend.summary.removesuffix('.')}; plus a causal forest on the domains' own-state indices."
    return forest_on_top(
        trend, table, target, config, report, residuals,
        method=f"{trend.method} and forest", summary=summary, on_indices=True,
    )  # fmt: skip


def _first_half(report: Progress) -> Progress:
    return lambda done, phase: report(0.5 * done, phase)
