"""Tables in which the mixture does nothing: how often something is said to help all the same."""

from __future__ import annotations

import dataclasses
import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parallel import spread
from benchmarks.printing import print_table
from benchmarks.rough_worlds import make_rough_world
from benchmarks.tables import OUTCOME, study
from benchmarks.truth import RADIUS
from benchmarks.worlds import make_world
from causalmix_core.checks.checkup import check_fit
from causalmix_core.checks.gain import measure_correction
from causalmix_core.decision.anchors import mean_of_runs
from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import normal_quantile
from causalmix_core.effects.fit import fit
from causalmix_core.evidence.canonical import content_hash

if TYPE_CHECKING:
    from benchmarks.worlds import World
    from causalmix_core.evidence.table import RunsTable

RUNS, K, COVARIATES = 128, 5, 4
DESIGN = {0.0: "random", 1.0: "confounded"}
LEVELS = ("linear", "bent")  # what the pool's state does to the outcome
TABLES = 50  # of each of the four kinds
CHECKED = 5  # of each kind: checks take seconds
PERMUTATIONS = 20
NOMINAL = 0.9


@dataclass(frozen=True)
class Said:
    """What is said of one table; rates over domains are 0..1, ``checks`` None where not asked."""

    helps: float
    any_helps: bool
    gain: bool
    conditioned: bool
    checks: str | None


def run() -> None:
    """Print rates for simulated tables and for the study with its outcomes permuted."""
    start = time.perf_counter()
    kinds = list(itertools.product(LEVELS, DESIGN))
    tasks = [(*kind, seed) for kind in kinds for seed in range(TABLES)]
    found = dict(zip(tasks, spread(simulated, tasks), strict=True))
    placebo = spread(permuted, range(PERMUTATIONS))
    print(
        f"\n## Pure noise: {len(tasks)} tables of {RUNS} runs, K = {K}, {COVARIATES} covariates of the pool, whose state "
        f"moves the outcome and whose mixture does not; nominal {100 * NOMINAL:.0f} % intervals, default pool, TV radius "
        f"{RADIUS}; {(time.perf_counter() - start) / 60.0:.1f} min"
    )
    head = [
        "state's part",
        "mixtures",
        "tables",
        "effects said to help",
        "tables with any",
        "gain said to help",
    ]
    rows = [[*_names(kind), *_rates([found[*kind, seed] for seed in range(TABLES)])] for kind in kinds]
    rows.append(["all", "", *_rates(list(found.values()))])
    rows.append([f"study, {OUTCOME}", "rows permuted", *_rates(placebo)])
    print_table([*head, "conditioned on the pool", "checks FAIL (of)"], rows)
    print(f"\nNominal, one-sided: {0.5 * (1.0 - NOMINAL):.3f} of the effects.")


def simulated(task: tuple[str, float, int]) -> Said:
    """One simulated table; the first few of each kind are checked too."""
    level, confounding, seed = task
    make = make_rough_world if level == "bent" else _plain
    world = dataclasses.replace(make(K, COVARIATES, confounding, seed), scale=0.0)
    return say(world.table(RUNS, 500 + seed), "score", seed < CHECKED)


def _plain(k: int, covariates: int, confounding: float, seed: int) -> World:
    return make_world(k, covariates, False, confounding, seed)


def permuted(seed: int) -> Said:
    """The shipped study with its outcomes dealt to other runs."""
    table = study()
    order = np.random.default_rng(seed).permutation(table.n_runs)
    dealt = dataclasses.replace(table, scores=table.scores[order], sha256="")
    dealt = dataclasses.replace(dealt, sha256=content_hash(dealt))
    return say(dealt, OUTCOME, seed < CHECKED)


def say(table: RunsTable, outcome: str, checked: bool) -> Said:
    """Effects and recommended mixture at the default pool and anchor, as pages and commands give them."""
    fitted = fit(table, FitConfig(outcome))
    anchor = mean_of_runs(table) if table.natural is None else table.natural
    response = fitted.response(fitted.default_pool)
    lower = response.substitution_effects(anchor) - normal_quantile(NOMINAL) * response.substitution_se(
        anchor
    )
    region = make_region(table.domains, anchor, RADIUS)
    decision = decide(response, region, level=NOMINAL, correction=measure_correction(fitted))
    return Said(
        helps=float((lower > 0.0).mean()),
        any_helps=bool((lower > 0.0).any()),
        gain=decision.interval[0] > 0.0,
        conditioned=fitted.depends_on_pool,
        checks=check_fit(fitted).verdict if checked else None,
    )


def _names(kind: tuple[str, float]) -> list[object]:
    return [kind[0], DESIGN[kind[1]]]


def _rates(found: list[Said]) -> list[object]:
    checked = [f.checks for f in found if f.checks is not None]
    rates = [
        float(np.mean([getattr(f, name) for f in found]))
        for name in ("helps", "any_helps", "gain", "conditioned")
    ]
    return [len(found), *rates, f"{checked.count('FAIL')} of {len(checked)}"]
