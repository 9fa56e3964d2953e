"""A causal forest on purged contrasts: CausalForestDML with the settings that do well on mixtures.

Contrasts need no reference domain and no logarithm; splits look for heterogeneity ("het", which
is meaningful on an orthonormal coding); nuisances are ridges of second degree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import Coding
from causalmix_core.effects.estimators.forest_engine import ForestEngine
from causalmix_core.effects.forest import grow_forest
from causalmix_core.effects.level import fit_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

LEAF = 5


def fit_forest(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> ForestEngine:
    """Grow the forest on residuals."""
    report(0.0, "purging outcome and mixture of the pool's state")
    coding = Coding("contrast", len(table.domains))
    contrasts, outcome = residuals.mixture(coding), residuals.outcome
    report(0.2, "growing the forest")
    forest = grow_forest(
        table.states, contrasts, outcome, criterion="het", leaf=LEAF, trees=config.trees, seed=config.seed
    )
    report(0.9, "fitting the level")
    slopes = np.asarray(forest.oob_predict(table.states))
    level = fit_level(table.states, coding.encode(table.shares), slopes, target, residuals.splits)
    summary = f"Causal forest of {config.trees} trees on purged contrasts of the shares (linear response)."
    return ForestEngine(coding, None, forest, None, level, "causal forest on contrasts", summary)
