"""Estimators on RegMix's published tables: 512 runs at 1M foretell 256 mixtures at 1M and at 60M.

The tables have no covariates: estimators that need some are left out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.estimators.listed import listed
from benchmarks.printing import print_table
from benchmarks.tables import published, regmix
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

SIZES = ("1m", "60m")
ONE = "pile_cc_loss"
MEAN, AVERAGED = "mean", "mean of 13 fits"


@dataclass(frozen=True, eq=False)
class Foretold:
    """Predictions per test size (256,), outcome foretold, seconds of fitting."""

    outcome: str
    by_size: dict[str, Array]
    seconds: float


def run() -> None:
    """Print rank correlations, what each would pick, and whether own data moves own loss most."""
    folder = published("regmix")
    if folder is None:
        print("\n## Estimators on RegMix's tables: not run, the tables are not on this machine")
        return
    train, tests = regmix(folder, "train", "1m"), {size: regmix(folder, "test", size) for size in SIZES}
    print(
        f"\n## Estimators on RegMix's tables, {train.n_runs} runs at 1M, {tests['1m'].n_runs} held-out mixtures "
        "(published for the mean of 13 losses, thirteen LightGBM averaged: rank correlation 0.992 at 1M, 0.958 at 60M)"
    )
    head = ["outcome", "estimator", *(f"rank, {size}" for size in SIZES)]
    for size in SIZES:
        head += [f"regret, {size}", f"pick better than, {size}"]
    rows: list[list[object]] = []
    names = [config.estimator for config in listed(train, MEAN).values()]
    for fitted, label in ((ONE, ONE), (MEAN, MEAN), (MEAN, AVERAGED)):
        for name in names:
            said = foretell(train, tests, name, label)
            rows.append([label, name, *_scores(said, tests, fitted), said.seconds])
    print_table([*head, "seconds"], rows)
    print("\nDomains whose own share moves their own loss most (elasticity at the runs' mean):\n")
    print_table(["estimator", "right"], [[name, own_effect_strongest(train, name)] for name in names])


def foretell(train: RunsTable, tests: dict[str, RunsTable], name: EstimatorName, label: str) -> Foretold:
    """Fit one outcome, or each of the 13 and average what they foretell."""
    outcomes = [o.name for o in train.outcomes] if label == AVERAGED else [label]
    start = time.perf_counter()
    fits = [fit(train, FitConfig(outcome, name), calibrate=False) for outcome in outcomes]
    seconds = time.perf_counter() - start
    return Foretold(
        label,
        {
            size: np.mean([fitted.predict(table.shares, table.states) for fitted in fits], axis=0)
            for size, table in tests.items()
        },
        seconds,
    )


def _scores(said: Foretold, tests: dict[str, RunsTable], outcome: str) -> list[object]:
    """Rank correlations, then for each size regret of the pick (nats) and the part of mixtures it beats."""
    from scipy.stats import spearmanr

    ranks, picks = [], []
    for size, predicted in said.by_size.items():
        real = tests[size].score(outcome)
        ranks.append(float(spearmanr(predicted, real).statistic))
        picked = real[int(np.argmax(predicted))]
        picks += [float(real.max() - picked), float((real < picked).mean())]
    return [*ranks, *picks]


def own_effect_strongest(table: RunsTable, name: EstimatorName) -> str:
    """How many outcomes have their own domain's elasticity as the largest of all."""
    right, total, anchor = 0, 0, table.shares.mean(axis=0)
    for outcome in table.outcomes:
        own = [k for k, domain in enumerate(table.domains) if outcome.name.startswith(domain)]
        if own:
            fitted = fit(table, FitConfig(outcome.name, name), calibrate=False)
            elasticities = fitted.response(fitted.default_pool).elasticities(anchor)
            right, total = right + (int(np.argmax(elasticities)) in own), total + 1
    return f"{right} of {total}"
