"""What every part of the analysis stands on: the runs, the plan's settings, the folds, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from causalmix_core.effects.folds import group_folds
from causalmix_core.errors import StudyError
from causalmix_core.study.tables import RUNS, read_study_runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.folds import Index
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.study.analysis.kept import Kept
    from causalmix_core.study.plan import StudyPlan

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

FOLDS = 6
FittedOn = Literal["all", "random", "chosen"]
HALVES: tuple[FittedOn, ...] = get_args(FittedOn)


@dataclass(frozen=True, eq=False)
class Setting:
    """Runs and settings of one analysis.

    Attributes
    ----------
    plan : the study's plan; its part ``analysis`` says what is done.
    whole : the runs table as it is; ``table`` : the n runs of it that repeat no other.
    kept : what was computed before.
    """

    plan: StudyPlan
    whole: RunsTable
    table: RunsTable
    kept: Kept

    @property
    def asked(self) -> Mapping[str, Any]:
        """The plan's part ``analysis``."""
        return self.plan.part("analysis")

    @property
    def outcome(self) -> str:
        """Name of the outcome that the study is about."""
        return self.plan.outcome

    @property
    def seed(self) -> int:
        """Of folds, held-out sets and resamples."""
        return int(self.asked["seed"])

    @property
    def fit_seed(self) -> int:
        """Of every fit."""
        return int(self.plan.plain["fit"]["seed"])

    @cached_property
    def target(self) -> Array:
        """(n,) the outcome, higher is better."""
        return self.table.score(self.outcome)

    @cached_property
    def pools(self) -> NDArray[np.int64]:
        """(n,) pool number of each run."""
        return self.table.groups()

    @cached_property
    def folds(self) -> list[tuple[Index, Index]]:
        """The folds of pools that all estimators share."""
        return group_folds(self.pools, FOLDS, self.seed)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of covariates, each in all domains that have it."""
        return tuple(dict.fromkeys(covariate.name for covariate in self.table.covariates))

    def rows(self, half: FittedOn) -> Mask:
        """(n,) all runs, or those whose mixture was drawn at random or chosen by what was seen of the pool."""
        if half == "all" or self.table.assignment is None:
            return np.full(self.table.n_runs, half == "all")
        return np.array([found == half for found in self.table.assignment])

    def asked_for(self, names: Sequence[EstimatorName]) -> tuple[EstimatorName, ...]:
        """Those of some estimators that the plan lists."""
        return tuple(name for name in names if name in self.asked["estimators"])

    def only(self, rows: Index) -> RunsTable:
        """The runs ``rows`` (m,) in table order."""
        keep = np.zeros(self.table.n_runs, dtype=bool)
        keep[rows] = True
        return self.table.with_rows(keep)


def read_whole(plan: StudyPlan, tables: Path) -> RunsTable:
    """The study's runs table, with the outcome of the plan.

    Raises
    ------
    StudyError : the table is missing, or has no such outcome.
    """
    path = tables / RUNS
    if not path.exists():
        raise StudyError(f"{path} is missing; `study run {plan.name}` makes it.")
    table = read_study_runs(tables)
    if plan.outcome not in [outcome.name for outcome in table.outcomes]:
        raise StudyError(
            f"{path} has no column y_{plan.outcome}, the outcome of the plan {plan.name}; give the table of that plan."
        )
    return table


def without_repeats(table: RunsTable) -> RunsTable:
    """The runs whose ``replicate`` is 0; all where there is no such column.

    Raises
    ------
    StudyError : fewer pools are left than the analysis has folds.
    """
    repeats = table.provenance.get("replicate")
    keep = np.array([number in ("", "0") for number in repeats or [""] * table.n_runs])
    kept = table if keep.all() else table.with_rows(keep)
    pools = len(np.unique(kept.groups()))
    if pools < FOLDS:
        raise StudyError(
            f"{table.name} has runs on {pools} pools, and an analysis leaves out {FOLDS} sets of pools in turn; "
            "it needs more pools."
        )
    return kept
