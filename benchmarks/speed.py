"""Times: import, fit, effects, a radius move, a map. Wall seconds of one process on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.printing import print_table
from benchmarks.tables import OUTCOME, STUDY
from benchmarks.worlds import make_world
from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import cate_map, effects_view
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import read_runs

if TYPE_CHECKING:
    from collections.abc import Callable


def milliseconds(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median and largest of ``repeats`` timings."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        found.append(1e3 * (time.perf_counter() - start))
    return float(np.median(found)), float(np.max(found))


def import_cpu() -> float:
    """CPU milliseconds of ``import causalmix_core`` in a fresh interpreter (least of five)."""
    code = (
        "import time; s = time.process_time(); import causalmix_core; print(1e3 * (time.process_time() - s))"
    )
    runs = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        for _ in range(5)
    )
    return min(float(found.stdout) for found in runs)


def run() -> None:
    """Print medians and worst cases."""
    print("\n## Times in milliseconds")
    rows: list[list[object]] = [["import causalmix_core (CPU)", import_cpu(), None]]
    table = read_runs(STUDY)
    rows.append(["read the shipped study", *milliseconds(lambda: read_runs(STUDY), 5)])
    rows.append(
        ["fit the shipped study, recommended", *milliseconds(lambda: fit(table, FitConfig(OUTCOME)), 5)]
    )
    fitted = fit(table, FitConfig(OUTCOME))
    pool, anchor = fitted.default_pool, table.natural
    own = table.covariate_columns[:2]
    rows.append(["effects of all domains", *milliseconds(lambda: effects_view(fitted, pool, anchor), 20)])
    rows.append(
        [
            "CATE map, 41 x 41",
            *milliseconds(lambda: cate_map(fitted, pool, anchor, table.domains[0], *own), 5),
        ]
    )
    response = fitted.response(pool)
    radii = iter(np.tile(np.linspace(0.0, 0.6, 13), 40))

    def move(policy: str) -> None:
        decide(response, make_region(table.domains, anchor, float(next(radii))), policy)

    rows.append(["radius move, K = 7, analytic", *milliseconds(lambda: move("analytic"), 39)])
    rows.append(["radius move, K = 7, search", *milliseconds(lambda: move("search"), 13)])
    wide = make_world(17, 6, False, 1.0, 0).table(512, 1)
    rows.append(
        [
            "fit 512 runs, K = 17, 6 covariates, recommended (first)",
            *milliseconds(lambda: fit(wide, FitConfig("score")), 1),
        ]
    )
    rows.append(["the same again", *milliseconds(lambda: fit(wide, FitConfig("score")), 3)])
    rows.append(
        [
            "fit 512 runs, K = 17, 6 covariates, paper",
            *milliseconds(lambda: fit(wide, FitConfig("score", "paper")), 2),
        ]
    )
    print_table(["what", "median", "worst"], rows)
