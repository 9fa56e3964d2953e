"""How many random runs a planned one is worth, where the truth is known.

Each world has runs, one target pool, and a region around the runs' mean mixture. Further runs are bought in
batches: at random as the table's own were (other pools), with the same mixtures but on the target pool, or
planned for it by one of two criteria, anew after each batch. After each batch all runs are fitted and the recommended
mixture's true gain is compared with that of the best mixture of the region.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drawn import draw_table
from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.rough_worlds import make_rough_world
from benchmarks.truth import RADIUS, oracle, true_gain
from benchmarks.worlds import make_world
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.concave import maximise_log_linear
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.planning.plan import plan_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.drawn import KnownWorld
    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.planning.choices import Criterion

    Array = NDArray[np.float64]

BATCH = 8
BATCHES = 6
RANDOM_RUNS = (0, 8, 16, 32, 64, 128, 256)
WORLDS = 24
BOOTSTRAPS = 2000
LEVEL = 0.9
ASKED = (8, 16, 32)
PLANNED: dict[str, Criterion] = {"planned, regret": "regret", "planned, d-optimal": "d-optimal"}
AT_TARGET = "random mixtures, target pool"
RANDOM = "random"
ALL = "all of them"


@dataclass(frozen=True)
class Cell:
    """A kind of world and how many runs it starts with."""

    name: str
    k: int
    covariates: int
    rough: bool
    confounding: float
    runs: int


CELLS = (
    Cell("K = 3, 3 of each domain", 3, 3, False, 0.0, 48),
    Cell("K = 7, 4 of each domain", 7, 4, False, 0.0, 96),
    Cell("K = 7, 4 of each domain, confounded", 7, 4, False, 1.0, 96),
    Cell("K = 5, 4 of the pool, rough", 5, 4, True, 0.0, 96),
)


def run(worlds: int = WORLDS) -> None:
    """Print regret against further runs, then how many random ones reach what planned ones did."""
    start = time.perf_counter()
    tasks = [(cell, seed) for cell in CELLS for seed in range(worlds)]
    done = dict(zip(tasks, spread(regrets, tasks), strict=True))
    print(
        f"\n## Planner: true regret at one target pool over the gain of the best mixture, against further runs ({worlds} "
        f"worlds each, TV radius {RADIUS}, batches of {BATCH}; {(time.perf_counter() - start) / 60.0:.1f} min)"
    )
    by_cell = {cell: [done[cell, seed] for seed in range(worlds)] for cell in CELLS}
    steps = sorted({*RANDOM_RUNS, *(BATCH * b for b in range(BATCHES + 1))})
    rows = [
        [cell.name, cell.runs, arm, *_at(steps, arm, mean_regret(found, arm))]
        for cell, found in by_cell.items()
        for arm in found[0]
        if arm != "best"
    ]
    print_table(["world", "runs at first", "further runs", *(f"+{step}" for step in steps)], rows)
    print(
        f"\n## Planner: random runs needed for the mean regret that planned ones reach ({round(100 * LEVEL)} % bootstrap "
        "intervals over worlds)"
    )
    print_table(
        ["world", "planned by", "planned runs", "random", "interval", AT_TARGET, "interval"],
        [
            [
                name,
                arm,
                count,
                *needed_words(found, arm, count, RANDOM),
                *needed_words(found, arm, count, AT_TARGET),
            ]
            for name, found in [
                *((cell.name, found) for cell, found in by_cell.items()),
                (ALL, list(done.values())),
            ]
            for arm in PLANNED
            for count in ASKED
        ],
    )


def regrets(task: tuple[Cell, int]) -> dict[str, list[float]]:
    """True regret of each arm at each of its steps, in units of the outcome; ``best`` is the best gain."""
    cell, seed = task
    world = draw_world(cell, seed)
    table = draw_table(world, cell.runs, 500 + seed)
    pool = world.draw_states(1, np.random.default_rng(900 + seed))[0]
    region = make_region(table.domains, table.shares.mean(axis=0), RADIUS)
    best = true_gain(world, oracle(world, region, pool), region.anchor, pool)
    problem = _Problem(world, table, pool, region, best, seed)
    first = fit_runs(table)
    found = {"best": [best], RANDOM: problem.random(first), AT_TARGET: problem.at_target(first)}
    return found | {arm: problem.planned(first, criterion) for arm, criterion in PLANNED.items()}


def draw_world(cell: Cell, seed: int) -> KnownWorld:
    """The world of a cell."""
    if cell.rough:
        return make_rough_world(cell.k, cell.covariates, cell.confounding, seed)
    return make_world(cell.k, cell.covariates, True, cell.confounding, seed)


def fit_runs(table: RunsTable) -> Fit:
    """Learned components without calibration, which changes no recommendation."""
    return fit(table, FitConfig("score", "components"), calibrate=False)


@dataclass(frozen=True, eq=False)
class _Problem:
    world: KnownWorld
    table: RunsTable
    pool: Array
    region: Region
    best: float
    seed: int

    def regret(self, fitted: Fit) -> float:
        shares = maximise_log_linear(fitted.response(self.pool), self.region)
        return self.best - true_gain(self.world, shares, self.region.anchor, self.pool)

    def random(self, first: Fit) -> list[float]:
        more = draw_table(self.world, max(RANDOM_RUNS), 600 + self.seed)
        parts = (
            extended(self.table, more.shares[:n], more.states[:n], more.scores[:n, 0], 2)
            for n in RANDOM_RUNS[1:]
        )
        return [self.regret(first), *(self.regret(fit_runs(part)) for part in parts)]

    def at_target(self, first: Fit) -> list[float]:
        rng = np.random.default_rng(1600 + self.seed)
        shares = self.world.draw_mixtures(np.tile(self.pool, (max(RANDOM_RUNS), 1)), rng)
        scores = self.measured(shares, rng)
        parts = (self.with_runs(self.table, shares[:n], scores[:n]) for n in RANDOM_RUNS[1:])
        return [self.regret(first), *(self.regret(fit_runs(part)) for part in parts)]

    def planned(self, first: Fit, criterion: Criterion) -> list[float]:
        rng = np.random.default_rng(1600 + self.seed)
        fitted, found = first, [self.regret(first)]
        for batch in range(BATCHES):
            plan = plan_runs(fitted, self.pool, self.region, BATCH, criterion=criterion, seed=batch)
            shares = np.repeat(
                [design.shares for design in plan.designs],
                [design.repeats for design in plan.designs],
                axis=0,
            )
            fitted = fit_runs(self.with_runs(fitted.table, shares, self.measured(shares, rng)))
            found.append(self.regret(fitted))
        return found

    def measured(self, shares: Array, rng: np.random.Generator) -> Array:
        states = np.tile(self.pool, (len(shares), 1))
        noise = self.world.noise * rng.normal(size=len(shares))
        scores: Array = self.world.background(states) + self.world.value(shares, states) + noise
        return scores

    def with_runs(self, table: RunsTable, shares: Array, scores: Array) -> RunsTable:
        return extended(table, shares, np.tile(self.pool, (len(shares), 1)), scores, len(shares), "target")


def extended(
    table: RunsTable, shares: Array, states: Array, scores: Array, per_pool: int, name: str = "more"
) -> RunsTable:
    """The table with further runs, ``per_pool`` of them to a pool."""
    first, count = table.n_runs, len(shares)
    return dataclasses.replace(
        table,
        shares=np.concatenate([table.shares, shares]),
        states=np.concatenate([table.states, states]),
        scores=np.concatenate([table.scores, scores[:, None]]),
        run_ids=(*table.run_ids, *(f"r{first + i}" for i in range(count))),
        pool_ids=(*(table.pool_ids or ()), *(f"{name}{i // per_pool}" for i in range(count))),
        sha256=f"{table.sha256} {name} {count}",
    )


def runs_of(arm: str) -> list[int]:
    """Further runs at an arm's steps."""
    return [BATCH * b for b in range(BATCHES + 1)] if arm in PLANNED else list(RANDOM_RUNS)


