"""The test for effects that differ between pools: how often it errs either way, and what it says of real runs."""

from __future__ import annotations

import dataclasses
import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.tables import OUTCOME, study
from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.heterogeneity import measure_heterogeneity
from causalmix_core.effects.out_of_fold import out_of_fold
from causalmix_core.evidence.canonical import content_hash

if TYPE_CHECKING:
    from causalmix_core.effects.heterogeneity import Heterogeneity
    from causalmix_core.evidence.table import RunsTable

KINDS = {"pooled": (5, 4, "K = 5, 4 of the pool"), "own": (7, 4, "K = 7, 4 of each domain")}
DESIGN = {0.0: "random", 1.0: "confounded"}
PARTS = {0.0: "none", 1.0 / 3.0: "a third", 1.0: "all"}
NULL_TABLES = {128: 80, 512: 40}
TABLES = {128: 40, 512: 20}
SHUFFLES = 20


@dataclass(frozen=True)
class Task:
    """One table: ``part`` of the differences between pools is left in its world."""

    kind: str
    confounding: float
    runs: int
    per_pool: int
    part: float
    seed: int


def run() -> None:
    """Print error rates in worlds, then the study's outcomes, then the study with its pools shuffled."""
    start = time.perf_counter()
    cells = list(itertools.product(KINDS, DESIGN, TABLES, (2, 1)))
    tasks = [
        Task(*cell, part, seed)
        for cell in cells
        for part in PARTS
        for seed in range((TABLES if part else NULL_TABLES)[cell[2]])
    ]
    done = dict(zip(tasks, spread(passes, tasks), strict=True))
    print(
        "\n## Gate: part of the tables that are conditioned on the pool, where pools differ not at all "
        f"(false passes), by a third, and fully (the rest are false fails); "
        f"{_each(NULL_TABLES)} tables without differences, {_each(TABLES)} with; "
        f"{(time.perf_counter() - start) / 60.0:.1f} min"
    )
    rows = [_row(cell, done) for cell in cells]
    print_table(["covariates", "mixtures", "runs", "runs a pool", *PARTS.values()], rows)
    print("\nAll false passes together: " + _together(done))
    _print_study()
    _print_shuffled()


def passes(task: Task) -> bool:
    """Whether the gate lets one table through."""
    k, size, _ = KINDS[task.kind]
    full = make_world(k, size, task.kind == "own", task.confounding, task.seed)
    table = full.with_differences(task.part).table(task.runs, 500 + task.seed, task.per_pool)
    return ask_gate(table, "score").supported


def ask_gate(table: RunsTable, outcome: str) -> Heterogeneity:
    """What the fit of ``recommended`` asks, without the calibration of intervals that follows it."""
    config = FitConfig(outcome)
    engine = fit(table, config, calibrate=False).engine
    return measure_heterogeneity(out_of_fold(table, config, engine=engine), table.groups())


def _row(cell: tuple[str, float, int, int], done: dict[Task, bool]) -> list[object]:
    kind, confounding, runs, per_pool = cell
    rates = [
        float(np.mean([ok for task, ok in done.items() if _cell(task) == cell and task.part == part]))
        for part in PARTS
    ]
    return [KINDS[kind][2], DESIGN[confounding], runs, per_pool, *rates]


def _cell(task: Task) -> tuple[str, float, int, int]:
    return task.kind, task.confounding, task.runs, task.per_pool


def _together(done: dict[Task, bool]) -> str:
    null = [ok for task, ok in done.items() if task.part == 0.0]
    return f"{sum(null)} of {len(null)} ({100 * np.mean(null):.1f} %)."


def _each(tables: dict[int, int]) -> str:
    return ", ".join(f"{count} ({runs} runs)" for runs, count in tables.items())


def _print_study() -> None:
    table = study()
    names = [outcome.name for outcome in table.outcomes]
    print(f"\n## Gate on the shipped study, {table.n_runs} runs, each outcome")
    found = spread(_study_gate, names)
    rows: list[list[object]] = [
        [name, f.slope, f.error, f"{f.p:.1e}", f.r_score, f.pairs, "yes" if f.supported else "no"]
        for name, f in zip(names, found, strict=True)
    ]
    print_table(["outcome", "slope b", "error", "p", "R-score", "pairs", "supported"], rows)


def _study_gate(outcome: str) -> Heterogeneity:
    return ask_gate(study(), outcome)


def _print_shuffled() -> None:
    found = spread(_shuffled_gate, range(SHUFFLES))
    passed = sum(f.supported for f in found)
    print(
        f"\nShipped study with the states dealt to other pools at random, {OUTCOME}: the gate lets "
        f"{passed} of {SHUFFLES} tables through (largest R-score {max(f.r_score for f in found):.3f})."
    )


def _shuffled_gate(seed: int) -> Heterogeneity:
    """Pools keep their runs and outcomes, and get the state of another pool."""
    table = study()
    groups = table.groups()
    _, first = np.unique(groups, return_index=True)
    dealt = np.random.default_rng(seed).permutation(len(first))
    states = table.states[first][dealt][groups]
    shuffled = dataclasses.replace(table, states=states, sha256="")
    return ask_gate(dataclasses.replace(shuffled, sha256=content_hash(shuffled)), OUTCOME)
