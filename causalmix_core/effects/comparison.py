"""Comparing estimators on the user's own table: the same folds for all, and the simplest that will do.

The main criterion is the share of what the mixture does that is foretold out of fold,

    mixture R2 = 1 - sum (y - f)^2 / sum y^2,

y the outcome of a run less the mean of its pool, f the same of predictions, where pools have
several runs: the level cancels, and so does every confounder that the pool holds. Where they have
one, y is the outcome less what the pool's state foretells, and f the estimator's effect on the
mixture less what the state foretells of it (the R-loss of Nie and Wager 2021). The simplest
estimator whose distance from the best is within noise (paired bootstrap over groups) is chosen.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.compared import Comparison
from causalmix_core.effects.comparison_scores import LEVEL, Held, HeldRuns, score
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.estimators.components import choose_epsilon, refit_components
from causalmix_core.effects.estimators.registry import REGISTRY, concrete, offered, shortcoming
from causalmix_core.effects.folds import group_folds, linked_groups
from causalmix_core.effects.nuisance import Foreteller
from causalmix_core.effects.residuals import Residuals
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.effects.compared import Kept
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.effects.folds import Index
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

FOLDS = 5
SEED = 1
TREES = 48  # enough to rank forests; a fit takes more
PARTITIONS = 1  # of a fold's own choices, for the same reason
THREADS = 2
BASELINES: tuple[EstimatorName, ...] = (
    "constant",
    "log-linear",
)  # of the R-score: whichever the table allows


def compare(
    table: RunsTable,
    outcome: str,
    estimators: Sequence[EstimatorName] | None = None,
    folds: int = FOLDS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Comparison:
    """Refit every estimator without each fold, and say how each does there.

    Parameters
    ----------
    table, outcome : what is fitted.
    estimators : which; None takes all that the table allows, less the slow ones. "recommended"
        stands for what it is on this table. The average that R-scores are measured by always joins.
    folds : 2..20, at least as many groups.
    seed : of folds, fits and resamples.
    progress : called in the caller's thread with (done 0..1, phase).

    Raises
    ------
    ConfigError : no such outcome, it does not vary, fewer than two pools, or nothing can be fitted.
    """
    from threadpoolctl import threadpool_limits

    if not 2 <= folds <= 20:
        raise ConfigError(f"folds is {folds}; give a whole number from 2 to 20.")
    report = progress or (lambda done, phase: None)
    names = _names(table, estimators)
    target = table.score(outcome)
    groups, kept = _groups(table, folds)
    splits = group_folds(groups, folds, seed)
    epsilon = _once(lambda: choose_epsilon(table, target, FitConfig(outcome, seed=seed))[0])
    parts = [_part(table, outcome, split, number, seed, epsilon) for number, split in enumerate(splits)]
    # One limit around all threads: each fit sets its own, and they would undo each other's.
    with threadpool_limits(limits=1):
        said, refused = _fit_all(names, parts, outcome, seed, report)
        if not said:
            raise ConfigError(f"No estimator could be fitted: {next(iter(refused.values()))}")
        held = {name: _held(found, parts) for name, found in said.items()}
        purged = np.empty_like(target)
        for part in parts:
            purged[part.test] = part.purged(target[:, None])[:, 0]
    report(1.0, "done")
    runs = HeldRuns(target, purged, table.groups(), groups, splits)
    scores, within = score(held, runs, next(name for name in (*BASELINES, *held) if name in held), seed)
    best = max(scores, key=lambda found: found.mixture_r2.value)
    return Comparison(
        outcome=table.outcome(outcome), n_runs=table.n_runs, folds=len(parts), islands=len(np.unique(groups)),
        kept=kept, within=within, level=LEVEL, seed=seed, estimators=scores, refused=tuple(refused.items()),
        best=best.name, chosen=next(found.name for found in scores if found.within_noise),
        recommended=concrete(FitConfig(outcome), table).name,
    )  # fmt: skip


def _once(make: Callable[[], float]) -> Callable[[], float]:
    """What all folds wait for when the first of them asks."""
    lock, made = Lock(), list[float]()

    def get() -> float:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def _names(table: RunsTable, wanted: Sequence[EstimatorName] | None) -> tuple[EstimatorName, ...]:
    """Concrete names, simplest first, with the average that R-scores are measured by."""
    asked = [concrete(FitConfig("mean", name), table).name for name in wanted or offered(table)]
    average = next(name for name in BASELINES if shortcoming(REGISTRY[name], table) is None)
    return tuple(sorted({*asked, average}, key=lambda name: REGISTRY[name].complexity))


def _groups(table: RunsTable, folds: int) -> tuple[NDArray[np.int64], Kept]:
    """(n,) group of each run that no fold splits: pools and mixtures, or pools where those hang together."""
    pools = table.groups()
    if len(np.unique(pools)) < 2:
        raise ConfigError(f"{table.name} has one pool only; a comparison holds out pools and needs two.")
    islands = linked_groups(pools, table.shares)
    sizes = np.bincount(islands)
    if len(sizes) < folds or sizes.max() > table.n_runs / 2:
        return pools, "pools"
    return islands, "pools and mixtures"


@dataclass(frozen=True, eq=False)
class _Part:
    """One fold of a table: what is fitted on, with its residuals, and what is held out.

    ``epsilon`` of learned components is chosen once, on all runs: it costs more than the rest of such
    a fit, and one number chosen among five tells a fold next to nothing.
    """

    number: int
    whole: RunsTable
    train: Index
    test: Index
    table: RunsTable
    residuals: Residuals
    epsilon: Callable[[], float]
    _purged: dict[bytes, Array] = field(default_factory=dict)

    def purged(self, values: Array) -> Array:
        """(m, c) held-out rows of columns (n, c), less what their states foretell of them.

        Kept by content: all estimators ask for the same shares and for few logarithms of them.
        """
        key = values.tobytes()
        if key not in self._purged:
            self._purged[key] = values[self.test] - self._foretell(values)
        return self._purged[key]

    @cached_property
    def _foretell(self) -> Foreteller:
        return Foreteller("ridge", self.whole.states, self.train, self.test)


def _part(
    table: RunsTable,
    outcome: str,
    split: tuple[Index, Index],
    number: int,
    seed: int,
    epsilon: Callable[[], float],
) -> _Part:
    train, test = split
    keep = np.zeros(table.n_runs, dtype=bool)
    keep[train] = True
    smaller = table.with_rows(keep)
    residuals = Residuals(
        smaller, smaller.score(outcome), FitConfig(outcome).folds, seed, partitions=PARTITIONS
    )
    return _Part(number, table, train, test, smaller, residuals, epsilon)


@dataclass(frozen=True, eq=False)
class _Said:
    """What an estimator says of one fold: predictions (m,), coefficients (m, 2K) at each run's pool."""

    predicted: Array
    coefficients: Array
    epsilon: float
    seconds: float


