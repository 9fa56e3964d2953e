"""Decisions for pools that no run has seen: what policies gain of what could be had, and how often they do harm."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parallel import spread
from benchmarks.printing import mean_and_error, print_table
from benchmarks.truth import oracle, true_gain
from benchmarks.worlds import make_world
from causalmix_core.checks.gain import measure_correction
from causalmix_core.decision.geometry import total_variation
from causalmix_core.decision.objective import Objective
from causalmix_core.decision.objectives.choose import choose
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.concave import maximise_many
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

# K -> covariates, and whether each domain has its own.
KINDS = {3: (6, False), 7: (4, True), 17: (6, False)}
DESIGN = {0.0: "random", 1.0: "confounded"}
# How far the pools lie from the runs' mean, in deviations of the runs' own pools.
SHIFTS = {1.0: "as the runs'", 2.0: "twice as far out"}
POLICIES = ("conditioned", "unconditioned", "lower bound", "equal")
RADII = (0.05, 0.1, 0.2, 0.4)
RUNS = (512, 128)
POOLS, WORLDS = 12, 5
LEVEL = 0.9
GOAL = 0.05  # of pools that the lower bound may harm
NOTHING = 1e-9


@dataclass(frozen=True)
class Task:
    """One world, at every shift and radius."""

    k: int
    confounding: float
    runs: int
    seed: int


@dataclass(frozen=True, eq=False)
class Found:
    """Of one world, shift, radius and policy: true gains, best gains and whether data moved, each (POOLS,)."""

    gained: Array
    best: Array
    moved: Array

    @property
    def harm(self) -> float:
        """Part of the pools where the mixture does worse than the anchor."""
        return float((self.gained < -NOTHING).mean())

    @property
    def regret(self) -> float:
        """Mean gain that was left, in spreads of what mixtures do."""
        return float((self.best - self.gained).mean())

    @property
    def kept(self) -> float:
        """Part of the pools where the anchor is kept."""
        return float((~self.moved).mean())


Key = tuple[float, float, str]  # shift, radius, policy


def run() -> None:
    """Print policies by shift and radius over all worlds, then the harm of the lower bound by kind of world."""
    start = time.perf_counter()
    tasks = [Task(*cell) for cell in itertools.product(KINDS, DESIGN, RUNS, range(WORLDS))]
    done = dict(zip(tasks, spread(measure, tasks), strict=True))
    print(
        f"\n## Pool shifts: {len(tasks)} worlds (K = {', '.join(map(str, KINDS))}; random and confounded), "
        f"{POOLS} pools each, anchor the runs' mean; {(time.perf_counter() - start) / 60.0:.1f} min"
    )
    head = [
        "pools",
        "runs",
        "radius",
        "policy",
        "share of oracle",
        "harmed",
        "±",
        "regret",
        "±",
        "anchor kept",
    ]
    rows = [
        _row(runs, key, [found[key] for task, found in done.items() if task.runs == runs])
        for runs in RUNS
        for key in itertools.product(SHIFTS, RADII, POLICIES)
    ]
    print_table(head, rows)
    print(f"\n## Share of the pools that the lower bound harms, by radius (goal: {GOAL:.0%} at most)")
    cells = list(itertools.product(RUNS, SHIFTS, KINDS, DESIGN))
    print_table(
        ["runs", "pools", "K", "mixtures", *map(str, RADII)], [_harm_row(cell, done) for cell in cells]
    )
    print(f"\n{_verdict(done)}")


def measure(task: Task) -> dict[Key, Found]:
    """Fit one world with and without covariates, and decide for its pools."""
    covariates, own = KINDS[task.k]
    world = make_world(task.k, covariates, own, task.confounding, task.seed)
    table = world.table(task.runs, 700 + task.seed)
    conditioned, unconditioned = (
        fit(table, FitConfig("score")),
        fit(table, FitConfig("score", covariates=False)),
    )
    correction = measure_correction(conditioned)
    anchor = table.shares.mean(axis=0)
    drawn = world.draw_states(POOLS, np.random.default_rng(300 + task.seed))
    middle = table.states.mean(axis=0)
    found: dict[Key, Found] = {}
    for shift, radius in itertools.product(SHIFTS, RADII):
        states = middle + shift * (drawn - middle)
        region = make_region(table.domains, anchor, radius)
        best = np.array([true_gain(world, oracle(world, region, s), anchor, s) for s in states])
        for policy in POLICIES:
            shares = _decide(policy, region, states, conditioned, unconditioned, correction)
            gained = np.array(
                [true_gain(world, mixture, anchor, s) for mixture, s in zip(shares, states, strict=True)]
            )
            # The oracle is found by climbing: what beats it by rounding is the best there is.
            top = np.maximum(best, gained)
            found[shift, radius, policy] = Found(gained, top, total_variation(anchor, shares) > NOTHING)
    return found


def _decide(
    policy: str, region: Region, states: Array, conditioned: Fit, unconditioned: Fit, correction: Correction
) -> Array:
    """(m, K) what a policy recommends at each pool."""
    if policy == "equal":
        return np.tile(_towards_equal(region), (len(states), 1))
    if policy == "lower bound":
        responses = [correction.apply(conditioned.response(state)) for state in states]
        return np.stack([choose(Objective("lower_bound"), r, region, level=LEVEL) for r in responses])
    fitted = conditioned if policy == "conditioned" else unconditioned
    responses = [fitted.response(state) for state in states]
    coefficients = np.stack([response.coefficients for response in responses])
    return maximise_many(coefficients, responses[0].epsilon, region)


def _towards_equal(region: Region) -> Array:
    """(K,) equal shares, or as far towards them as the radius reaches."""
    equal = np.full(len(region.anchor), 1.0 / len(region.anchor))
    far = float(total_variation(region.anchor, equal))
    return region.anchor + min(1.0, region.radius / max(far, NOTHING)) * (equal - region.anchor)


def _row(runs: int, key: Key, found: list[Found]) -> list[object]:
    shift, radius, policy = key
    share = sum(f.gained.sum() for f in found) / sum(f.best.sum() for f in found)
    harm, harm_error = mean_and_error([f.harm for f in found])
    regret, regret_error = mean_and_error([f.regret for f in found])
    kept = float(np.mean([f.kept for f in found]))
    return [
        SHIFTS[shift],
        runs,
        radius,
        policy,
        float(share),
        harm,
        harm_error,
        regret,
        regret_error,
        kept,
    ]


def _harm_row(cell: tuple[int, float, int, float], done: dict[Task, dict[Key, Found]]) -> list[object]:
    runs, shift, k, confounding = cell
    worlds = [
        found
        for task, found in done.items()
        if (task.k, task.confounding, task.runs) == (k, confounding, runs)
    ]
    harms = [
        float(np.mean([found[shift, radius, "lower bound"].harm for found in worlds])) for radius in RADII
    ]
    return [runs, SHIFTS[shift], k, DESIGN[confounding], *harms]


def _verdict(done: dict[Task, dict[Key, Found]]) -> str:
    """Over all radii, how often the lower bound does harm, by runs and kind of pool."""
    said = []
    for runs, (shift, words) in itertools.product(RUNS, SHIFTS.items()):
        harms = [
            found[shift, radius, "lower bound"].harm
            for task, found in done.items()
            for radius in RADII
            if task.runs == runs
        ]
        rate = float(np.mean(harms))
        said.append(
            f"{runs} runs, pools {words}: {rate:.1%} ({'within' if rate <= GOAL else 'beyond'} the goal)"
        )
    return f"Harmed by the lower bound over all radii: {'; '.join(said)}."
