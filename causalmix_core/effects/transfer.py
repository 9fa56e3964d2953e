"""Do small runs tell what larger ones will do? Fits on the smaller sizes foretell each larger size.

Per outcome, before any average: an average over outcomes can transfer while some of them do not.
The smallest size, foretold out of fold by runs of its own, is the yardstick.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.effects.size_levels import size_levels
from causalmix_core.evidence.sizes import size_indices
from causalmix_core.evidence.table import MEAN_OUTCOME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.size_levels import SizeLevel
    from causalmix_core.evidence.table import Outcome, RunsTable

    Array = NDArray[np.float64]

Verdict = Literal["transfers", "partly", "does not transfer"]
GOOD_RANK = 0.7  # lower end of the interval of the rank correlation: transfers
POOR_RANK = 0.5  # upper end below it: does not transfer
SLOPES = (0.5, 2.0)  # effects at the larger size, as multiples of the foretold ones
FEWEST_SAME = 10
DRAWS = 200
OWN_FOLDS = 3


@dataclass(frozen=True, eq=False)
class SizeScore:
    """One outcome at one size.

    Attributes
    ----------
    label : the size in words; ``own`` : True for the smallest, foretold out of fold by its own runs.
    observed, predicted : (n,), higher is better.
    rank, lower, upper : rank correlation with its bootstrap interval (pools drawn whole).
    slope : of observed on predicted; 0.5 means that effects are half of what was foretold.
    same_order : share of pairs of mixtures run at this and the next smaller size, on the same pool
        state, that both sizes rank alike, or None with fewer than ten such mixtures.
    n_same : number of those mixtures.
    """

    label: str
    own: bool
    observed: Array
    predicted: Array
    rank: float
    lower: float
    upper: float
    slope: float
    same_order: float | None
    n_same: int


@dataclass(frozen=True, eq=False)
class OutcomeTransfer:
    """One outcome at all sizes, smallest first."""

    outcome: Outcome
    sizes: tuple[SizeScore, ...]

    @property
    def largest(self) -> SizeScore:
        """The largest size, foretold from all others."""
        return self.sizes[-1]

    @property
    def verdict(self) -> Verdict:
        """At the largest size: by the interval of the rank correlation, and the slope."""
        found = self.largest
        if found.upper < POOR_RANK or found.lower <= 0.0:
            return "does not transfer"
        good = found.lower >= GOOD_RANK and SLOPES[0] <= found.slope <= SLOPES[1]
        return "transfers" if good else "partly"


@dataclass(frozen=True, eq=False)
class Transfer:
    """All outcomes; ``labels`` are the sizes in words, ``level`` that of the intervals."""

    labels: tuple[str, ...]
    outcomes: tuple[OutcomeTransfer, ...]
    level: float


def transfer_check(
    table: RunsTable,
    outcomes: Sequence[str] | None = None,
    config: FitConfig | None = None,
    level: float = 0.9,
    progress: Progress | None = None,
) -> Transfer:
    """Foretell each size from the smaller ones.

    Parameters
    ----------
    table : runs of two sizes or more.
    outcomes : names; all of the table and, where there are several, their mean by default.
    config : estimator and settings of the fits; its outcome and target are not used, and
        ``recommended`` takes the estimator's place where runs of one size lack what it needs.
    level : of the bootstrap intervals.

    Raises
    ------
    ConfigError : runs of one size, an unknown outcome, or settings that a fit refuses.
    """
    levels, report = size_levels(table), progress or (lambda done, phase: None)
    every = [o.name for o in table.outcomes]
    names = list(outcomes or (every if len(every) == 1 else [*dict.fromkeys([*every, MEAN_OUTCOME])]))
    base = config or FitConfig(outcome=names[0])
    found = []
    for number, name in enumerate(names):
        report(number / len(names), f"foretelling {name}")
        settings = dataclasses.replace(base, outcome=name, target_params=None, target_tokens=None)
        scores = [_score(table, settings, levels, i, level) for i in range(len(levels))]
        found.append(OutcomeTransfer(table.outcome(name), tuple(scores)))
    report(1.0, "done")
    return Transfer(tuple(one.label for one in levels), tuple(found), level)


def _score(
    table: RunsTable, config: FitConfig, levels: Sequence[SizeLevel], i: int, level: float
) -> SizeScore:
    """One outcome at the i-th size."""
    rows, target = levels[i].rows, table.score(config.outcome)
    predicted = _own_size(table, config, rows) if i == 0 else _from_smaller(table, config, levels, i)
    groups = table.groups()[rows]
    low, high = _interval(target[rows], predicted, groups, config.seed, level)
    same_order, n_same = (None, 0) if i == 0 else _same_order(table, target, levels[i - 1].rows, rows)
    spread = float(predicted.var())
    slope = float(np.mean((predicted - predicted.mean()) * target[rows])) / spread if spread > 0 else 0.0
    return SizeScore(
        label=levels[i].label,
        own=i == 0,
        observed=target[rows],
        predicted=predicted,
        rank=_rank_correlation(target[rows], predicted),
        lower=low,
        upper=high,
        slope=slope,
        same_order=same_order,
        n_same=n_same,
    )


def _own_size(table: RunsTable, config: FitConfig, rows: NDArray[np.intp]) -> Array:
    """(n,) out-of-fold predictions of the smallest size."""
    part = _varying(_part(table, rows))[0]
    return cross_validate(part, _usable(config, part), folds=OWN_FOLDS).predicted


def _from_smaller(table: RunsTable, config: FitConfig, levels: Sequence[SizeLevel], i: int) -> Array:
    """(n,) predictions of the i-th size by a fit on all smaller ones."""
    from causalmix_core.effects.fit import fit

    smaller = np.concatenate([one.rows for one in levels[:i]])
    train, kept = _varying(_part(table, smaller))
    rows = levels[i].rows
    return fit(train, _usable(config, train), calibrate=False).predict(
        table.shares[rows], table.states[rows][:, kept]
    )


def _usable(config: FitConfig, table: RunsTable) -> FitConfig:
    """The settings, with ``recommended`` in place of an estimator that needs covariates these runs lack."""
    from causalmix_core.effects.estimators.registry import concrete, shortcoming

    if shortcoming(concrete(config, table), table) is None:
        return config
    return FitConfig(config.outcome, folds=config.folds, seed=config.seed, trees=config.trees)


def _part(table: RunsTable, rows: NDArray[np.intp]) -> RunsTable:
    return table.with_rows(np.isin(np.arange(table.n_runs), rows))


def _varying(table: RunsTable) -> tuple[RunsTable, NDArray[np.bool_]]:
    """The table without covariates that are the same in all its runs, and which were kept (d,)."""
    kept = np.asarray((table.states != table.states[:1]).any(axis=0), dtype=np.bool_)
    covariates = tuple(c for c, keep in zip(table.covariates, kept, strict=True) if keep)
    return dataclasses.replace(table, covariates=covariates, states=table.states[:, kept]), kept


def _same_order(
    table: RunsTable, target: Array, smaller: NDArray[np.intp], rows: NDArray[np.intp]
) -> tuple[float | None, int]:
    """Share of pairs of mixtures that two sizes rank alike, and the number of mixtures run at both."""
    other = np.delete(table.states, list(size_indices(table).values()), axis=1)
    keys = [row.tobytes() for row in np.concatenate([table.shares, other], axis=1).round(9) + 0.0]
    first = {keys[row]: row for row in smaller[::-1]}
    pairs = {keys[row]: (first[keys[row]], row) for row in rows[::-1] if keys[row] in first}
    if len(pairs) < FEWEST_SAME:
        return None, len(pairs)
    at = np.array(list(pairs.values()))
    small, large = target[at[:, 0]], target[at[:, 1]]
    i, j = np.triu_indices(len(at), 1)
    agree = np.sign(small[i] - small[j]) == np.sign(large[i] - large[j])
    return float(agree.mean()), len(at)


def _interval(
    observed: Array, predicted: Array, groups: NDArray[np.int64], seed: int, level: float
) -> tuple[float, float]:
    """Percentile bootstrap of the rank correlation; whole pools are drawn."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    drawn = []
    for _ in range(DRAWS):
        take = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        drawn.append(_rank_correlation(observed[take], predicted[take]))
    low, high = np.quantile(drawn, [0.5 - level / 2.0, 0.5 + level / 2.0])
    return float(low), float(high)


def _rank_correlation(one: Array, other: Array) -> float:
    """Spearman's; 0 where one side does not vary."""
    from scipy.stats import rankdata

    first, second = rankdata(one), rankdata(other)
    spread = first.std() * second.std()
    return float(((first - first.mean()) * (second - second.mean())).mean() / spread) if spread > 0 else 0.0
