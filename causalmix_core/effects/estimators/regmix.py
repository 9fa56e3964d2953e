"""RegMix: LightGBM on the mixture alone, with its own settings (Liu et al. 2024).

It knows nothing of the pool: one answer for all, and confounded where people put weight on what
looked good. For the mean of several outcomes each is fitted by itself and the predictions are
averaged, as RegMix does: sums of many trees are smoother than trees of a sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from causalmix_core.effects.estimators.boosted import BoostedEngine, boosted_engine, projection_coding
from causalmix_core.evidence.table import MEAN_OUTCOME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


MOST_OUTCOMES = 32  # models beyond these cost seconds and change little


class Booster(Protocol):
    """What a regression does."""

    def fit(self, shares: Array, target: Array) -> Any:
        """Learn from mixtures (n, K) and outcomes (n,)."""

    def predict(self, shares: Array) -> Array:
        """(m, K) -> (m,)."""


def regmix_model(seed: int = 42) -> Any:
    """LightGBM regression with 1,000 rounds at learning rate 0.01, one thread."""
    from lightgbm import LGBMRegressor

    return LGBMRegressor(
        n_estimators=1000, learning_rate=0.01, random_state=seed, deterministic=True, n_jobs=1, verbose=-1
    )


class PerOutcome:
    """One model per outcome, predictions averaged; outcomes (n, m) stand beside the mean that is fitted."""

    def __init__(self, scores: Array, seed: int) -> None:
        self._scores = scores
        self._models = [regmix_model(seed) for _ in range(scores.shape[1])]

    def fit(self, shares: Array, target: Array) -> PerOutcome:
        """Fit every outcome; ``target`` is their mean and adds nothing."""
        for model, outcome in zip(self._models, self._scores.T, strict=True):
            model.fit(shares, outcome)
        return self

    def predict(self, shares: Array) -> Array:
        """(m, K) -> (m,)."""
        predicted: Array = np.mean([model.predict(shares) for model in self._models], axis=0)
        return predicted


def regmix_booster(table: RunsTable, config: FitConfig) -> Booster:
    """One model, or one per outcome for the mean of at most ``MOST_OUTCOMES``."""
    if config.outcome == MEAN_OUTCOME and 1 < table.scores.shape[1] <= MOST_OUTCOMES:
        return PerOutcome(table.scores, config.seed)
    booster: Booster = regmix_model(config.seed)
    return booster


def fit_regmix(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> BoostedEngine:
    """Fit on shares only."""
    report(0.0, "choosing epsilon")
    coding = projection_coding(table.shares, target, residuals, config.epsilon)
    report(0.3, "boosting trees")
    summary = f"RegMix: LightGBM on the mixture alone; effects are a projection of it ({coding.words})."
    return boosted_engine(
        table,
        target,
        regmix_booster(table, config),
        coding,
        uses_states=False,
        method="RegMix",
        summary=summary,
    )
