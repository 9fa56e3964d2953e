"""The S-learner: one LightGBM on the mixture and the pool's state together (Künzel et al. 2019).

Nothing is purged: it is free of confounding only as far as its trees follow the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.estimators.boosted import BoostedEngine, boosted_engine, projection_coding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def fit_s_learner(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> BoostedEngine:
    """Fit 200 rounds at learning rate 0.06."""
    from lightgbm import LGBMRegressor

    report(0.0, "choosing epsilon")
    coding = projection_coding(table.shares, target, residuals, config.epsilon)
    report(0.3, "boosting trees")
    booster = LGBMRegressor(
        n_estimators=200,
        learning_rate=0.06,
        num_leaves=16,
        min_child_samples=10,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.8,
        reg_lambda=1.0,
        random_state=config.seed,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
    )
    summary = f"LightGBM on mixture and pool state together; effects are a projection of it ({coding.words})."
    return boosted_engine(
        table, target, booster, coding, uses_states=True, method="boosted trees", summary=summary
    )
