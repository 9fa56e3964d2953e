"""From a runs table and settings to effects at any pool."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from causalmix_core import __version__
from causalmix_core.effects.beyond import beyond as measure_beyond
from causalmix_core.effects.beyond import widened
from causalmix_core.effects.calibration import CalibratedEngine
from causalmix_core.effects.calibration import calibrate as measure_calibration
from causalmix_core.effects.folds import pools_up_to
from causalmix_core.effects.heterogeneity import measure_heterogeneity
from causalmix_core.effects.target import target_notes, target_sizes
from causalmix_core.errors import ConfigError, PoolError
from causalmix_core.evidence.sizes import at_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.beyond import Beyond
    from causalmix_core.effects.calibration import Calibration
    from causalmix_core.effects.config import EstimatorName, FitConfig
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.effects.estimators.registry import Estimator
    from causalmix_core.effects.heterogeneity import Heterogeneity
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.effects.response import Response
    from causalmix_core.evidence.table import Outcome, RunsTable

    Array = NDArray[np.float64]

MIN_RUNS_TO_CONDITION = 128
FITTED, TESTED = 0.35, 0.7  # of the progress bar: when a fit is tested, and when its intervals are calibrated
MOST_ASKED = 4096  # runs that say whether pools differ; more would not change the answer
AVERAGES: Final = "constant"


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted outcome.

    Attributes
    ----------
    table, config : what it was fitted on and how.
    engine : the fitted estimator.
    outcome : the outcome's description; everything a Fit says is "higher is better".
    notes : sentences a reader should know before using it.
    estimator : what was fitted in the end; "recommended" depends on the table.
    heterogeneity : what unseen runs say of effects that differ between pools, where that was asked:
        ``recommended`` conditions on the pool only where they support it.
    """

    table: RunsTable
    config: FitConfig
    engine: Engine
    outcome: Outcome
    notes: tuple[str, ...]
    estimator: EstimatorName
    heterogeneity: Heterogeneity | None = None

    @property
    def method(self) -> str:
        """Short name of what was fitted."""
        return self.engine.method

    @property
    def summary(self) -> str:
        """One sentence on what was fitted."""
        return self.engine.summary

    @property
    def epsilon(self) -> float:
        """The eps inside the logarithm of the response."""
        return self.engine.coding.epsilon

    @property
    def sha256(self) -> str:
        """Hash of all that decides this fit: table, settings, version (64 hex digits)."""
        return fit_hash(self.table.sha256, self.config)

    @property
    def seen(self) -> Fit:
        """The fit of the domains that runs have seen: itself, unless one without runs was joined to it."""
        return self

    @property
    def depends_on_pool(self) -> bool:
        """False where effects are averages, the same for every pool."""
        return self._has_states and self._estimator.conditions

    @property
    def reads_states(self) -> bool:
        """False where the pool's state does not enter predictions either."""
        return self._has_states and self._estimator.reads_states

    @property
    def _has_states(self) -> bool:
        return self.config.covariates and self.table.states.shape[1] > 0

    @property
    def _estimator(self) -> Estimator:
        from causalmix_core.effects.estimators.registry import REGISTRY

        return REGISTRY[self.estimator]

    @property
    def resolved(self) -> FitConfig:
        """The settings with the estimator that was fitted in the end, for refits of the same kind."""
        return (
            self.config if self.estimator == self._plain else replace(self.config, estimator=self.estimator)
        )

    @property
    def _plain(self) -> EstimatorName:
        """What the settings lead to by themselves; an ablation of ``recommended`` is known by that name only."""
        from causalmix_core.effects.estimators.registry import concrete

        return concrete(self.config, self.table).name

    @property
    def calibration(self) -> Calibration | None:
        """How intervals were calibrated; None where that was not asked for."""
        return self.engine.calibration if isinstance(self.engine, CalibratedEngine) else None

    @property
    def default_pool(self) -> Array:
        """(d,) the average state of the runs' pools, at the target size where one was set."""
        return at_size(self.table, self.table.states.mean(axis=0), self.target)

    @property
    def target(self) -> dict[str, float]:
        """Size covariate -> its value at the target size; empty where none was set."""
        return target_sizes(self.table, self.config)

    def response(self, pool: Array) -> Response:
        """Response to the mixture at a pool state (d,) in the table's own units.

        Beyond the runs' pools it is extrapolated and its covariance widened (see :meth:`widening`).

        Raises
        ------
        PoolError
            If the state has another length than the table's covariates or is not finite.
        """
        states = self._checked(np.atleast_2d(pool))
        return widened(self._engine_response(states[0]), self.widening(states[0]))

    def widening(self, pool: Array) -> float:
        """Factor >= 1 on standard errors at a pool state (d,): above 1 only beyond the runs' pools."""
        beyond = self._beyond
        return 1.0 if beyond is None else beyond.widening(pool, self._engine_response)

    @cached_property
    def _beyond(self) -> Beyond | None:
        return measure_beyond(self.table, self.engine) if self._has_states else None

    def _engine_response(self, state: Array) -> Response:
        """The response at a state (d,) as the engine has it."""
        slopes, covariance = self.engine.slopes(state[None])[0], self.engine.covariance(state)
        return self.engine.coding.response(self.table.domains, slopes, covariance)

    def predict(self, shares: Array, states: Array) -> Array:
        """(m,) expected outcome, higher is better, of mixtures (m, K) on pools (m, d)."""
        states = self._checked(states)
        return self.engine.predict(shares, states)

    def _checked(self, states: Array) -> Array:
        if states.shape[1] != self.table.states.shape[1]:
            raise PoolError(
                f"A pool state needs {self.table.states.shape[1]} covariates and has {states.shape[1]}; "
                "name each one of the table's."
            )
        if not np.isfinite(states).all():
            raise PoolError(
                "A pool state holds a value that is not a finite number; give each covariate one."
            )
        return states