def _fit_all(
    names: Sequence[EstimatorName], parts: list[_Part], outcome: str, seed: int, report: Progress
) -> tuple[dict[EstimatorName, list[_Said]], dict[EstimatorName, str]]:
    """Every estimator on every fold, side by side; one that some fold cannot fit is out, with the reason."""
    said: dict[EstimatorName, dict[int, _Said]] = {name: {} for name in names}
    refused: dict[EstimatorName, str] = {}
    # Estimator by estimator: the first round makes the residuals of all folds side by side.
    jobs = [(name, part) for name in names for part in parts]
    pool = ThreadPoolExecutor(THREADS)
    try:
        running = {pool.submit(_fit_one, name, part, outcome, seed): (name, part) for name, part in jobs}
        for done, future in enumerate(as_completed(running)):
            name, part = running[future]
            try:
                said[name][part.number] = future.result()
            except ConfigError as problem:
                refused.setdefault(name, str(problem))
            report(
                0.99 * (done + 1) / len(jobs), f"comparing: {name}, fold {part.number + 1} of {len(parts)}"
            )
    finally:
        pool.shutdown(cancel_futures=True)  # who stops waiting does not leave work behind
    whole = {n: [found[part.number] for part in parts] for n, found in said.items() if n not in refused}
    return whole, refused


def _fit_one(name: EstimatorName, part: _Part, outcome: str, seed: int) -> _Said:
    part.residuals.coding(None)  # what all share is not counted to whoever comes first
    start = time.perf_counter()
    engine = _engine(FitConfig(outcome, name, seed=seed, trees=TREES), part)
    seconds = time.perf_counter() - start
    states = part.whole.states[part.test]
    return _Said(
        engine.predict(part.whole.shares[part.test], states),
        engine.slopes(states) @ engine.coding.decode.T,
        engine.coding.epsilon,
        seconds,
    )


def _engine(config: FitConfig, part: _Part) -> Engine:
    from causalmix_core.effects.fit import fit

    if config.estimator == "components":
        return refit_components(part.table, part.table.score(config.outcome), part.epsilon(), config.seed)
    return fit(part.table, config, residuals=part.residuals, calibrate=False).engine


def _held(said: list[_Said], parts: list[_Part]) -> Held:
    """One estimator's folds put together in table order."""
    n = parts[0].whole.n_runs
    predicted, effect = np.empty(n), np.empty(n)
    for found, part in zip(said, parts, strict=True):
        predicted[part.test] = found.predicted
        logs, shares = np.split(found.coefficients, 2, axis=1)
        contribution = (part.purged(part.whole.shares) * shares).sum(axis=1)
        if logs.any():
            contribution += (part.purged(np.log(part.whole.shares + found.epsilon)) * logs).sum(axis=1)
        effect[part.test] = contribution
    return Held(predicted, effect, float(np.mean([found.seconds for found in said])))
