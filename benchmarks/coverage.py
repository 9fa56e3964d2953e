"""How often nominal intervals hold, of effects and of gains, where the truth is known.

Two families of worlds: those that intervals were designed on (``worlds``), and others whose law breaks
the smoothness and separability that estimators assume (``rough_worlds``). Every pool has two runs; at last the first
family again with one run a pool, where nothing can be learned within pools.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parallel import spread
from benchmarks.printing import mean_and_error, print_table
from benchmarks.rough_worlds import make_rough_world
from benchmarks.truth import RADIUS, ask, make_targets
from benchmarks.worlds import make_world
from causalmix_core.checks.gain import measure_correction
from causalmix_core.delivery.certainty import COVERAGE
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from benchmarks.drawn import KnownWorld
    from causalmix_core.evidence.table import RunsTable

POOLS = 20
LEVELS = (0.5, 0.8, 0.9, 0.95)
DESIGN = {0.0: "random", 1.0: "confounded"}
KINDS = ((3, 6, "pooled"), (5, 6, "pooled"), (17, 6, "pooled"), (7, 4, "own"))
# Worlds differ: with fewer of them a cell's figure is mostly theirs.
WORLDS = {128: 48, 512: 28, 2048: 10}
ROUGH_WORLDS = {128: 32, 512: 20, 2048: 6}
SINGLE_WORLDS = {512: 12}
FOREST_WORLDS = 2  # of those with 512 runs the paper's forest is fitted on the first two
KEPT, GOAL = 0.9, (0.88, 0.93)
HEAD = ["K", "covariates", "mixtures", "runs", "worlds"]
EFFECTS_HEAD = [
    *HEAD, "50 %", "80 %", "90 %", "±", "95 %", "width / size", "error / size", "conditioned", "seconds",
    "forest's own 90 %", "its width / size",
]  # fmt: skip
GAINS_HEAD = [
    *HEAD, "90 % holds", "±", "width / gain", "estimated / true", "stated / true", "factor",
    "said to help", "of those harmed", "harmed",
]  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Worlds of one kind: ``covariates`` is "pooled", "own" or "rough", ``size`` d, or J of each domain."""

    k: int
    size: int
    covariates: str
    confounding: float
    runs: int
    per_pool: int = 2

    @property
    def labels(self) -> list[object]:
        """The first cells of its row."""
        named = "own" if self.covariates == "own" else "pooled"
        return [self.k, f"{self.size} {named}", DESIGN[self.confounding], self.runs]


@dataclass(frozen=True)
class Found:
    """Figures of one world; ``forest`` those of the paper's own band, empty where it was not fitted."""

    effects: dict[str, float]
    gains: dict[str, float]
    forest: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


def run() -> None:
    """Print all families, effects first, then gains, and keep the range for the product's own sentences."""
    cells = [Cell(*kind, c, n) for n in WORLDS for kind in KINDS for c in DESIGN]
    held = _print(cells, WORLDS, "worlds of the kind that intervals were designed on")
    pooled = [(k, d, "rough") for k, d, covariates in KINDS if covariates == "pooled"]
    cells = [Cell(*kind, c, n) for n in ROUGH_WORLDS for kind in pooled for c in DESIGN]
    held += _print(cells, ROUGH_WORLDS, "worlds of another law (jumps, pairs of domains, bent f0)")
    cells = [Cell(*kind, c, n, per_pool=1) for n in SINGLE_WORLDS for kind in KINDS for c in DESIGN]
    held += _print(cells, SINGLE_WORLDS, "the first kind with one run a pool")
    _keep(held)


def _print(cells: list[Cell], worlds: dict[int, int], title: str) -> list[float]:
    """Both tables of one family; gives the coverage at ``KEPT`` of each cell."""
    tasks = [(cell, seed) for cell in cells for seed in range(worlds[cell.runs])]
    start = time.perf_counter()
    done = dict(zip(tasks, spread(measure, tasks), strict=True))
    minutes = (time.perf_counter() - start) / 60.0
    by_cell = {cell: [done[cell, seed] for seed in range(worlds[cell.runs])] for cell in cells}
    asked = f"{POOLS} pools a world, recommended; ± is the standard error between worlds; {minutes:.1f} min"
    print(f"\n## Coverage of effects in {title} ({asked})")
    print_table(EFFECTS_HEAD, [_effects_row(cell, found) for cell, found in by_cell.items()])
    measured = [mean_and_error([f.effects[str(KEPT)] for f in found]) for found in by_cell.values()]
    held = [value for value, _ in measured]
    right = sum(GOAL[0] <= value <= GOAL[1] for value in held)
    off = sum(max(GOAL[0] - value, value - GOAL[1]) > 2.0 * error for value, error in measured)
    print(
        f"\n{right} of {len(held)} cells hold {GOAL[0]:.2f} to {GOAL[1]:.2f}, {sum(v < GOAL[0] for v in held)} less, "
        f"{sum(v > GOAL[1] for v in held)} more, "
        f"{off} of them by over two standard errors; mean {np.mean(held):.3f}."
    )
    print(f"\n## Gains of recommended mixtures in {title} (the same fits, TV radius {RADIUS})")
    print_table(GAINS_HEAD, [_gains_row(cell, found) for cell, found in by_cell.items()])
    return held