def mean_regret(found: list[dict[str, list[float]]], arm: str) -> Array:
    """Mean regret at each step over the mean best gain."""
    total: Array = np.sum([one[arm] for one in found], axis=0) / sum(one["best"][0] for one in found)
    return total


def needed(found: list[dict[str, list[float]]], arm: str, count: int, other: str) -> float:
    """Runs of ``other`` whose mean regret is that of ``count`` runs of ``arm``; infinite beyond the last step."""
    goal = float(mean_regret(found, arm)[runs_of(arm).index(count)])
    runs, left = runs_of(other), np.minimum.accumulate(mean_regret(found, other))
    if left[-1] > goal:
        return float("inf")
    after = int(np.argmax(left <= goal))
    if after == 0:
        return 0.0
    part = (left[after - 1] - goal) / (left[after - 1] - left[after])
    return float(runs[after - 1] + part * (runs[after] - runs[after - 1]))


def needed_words(found: list[dict[str, list[float]]], arm: str, count: int, other: str) -> tuple[str, str]:
    """:func:`needed` and its bootstrap interval over worlds, as text."""
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(BOOTSTRAPS):
        again = rng.integers(len(found), size=len(found))
        draws.append(needed([found[i] for i in again], arm, count, other))
    low, high = np.quantile(draws, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0], method="nearest")
    last = runs_of(other)[-1]
    value, *ends = (
        f"> {last}" if np.isinf(v) else f"{v:.0f}" for v in (needed(found, arm, count, other), low, high)
    )
    return value, f"{ends[0]} to {ends[1]}"


def _at(steps: list[int], arm: str, regret: Array) -> list[object]:
    known = dict(zip(runs_of(arm), regret.tolist(), strict=True))
    return [known.get(step) for step in steps]
