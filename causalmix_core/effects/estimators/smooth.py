"""A Gaussian process and RegMix's boosted trees on the mixture alone, averaged.

The process foretells other sizes and rare mixtures better, the trees mixtures like the runs'; their
errors have little in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.estimators.boosted import BoostedEngine, boosted_engine, projection_coding
from causalmix_core.effects.estimators.mixture_process import MixtureProcess
from causalmix_core.effects.estimators.regmix import regmix_booster

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.estimators.regmix import Booster
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


class Average:
    """The mean of two regressions' predictions."""

    def __init__(self, first: Booster, second: Booster) -> None:
        self._both = (first, second)

    def fit(self, shares: Array, target: Array) -> Average:
        """Fit both."""
        for model in self._both:
            model.fit(shares, target)
        return self

    def predict(self, shares: Array) -> Array:
        """(m, K) -> (m,)."""
        first, second = self._both
        predicted: Array = 0.5 * (first.predict(shares) + second.predict(shares))
        return predicted


def fit_smooth(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> BoostedEngine:
    """Fit on shares only."""
    report(0.0, "choosing epsilon")
    coding = projection_coding(table.shares, target, residuals, config.epsilon)
    report(0.1, "learning variances and boosting trees")
    both = Average(MixtureProcess(config.seed), regmix_booster(table, config))
    summary = (
        "A Gaussian process and boosted trees on the mixture alone, averaged; effects are a projection of "
        f"them ({coding.words})."
    )
    return boosted_engine(
        table, target, both, coding, uses_states=False, method="smooth and boosted", summary=summary
    )
