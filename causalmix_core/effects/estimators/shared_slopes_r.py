"""Own-state slopes as an R-learner: the same shared and own columns, on cross-fitted residuals.

The joint ridge of :mod:`~causalmix_core.effects.estimators.shared_slopes` fits the level beside the slopes; here
outcome and mixture are purged of the pool's state first, by models that saw other pools. That
needs about twice the runs, and is the safer one where people chose the runs by looking at pools
in ways that the joint level does not follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.estimators.shared_slopes import (
    OWN_WEIGHTS,
    OwnStateEngine,
    part_columns,
    prior_scale,
)
from causalmix_core.effects.level import Level, fit_level
from causalmix_core.effects.ridge import cross_validated_errors, fit_ridge
from causalmix_core.effects.state_scale import fit_state_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SharedSlopesREngine(SeparablePrediction):
    """Own-state slopes from residuals, with a level of their own."""

    own: OwnStateEngine
    fitted_level: Level

    method = "own-state slopes, R-learner"

    @property
    def coding(self) -> Coding:
        """Logs beside shares."""
        return self.own.coding

    @property
    def summary(self) -> str:
        """One sentence for people."""
        return (
            "Slopes of each domain in its own state, shared by all domains plus shrunken own deviations, fitted to "
            f"outcome and mixture purged of the pool's state (response: {self.coding.words})."
        )

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, 2K)."""
        return self.own.slopes(states)

    def covariance(self, state: Array) -> Array:
        """(d,) -> (2K, 2K)."""
        return self.own.covariance(state)

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (2K,) -> (m,)."""
        return self.own.direction_variances(states, direction)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        return self.fitted_level.at(states, self.slopes(states))


def fit_shared_slopes_r(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> SharedSlopesREngine:
    """Fit on a table whose covariates are per domain, once where a forest builds on it too."""
    key = ("shared-slopes-r", config.epsilon)
    return residuals.shared(key, lambda: _fit(table, target, config, report, residuals))


def _fit(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> SharedSlopesREngine:
    """All that is chosen is chosen across pools."""
    report(0.0, "purging outcome and mixture of the pool's state")
    scale = fit_state_scale(table)
    u = scale(table.states)
    k, j = u.shape[1:]
    outcome, folds = residuals.outcome, residuals.steady_splits
    tried = []
    epsilons = EPSILONS if config.epsilon is None else (config.epsilon,)
    for number, epsilon in enumerate(epsilons):
        report(0.1 + 0.8 * number / len(epsilons), "choosing epsilon and penalty")
        columns = _columns(residuals, Coding("log-linear", k, epsilon), u)
        for own in OWN_WEIGHTS:
            errors = cross_validated_errors(columns, outcome, prior_scale(columns, k, j, own, False), folds)
            tried.append((float(errors.min()), epsilon, own, errors))
    _, epsilon, own, errors = min(tried, key=lambda found: found[0])
    report(0.9, "fitting")
    coding = Coding("log-linear", k, epsilon)
    columns = _columns(residuals, coding, u)
    ridge = fit_ridge(columns, outcome, prior_scale(columns, k, j, own, False), folds, errors)
    engine = OwnStateEngine(coding, scale, ridge, with_level=False, own_weight=own)
    slopes = engine.slopes(table.states)
    level = fit_level(table.states, coding.encode(table.shares), slopes, target, residuals.splits)
    return SharedSlopesREngine(engine, level)


def _columns(residuals: Residuals, coding: Coding, u: Array) -> Array:
    """(n, P) columns of both parts of the purged mixture at standardised states u (n, K, J)."""
    log_part, linear_part = np.split(residuals.mixture(coding), 2, axis=1)
    return np.concatenate([part_columns(log_part, u), part_columns(linear_part, u)], axis=1)