def _keep(held: list[float]) -> None:
    """Write what the product says of its intervals: the range over all cells of both families."""
    said = {
        "command": "python -m benchmarks coverage",
        "level": KEPT,
        "lowest": round(min(held), 3),
        "highest": round(max(held), 3),
        "cells": len(held),
    }
    COVERAGE.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def measure(task: tuple[Cell, int]) -> Found:
    """Fit one world and ask it; the same seed gives the same world at every number of runs."""
    cell, seed = task
    world, table = draw(cell, seed)
    targets = make_targets(world, table, POOLS, 900 + seed)
    start = time.perf_counter()
    fitted = fit(table, FitConfig("score"))
    seconds = time.perf_counter() - start
    correction = measure_correction(fitted)
    answers = ask(fitted, targets, correction)
    effects = {str(level): answers.covered(level) for level in LEVELS}
    effects |= {
        "width": answers.width(0.9),
        "error": answers.error_over_size,
        "conditioned": float(fitted.depends_on_pool),
    }
    sure = answers.lower > 0.0
    gains = {
        "held": answers.gains_covered,
        "width": float((answers.upper - answers.lower).sum()),
        "estimated": float(answers.estimated.sum()),
        "stated": float(answers.stated.sum()),
        "gained": float(answers.gained.sum()),
        "factor": correction.factor,
        "sure": float(sure.mean()),
        "sure and harmed": float((sure & (answers.gained < 0.0)).mean()),
        "harmed": answers.harmed,
    }
    forest = {}
    if cell.runs == 512 and cell.per_pool == 2 and seed < FOREST_WORLDS:
        said = ask(fit(table, FitConfig("score", "paper"), calibrate=False), targets)
        forest = {"held": said.covered(0.9), "width": said.width(0.9)}
    return Found(effects, gains, forest, seconds)


def draw(cell: Cell, seed: int) -> tuple[KnownWorld, RunsTable]:
    """A world of a cell, and its runs."""
    if cell.covariates == "rough":
        world = make_rough_world(cell.k, cell.size, cell.confounding, seed)
        return world, world.table(cell.runs, 500 + seed, cell.per_pool)
    plain = make_world(cell.k, cell.size, cell.covariates == "own", cell.confounding, seed)
    return plain, plain.table(cell.runs, 500 + seed, cell.per_pool)


def _effects_row(cell: Cell, found: list[Found]) -> list[object]:
    by_level = {level: mean_and_error([f.effects[str(level)] for f in found]) for level in LEVELS}
    held = [by_level[level][0] for level in LEVELS]
    rest = [float(np.mean([f.effects[name] for f in found])) for name in ("width", "error", "conditioned")]
    forests = [f.forest for f in found if f.forest]
    band = [float(np.mean([f[name] for f in forests])) if forests else None for name in ("held", "width")]
    seconds = float(np.mean([f.seconds for f in found]))
    return [*cell.labels, len(found), *held[:3], by_level[0.9][1], held[3], *rest, seconds, *band]


def _gains_row(cell: Cell, found: list[Found]) -> list[object]:
    total = {name: sum(f.gains[name] for f in found) for name in found[0].gains}
    held, error = mean_and_error([f.gains["held"] for f in found])
    count = len(found)
    return [
        *cell.labels,
        count,
        held,
        error,
        total["width"] / total["gained"],
        total["estimated"] / total["gained"],
        total["stated"] / total["gained"],
        total["factor"] / count,
        total["sure"] / count,
        total["sure and harmed"] / total["sure"] if total["sure"] else None,
        total["harmed"] / count,
    ]
