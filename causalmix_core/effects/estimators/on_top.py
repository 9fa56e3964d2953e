"""Growing a forest on what a trend leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import Coding
from causalmix_core.effects.estimators.forest_engine import ForestEngine, own_state_indices
from causalmix_core.effects.forest import contrast_map, grow_forest
from causalmix_core.effects.level import fit_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

LEAF = 20


def forest_on_top(
    trend: Engine,
    table: RunsTable,
    target: Array,
    config: FitConfig,
    report: Progress,
    residuals: Residuals,
    *,
    method: str,
    summary: str,
    on_indices: bool = False,
) -> ForestEngine:
    """A forest on the outcome's residual less what the trend makes of the mixture's.

    ``on_indices`` : it splits on the trend's K own-state indices at the runs' mean mixture instead
    of all covariates: one number a domain, which a few hundred runs can split on.
    """
    report(0.6, "growing the forest")
    states = table.states
    slopes = trend.slopes(states)
    rest = residuals.outcome - (residuals.mixture(trend.coding) * slopes).sum(axis=1)
    mixture = table.shares.mean(axis=0) if on_indices else None
    features = states if mixture is None else own_state_indices(trend, states, mixture)
    contrasts = residuals.mixture(Coding("contrast", len(table.domains)))
    forest = grow_forest(
        features, contrasts, rest, criterion="mse", leaf=LEAF, trees=config.trees, seed=config.seed
    )
    report(0.95, "fitting the level")
    unseen = np.asarray(forest.oob_predict(features)) @ contrast_map(trend.coding).T
    left = target - trend.predict(table.shares, states)
    level = fit_level(states, trend.coding.encode(table.shares), unseen, left, residuals.splits)
    return ForestEngine(trend.coding, trend, forest, mixture, level, method, summary)