def fit_hash(table_sha256: str, config: FitConfig) -> str:
    """Hash of table, settings and version: equal inputs, equal fit."""
    return hashlib.sha256(f"{table_sha256}\n{config.sha256}\n{__version__}".encode()).hexdigest()


def fit(
    table: RunsTable,
    config: FitConfig,
    progress: Progress | None = None,
    residuals: Residuals | None = None,
    calibrate: bool = True,
) -> Fit:
    """Fit one outcome.

    Parameters
    ----------
    table : validated runs.
    config : settings; with ``table`` they decide the result to the last bit on one machine.
    progress : called with (done 0..1, phase).
    residuals : of this table and outcome with these folds and seed, where the caller has them already.
    calibrate : False saves the time where no interval is wanted: covariances are then the estimator's own,
        and ``recommended`` takes it as given that pools differ.

    Raises
    ------
    ConfigError
        If the outcome does not exist or does not vary, or the estimator cannot use the table or a setting.
    """
    from threadpoolctl import threadpool_limits

    from causalmix_core.effects.estimators.registry import concrete

    report = progress or (lambda done, phase: None)
    outcome, target = table.outcome(config.outcome), table.score(config.outcome)
    target_sizes(table, config)  # refuses a target that the table cannot have
    spread = float(target.std())
    if spread <= 1e-12 * (1.0 + float(np.abs(target).max())):
        raise ConfigError(f"The outcome {outcome.name} is the same in all runs; choose one that varies.")
    # One thread: results do not depend on how many cores there are, and small matrices are faster so.
    with threadpool_limits(limits=1):
        until = FITTED if calibrate else 1.0
        engine = _fit_engine(
            table, target, config, lambda done, phase: report(until * done, phase), residuals
        )
        name, found = concrete(config, table).name, None
        if calibrate:
            report(until, "asking whether pools differ")
            found = _heterogeneity(table, config, engine)
            if found is not None and not found.supported:
                name = AVERAGES
                averages = replace(config, estimator=name)
                engine = _fit_engine(table, target, averages, lambda done, phase: None, residuals)
            report(TESTED, "calibrating intervals")
            engine = CalibratedEngine(engine, measure_calibration(table, target, config, engine))
    report(1.0, "done")
    return Fit(table, config, engine, outcome, fit_notes(table, config, found), name, found)


def _heterogeneity(table: RunsTable, config: FitConfig, engine: Engine) -> Heterogeneity | None:
    """What unseen runs say; None where nobody asks: averages, ablations, estimators asked for by name."""
    from causalmix_core.effects.estimators.registry import concrete
    from causalmix_core.effects.out_of_fold import out_of_fold

    conditions = concrete(config, table).conditions and config.orthogonalise
    if config.estimator != "recommended" or not conditions:
        return None
    keep = np.zeros(table.n_runs, dtype=bool)
    keep[pools_up_to(table.groups(), MOST_ASKED, config.seed)] = True
    some = table if keep.all() else table.with_rows(keep)
    return measure_heterogeneity(out_of_fold(some, config, engine=engine), some.groups())


def _fit_engine(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals | None
) -> Engine:
    from causalmix_core.effects.estimators.registry import check, concrete
    from causalmix_core.effects.residuals import Residuals

    check(config, table)
    shared = residuals or Residuals(table, target, config.folds, config.seed)
    return concrete(config, table).fit(table, target, config, report, shared)


def fit_notes(
    table: RunsTable, config: FitConfig, heterogeneity: Heterogeneity | None = None
) -> tuple[str, ...]:
    """Sentences that a reader of this fit should know before using it."""
    from causalmix_core.effects.estimators.registry import concrete

    notes = []
    if table.states.shape[1] == 0:
        notes.append("The table has no covariates: effects are averages, the same for every pool.")
    elif not config.covariates:
        notes.append("Covariates are switched off: effects are averages, the same for every pool.")
    elif not concrete(config, table).conditions:
        notes.append(
            "This estimator does not condition on the pool: effects are averages, the same for every pool."
        )
    elif heterogeneity is not None and not heterogeneity.supported:
        notes.append(
            "In runs left out, effects that differ between pools did not come true "
            f"(slope {_figure(heterogeneity.slope)}, standard error {_figure(heterogeneity.error)}, R-score "
            f"{_figure(heterogeneity.r_score)}): effects are averages, and the pool's state moves the level, not the mixture."
        )
        if config.target_params is not None or config.target_tokens is not None:
            notes.append(
                "So does the target size: it moves the level of the outcome and leaves effects as they are."
            )
    elif heterogeneity is None and table.n_runs < MIN_RUNS_TO_CONDITION:
        notes.append(
            f"{table.n_runs} runs are few to condition on the pool's state; "
            f"below {MIN_RUNS_TO_CONDITION} prefer average effects (without covariates)."
        )
    if not config.orthogonalise:
        notes.append("Without orthogonalisation: effects may be confounded by the pool's state.")
    if table.pool_ids is None and table.states.shape[1] > 0:
        notes.append("The table does not name pools (pool_id): each run is taken as its own pool.")
    return (*notes, *target_notes(table, config))


def _figure(value: float) -> str:
    """Two decimals with a true minus."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
