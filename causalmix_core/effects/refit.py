"""Refits of a fit on tables like its own: what a check needs a dozen of.

Epsilon is held, folds and trees are fewer, variances are learned from fewer runs, and intervals
are not calibrated. A refit is to be compared with another refit: what they share cancels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from causalmix_core.effects.calibration import CalibratedEngine
from causalmix_core.effects.estimators.components import ComponentsEngine, refit_components
from causalmix_core.effects.estimators.registry import concrete, shortcoming, switches
from causalmix_core.effects.fit import Fit, fit

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable

FOLDS = 3
TREES = 40


def refit(fitted: Fit, table: RunsTable) -> Fit:
    """Fit ``table``, with the domains and the outcome of ``fitted``, in a fraction of its time.

    Other rows, other mixtures, other outcomes and other covariates may be given. Where the
    covariates that the estimator needs are gone, what is recommended for such a table is fitted.

    Raises
    ------
    ConfigError : the outcome does not vary in ``table``.
    """
    config = _settings(fitted)
    if shortcoming(concrete(config, table), table) is not None:
        config = replace(config, estimator="recommended")
    engine = fitted.engine.engine if isinstance(fitted.engine, CalibratedEngine) else fitted.engine
    target = table.score(config.outcome)
    varies = table.states.shape[1] > 0 and float(target.std()) > 0.0
    if varies and isinstance(engine, ComponentsEngine):
        epsilon = engine.coding.epsilon
        made = refit_components(table, target, epsilon, config.seed, config.orthogonalise)
        return replace(fitted, table=table, engine=made)
    return fit(table, config, calibrate=False)


def _settings(fitted: Fit) -> FitConfig:
    config = fitted.resolved
    given = fitted.engine.coding.name != "contrast" and "epsilon" in switches(config.estimator)
    return replace(
        config,
        epsilon=fitted.epsilon if given else config.epsilon,
        folds=min(config.folds, FOLDS),
        trees=min(config.trees, TREES),
        # A part of the runs need not vary in size, and then refuses a target size that refits do not need.
        target_params=None,
        target_tokens=None,
    )
