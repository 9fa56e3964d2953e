"""What a fit says of runs that it has not seen, beside residuals purged of the pool's state.

Calibration, R-score, policy value, placebo and robustness all rest on this one object: effects
at each run's pool from a model fitted without that run's fold, and what is left of outcome and
mixture once the pool's state has said what it can (nuisances of the same training part).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.calibration import uncalibrated
from causalmix_core.effects.estimators.components import ComponentsEngine, refit_components
from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.nuisance import ridge_nuisance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Rows = NDArray[np.intp]

FOLDS = 5
SEED = 1


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Out-of-fold predictions, effects and residuals of n runs.

    Attributes
    ----------
    fold : (n,) number of the fold that holds each run; no pool straddles folds.
    observed, predicted : (n,) outcome, higher is better.
    outcome_residual : (n,) Y - E[Y | x].
    epsilon : (n,) eps of the logarithm in the run's fold model.
    features, feature_residual : (n, 2K) phi(T) = (log(T + eps), T), and phi(T) - E[phi(T) | x].
    coefficients : (n, 2K) the (a, b) of a Response at the run's own pool.
    average : (n, 2K) mean of the fold model's coefficients over the pools it was fitted on.
    """

    fold: NDArray[np.intp]
    observed: Array
    predicted: Array
    outcome_residual: Array
    epsilon: Array
    features: Array
    feature_residual: Array
    coefficients: Array
    average: Array

    @property
    def effect(self) -> Array:
        """(n,) what the mixture does to the outcome, relative to the usual mixture at that pool."""
        effect: Array = (self.feature_residual * self.coefficients).sum(axis=1)
        return effect

    @property
    def average_effect(self) -> Array:
        """(n,) the same with average effects: no conditioning on the pool."""
        effect: Array = (self.feature_residual * self.average).sum(axis=1)
        return effect


def out_of_fold(
    table: RunsTable,
    config: FitConfig,
    folds: int = FOLDS,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> OutOfFold:
    """Refit without each fold of pools, and say what each refit makes of its fold.

    ``engine`` is what was fitted to all runs, where the caller has it: learned components are then
    refitted with epsilon held, which takes a fraction of the time. Other estimators are always
    fitted anew.
    """
    report = progress or (lambda done, phase: None)
    parts = group_folds(table.groups(), folds, seed)
    pieces = []
    for number, (train, test) in enumerate(parts):
        report(number / len(parts), f"fold {number + 1} of {len(parts)}")
        keep = np.zeros(table.n_runs, dtype=bool)
        keep[train] = True
        fitted = _refit(table.with_rows(keep), config, engine)
        pieces.append(_piece(table, table.score(config.outcome), fitted, number, train, test))
    report(1.0, "done")
    order = np.argsort(np.concatenate([test for _, test in parts]))
    names = [field.name for field in dataclasses.fields(OutOfFold)]
    return OutOfFold(**{n: np.concatenate([getattr(p, n) for p in pieces])[order] for n in names})


def _refit(table: RunsTable, config: FitConfig, engine: Engine | None) -> Engine:
    from causalmix_core.effects.fit import fit

    whole = uncalibrated(engine) if engine is not None else None
    if isinstance(whole, ComponentsEngine):
        target, epsilon = table.score(config.outcome), whole.coding.epsilon
        return refit_components(table, target, epsilon, config.seed, config.orthogonalise)
    return fit(table, config, calibrate=False).engine


def _piece(
    table: RunsTable, target: Array, engine: Engine, number: int, train: Rows, test: Rows
) -> OutOfFold:
    """What an engine fitted to the rows ``train`` says of the rows ``test``."""
    epsilon, decode = engine.coding.epsilon, engine.coding.decode
    features = np.concatenate([np.log(table.shares + epsilon), table.shares], axis=1)
    both = np.concatenate([features, target[:, None]], axis=1)
    expected = _expected(table.states, both, train, test)
    return OutOfFold(
        fold=np.full(len(test), number, dtype=np.intp),
        observed=target[test],
        predicted=engine.predict(table.shares[test], table.states[test]),
        outcome_residual=target[test] - expected[:, -1],
        epsilon=np.full(len(test), epsilon),
        features=features[test],
        feature_residual=features[test] - expected[:, :-1],
        coefficients=engine.slopes(table.states[test]) @ decode.T,
        average=np.tile(decode @ engine.slopes(table.states[train]).mean(axis=0), (len(test), 1)),
    )


def _expected(states: Array, targets: Array, train: Rows, test: Rows) -> Array:
    """(m, c) what the states foretell of target columns (n, c) in the test rows; means without states."""
    if states.shape[1] == 0:
        return np.tile(targets[train].mean(axis=0), (len(test), 1))
    nuisance = ridge_nuisance(states.shape[1])
    # Columns of one spread share one penalty fairly.
    mean, spread = targets[train].mean(axis=0), targets[train].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    fitted = nuisance.fit(states[train], (targets[train] - mean) / spread)
    expected: Array = mean + spread * fitted.predict(states[test])
    return expected
