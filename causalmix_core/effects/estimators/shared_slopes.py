"""Own-state slopes and level in one ridge, as an estimator: made once where a forest builds on it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.own_state import OwnStateEngine, fit_own_state

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def fit_shared_slopes(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> OwnStateEngine:
    """The joint ridge; of the residuals only their store is used."""
    key = ("shared-slopes", config.epsilon, config.orthogonalise)
    return residuals.shared(key, lambda: fit_own_state(table, target, config, report))
