"""How long everything takes for one table: fit, comparison, checks, correction, explanations.

In a process of its own for each table, with the threads that the app has, first call and second.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from benchmarks.printing import print_table
from benchmarks.tables import OUTCOME, STUDY
from benchmarks.worlds import make_world
from causalmix_core.checks.checkup import check_fit
from causalmix_core.checks.gain import measure_correction
from causalmix_core.decision.anchors import mean_of_runs
from causalmix_core.effects.comparison import compare
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explain.drivers import effect_drivers
from causalmix_core.effects.explain.tree import effect_tree
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import read_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.evidence.table import RunsTable

    Given = TypeVar("Given")

TABLES = (
    "simulated, 512 runs, K = 17, 6 covariates of the pool",
    "the shipped study",
)
STEPS = ("fit", "comparison", "checks", "correction of gains", "SHAP, all domains", "tree")


def run() -> None:
    """Print seconds of each step and their sum."""
    for which, name in enumerate(TABLES):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            first, second = pool.submit(twice, which).result()
        print(f"\n## Everything for one table, seconds: {name}")
        rows = [[step, first[step], second[step]] for step in STEPS]
        rows.append(["all", sum(first.values()), sum(second.values())])
        print_table(["step", "first call", "second call"], rows)


def twice(which: int) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds of each step, once with what must be imported and once without."""
    table = read_runs(STUDY) if which else make_world(17, 6, False, 1.0, 0).table(512, 1)
    outcome = OUTCOME if which else "score"
    return steps(table, outcome), steps(table, outcome)


def steps(table: RunsTable, outcome: str) -> dict[str, float]:
    """Seconds of each step, in the order of ``STEPS``."""
    taken: dict[str, float] = {}
    fitted = timed(taken, "fit", lambda: fit(table, FitConfig(outcome)))
    timed(taken, "comparison", lambda: compare(table, outcome))
    timed(taken, "checks", lambda: check_fit(fitted))
    timed(taken, "correction of gains", lambda: measure_correction(fitted))
    anchor = mean_of_runs(table) if table.natural is None else table.natural
    timed(taken, "SHAP, all domains", lambda: effect_drivers(fitted, fitted.default_pool, anchor))
    timed(taken, "tree", lambda: effect_tree(fitted, anchor))
    return taken


def timed(taken: dict[str, float], step: str, work: Callable[[], Given]) -> Given:
    """Run ``work``, note its seconds, return what it gave."""
    start = time.perf_counter()
    given = work()
    taken[step] = time.perf_counter() - start
    return given
