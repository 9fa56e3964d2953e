"""Pools beyond the runs: how often intervals hold, with the estimator's own covariance and widened."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.worlds import make_world
from causalmix_core.effects.beyond import beyond
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import normal_quantile
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from benchmarks.worlds import World
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.fit import Fit

    Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

RUNS, K, COVARIATES, CONFOUNDING = 384, 5, 3, 0.5
WORLDS, POOLS = 10, 40
NOMINAL, STEP = 0.9, 0.1
STRETCHES = (1.0, 1.5, 2.0, 3.0)  # of all covariates, about the runs' mean
REACHES = (1.5, 2.0)  # of one covariate, times the runs' range on its side
# Name of the row's world, own covariates, part of the differences between pools, estimator.
KINDS: tuple[tuple[str, bool, float, EstimatorName], ...] = (
    ("own state", True, 1.0, "components"),
    ("state of the pool", False, 1.0, "components"),
    ("small differences", True, 0.3, "constant"),
)


@dataclass(frozen=True)
class Found:
    """Of one world and one kind of pool.

    ``own``, ``widened`` parts of intervals that hold; ``factor`` mean widening; ``squared`` mean squared
    error of the extrapolated gains, and ``nearest`` of those at the nearest supported pool.
    """

    own: float
    widened: float
    factor: float
    squared: float
    nearest: float


def run() -> None:
    """Print the table."""
    start = time.perf_counter()
    tasks = [(kind, seed) for kind in range(len(KINDS)) for seed in range(WORLDS)]
    found = dict(zip(tasks, spread(measure, tasks), strict=True))
    print(
        f"\n## Pools beyond the runs: {WORLDS} worlds of {RUNS} runs, K = {K}, {POOLS} pools each; moves of a tenth of "
        f"the mixture to each domain; nominal {100 * NOMINAL:.0f} %; {(time.perf_counter() - start) / 60.0:.1f} min"
    )
    rows: list[list[object]] = []
    for kind, (words, _, _, estimator) in enumerate(KINDS):
        of_kind = [found[kind, seed] for seed in range(WORLDS)]
        for pools in of_kind[0]:
            one = [cells[pools] for cells in of_kind]
            rows.append(
                [
                    words,
                    estimator,
                    pools,
                    float(np.mean([f.own for f in one])),
                    float(np.mean([f.widened for f in one])),
                    float(np.mean([f.factor for f in one])),
                    float(np.sqrt(np.mean([f.squared for f in one]))),
                    float(np.sqrt(np.mean([f.nearest for f in one]))),
                ]
            )
    head = ["effects differ with", "estimator", "pools", "own interval holds", "widened holds", "factor"]
    print_table([*head, "error", "error at the nearest supported pool"], rows)


def measure(task: tuple[int, int]) -> dict[str, Found]:
    """All kinds of pools in one world."""
    kind, seed = task
    _, own, part, estimator = KINDS[kind]
    world = make_world(K, COVARIATES, own, CONFOUNDING, seed).with_differences(part)
    fitted = fit(world.table(RUNS, seed), FitConfig("score", estimator=estimator))
    return {words: _held(world, fitted, states) for words, states in _pools(world, fitted, seed).items()}


def _pools(world: World, fitted: Fit, seed: int) -> dict[str, Array]:
    """Kind of pool in words -> (m, d) states."""
    rng = np.random.default_rng(1000 + seed)
    runs, mean = fitted.table.states, fitted.table.states.mean(axis=0)
    fresh = world.draw_states(POOLS, rng)
    found = {f"all covariates x {s:g}": mean + s * (fresh - mean) for s in STRETCHES}
    for reach in REACHES:
        states = fresh.copy()
        columns = rng.integers(0, runs.shape[1], size=POOLS)
        edges = np.where(rng.random(POOLS) < 0.5, runs.max(axis=0)[columns], runs.min(axis=0)[columns])
        states[np.arange(POOLS), columns] = mean[columns] + reach * (edges - mean[columns])
        found[f"one covariate at {reach:g} of the range"] = states
    return found


def _held(world: World, fitted: Fit, states: Array) -> Found:
    anchor = fitted.table.shares.mean(axis=0)
    moves = anchor + STEP * (np.eye(K) - anchor)
    z = normal_quantile(NOMINAL)
    supported = beyond(fitted.table, fitted.engine)
    errors, spreads, factors, nearest = [], [], [], []
    for state in states:
        response = fitted.response(state)
        truth = world.value(moves, np.tile(state, (K, 1))) - world.value(anchor[None], state[None])
        errors.append(np.abs(response.gain(moves, anchor) - truth))
        spreads.append(response.gain_se(moves, anchor))
        factors.append(fitted.widening(state))
        near = state if supported.inside(state) else supported.nearest(state)
        nearest.append(fitted.response(near).gain(moves, anchor) - truth)
    error, se, factor = np.array(errors), np.array(spreads), np.array(factors)
    return Found(
        own=float((error <= z * se / factor[:, None]).mean()),
        widened=float((error <= z * se).mean()),
        factor=float(factor.mean()),
        squared=float((error**2).mean()),
        nearest=float(np.square(nearest).mean()),
    )
