"""RegMix: LightGBM on the mixture alone, with its own settings (Liu et al. 2024).

It knows nothing of the pool: one answer for all, and confounded where people put weight on what
looked good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.effects.estimators.boosted import BoostedEngine, boosted_engine, projection_coding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def regmix_model(seed: int = 42) -> Any:
    """LightGBM regression with 1,000 rounds at learning rate 0.01, one thread."""
    from lightgbm import LGBMRegressor

    return LGBMRegressor(
        n_estimators=1000, learning_rate=0.01, random_state=seed, deterministic=True, n_jobs=1, verbose=-1
    )


def fit_regmix(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> BoostedEngine:
    """Fit on shares only."""
    report(0.0, "choosing epsilon")
    coding = projection_coding(table.shares, target, residuals, config.epsilon)
    report(0.3, "boosting trees")
    summary = f"RegMix: LightGBM on the mixture alone; effects are a projection of it ({coding.words})."
    return boosted_engine(
        table, target, regmix_model(config.seed), coding, uses_states=False, method="RegMix", summary=summary
    )
