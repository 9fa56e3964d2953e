"""Estimators on the shipped study: pools left out are foretold."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.estimators.listed import listed, print_refused
from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.tables import OUTCOME, study
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig

FOLDS = 6


def run() -> None:
    """Print one row per estimator; pairs are two runs of one pool with different mixtures."""
    table = study()
    configs = listed(table, OUTCOME)
    print(
        f"\n## Estimators on the shipped study, {table.n_runs} runs, outcome {OUTCOME}, {FOLDS} folds by pool"
    )
    head = ["estimator", "R2", "rank correlation", "same-pool pairs right", "same-pool R2", "seconds a fit"]
    rows = dict(zip(configs, spread(measure, configs.values()), strict=True))
    print_table(head, [[name, *row] for name, row in rows.items() if row])
    print_refused([name for name, row in rows.items() if not row])


def measure(config: FitConfig) -> list[object]:
    """Scores of one estimator and its time; nothing where it refuses the table."""
    table = study()
    start = time.perf_counter()
    try:
        found = cross_validate(table, config, FOLDS)
    except ConfigError:
        return []
    seconds = (time.perf_counter() - start) / found.folds
    return [found.r2, found.spearman, found.pair_accuracy, found.pair_r2, seconds]
