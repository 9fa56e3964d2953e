"""RegMix as a yardstick: LightGBM on the mixture alone (Liu et al. 2024), its own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.cross_validation import score_predictions
from causalmix_core.effects.folds import group_folds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.views import CrossValidation
    from causalmix_core.evidence.table import RunsTable


def regmix_model() -> Any:
    """LightGBM regression with 1,000 rounds at learning rate 0.01, one thread."""
    from lightgbm import LGBMRegressor

    return LGBMRegressor(n_estimators=1000, learning_rate=0.01, random_state=42, n_jobs=1, verbose=-1)


def cross_validate_regmix(table: RunsTable, outcome: str, folds: int = 6, seed: int = 1) -> CrossValidation:
    """The same folds and scores as :func:`causalmix_core.effects.cross_validation.cross_validate`."""
    observed = table.score(outcome)
    predicted: NDArray[np.float64] = np.empty_like(observed)
    parts = group_folds(table.groups(), folds, seed)
    for train, test in parts:
        predicted[test] = regmix_model().fit(table.shares[train], observed[train]).predict(table.shares[test])
    return score_predictions(observed, predicted, table.groups(), len(parts))
