"""The shipped study, cross-validated by pool: recommended, paper, RegMix and the ablations."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.printing import print_table
from benchmarks.rivals import cross_validate_regmix
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.evidence import read_runs

STUDY = Path(__file__).resolve().parents[1] / "data" / "local_study" / "proxy_runs.csv"
OUTCOME = "bpb_weighted"
CONFIGS = {
    "recommended": FitConfig(OUTCOME),
    "recommended, without orthogonalisation": FitConfig(OUTCOME, orthogonalise=False),
    "recommended, without X": FitConfig(OUTCOME, covariates=False),
    "paper": FitConfig(OUTCOME, "paper"),
    "paper, without orthogonalisation": FitConfig(OUTCOME, "paper", orthogonalise=False),
    "paper, without X": FitConfig(OUTCOME, "paper", covariates=False),
}
SPLITS = {"recommended": 5}
HEAD = [
    "estimator",
    "R2",
    "rank correlation",
    "same-pool pairs right",
    "same-pool R2",
    "splits",
    "seconds a fit",
]


def run() -> None:
    """Print one row per estimator; pairs are two runs of one pool with different mixtures.

    The 16 designed replicates are left out: their pairs would compare mixtures of one clean pool.
    """
    table = read_runs(STUDY)
    table = table.with_rows(np.array([a != "designed" for a in table.assignment or ()]))
    print(f"\n## Shipped study, {table.n_runs} runs, outcome {OUTCOME}, six folds by pool")
    rows: list[list[object]] = []
    for name, config in CONFIGS.items():
        splits = SPLITS.get(name, 1)
        start = time.perf_counter()
        found = [cross_validate(table, config, seed=1 + s) for s in range(splits)]
        seconds = (time.perf_counter() - start) / sum(f.folds for f in found)
        rows.append(_row(name, found, splits, seconds))
    start = time.perf_counter()
    rows.append(
        _row(
            "RegMix (LightGBM on T)",
            [cross_validate_regmix(table, OUTCOME)],
            1,
            (time.perf_counter() - start) / 6,
        )
    )
    print_table(HEAD, rows)


def _row(name: str, found: list, splits: int, seconds: float) -> list[object]:
    means = [
        float(np.mean([getattr(f, key) for f in found]))
        for key in ("r2", "spearman", "pair_accuracy", "pair_r2")
    ]
    return [name, *means, splits, seconds]
