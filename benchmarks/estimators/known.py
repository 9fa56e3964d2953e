"""Estimators where the truth is known: error, sign, gain, harm, coverage and time."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.estimators.listed import listed, print_refused
from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.truth import RADIUS, ask, make_targets
from benchmarks.worlds import make_world
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from benchmarks.truth import Targets
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable

RUNS, POOLS, WORLDS = 512, 20, 3
KINDS = {"own": (7, 4, "covariates of each domain"), "pooled": (5, 6, "covariates of the pool")}
DESIGN = {0.0: "randomised", 1.0: "confounded"}


@dataclass(frozen=True)
class Figures:
    """What one estimator does in one world; gains are sums over its pools."""

    error: float
    sign: float
    gained: float
    best: float
    stated: float
    harmed: float
    covered: float
    width: float
    seconds: float


def run() -> None:
    """Print one table for each kind of world."""
    cells = list(itertools.product(KINDS, DESIGN))
    tasks = [(*cell, seed) for cell in cells for seed in range(WORLDS)]
    done = dict(zip(tasks, spread(measure, tasks), strict=True))
    for kind, confounding in cells:
        k, size, covariates = KINDS[kind]
        print(
            f"\n## Estimators in {DESIGN[confounding]} worlds, K = {k}, {size} {covariates}, {RUNS} runs, "
            f"TV radius {RADIUS} ({WORLDS} worlds, {POOLS} pools each, all estimators the same)"
        )
        head = ["estimator", "error / size", "sign right", "share of oracle gain", "pools harmed"]
        head += ["predicted / true gain", "coverage of nominal .90", "width / size", "seconds a fit"]
        worlds = [done[kind, confounding, seed] for seed in range(WORLDS)]
        kept = [name for name in worlds[0] if all(world[name] for world in worlds)]
        print_table(head, [[name, *_row([f for world in worlds if (f := world[name])])] for name in kept])
        print_refused([name for name in worlds[0] if name not in kept])


def measure(task: tuple[str, float, int]) -> dict[str, Figures | None]:
    """Every estimator in one world; None where it refuses the table."""
    kind, confounding, seed = task
    k, size, _ = KINDS[kind]
    world = make_world(k, size, kind == "own", confounding, seed)
    table = world.table(RUNS, seed=500 + seed)
    targets = make_targets(world, table, POOLS, 900 + seed)
    best = float(targets.best_gains().sum())
    found: dict[str, Figures | None] = {}
    for name, config in listed(table, "score").items():
        try:
            found[name] = _figures(table, config, targets, best)
        except ConfigError:
            found[name] = None
    return found


def _figures(table: RunsTable, config: FitConfig, targets: Targets, best: float) -> Figures:
    """Timed without calibration, judged with it."""
    start = time.perf_counter()
    fit(table, config, calibrate=False)
    seconds = time.perf_counter() - start
    said = ask(fit(table, config), targets)
    return Figures(
        error=said.error_over_size,
        sign=said.signs_right,
        gained=float(said.gained.sum()),
        best=best,
        stated=float(said.stated.sum()),
        harmed=said.harmed,
        covered=said.covered(0.9),
        width=said.width(0.9),
        seconds=seconds,
    )


def _row(found: list[Figures]) -> list[object]:
    """Means over worlds; gains as ratios of sums, optimism only where there is a gain to speak of."""
    gained, best = sum(f.gained for f in found), sum(f.best for f in found)
    mean = {name: float(np.mean([getattr(f, name) for f in found])) for name in vars(found[0])}
    optimism = sum(f.stated for f in found) / gained if gained > 0.1 * best else None
    return [
        mean["error"], mean["sign"], gained / best, mean["harmed"], optimism,
        mean["covered"], mean["width"], mean["seconds"],
    ]  # fmt: skip
