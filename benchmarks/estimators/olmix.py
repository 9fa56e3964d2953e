"""Estimators on olmix's 127 runs of 24 topics: rank correlation on runs left out.

The table has no covariates and one run to a mixture: estimators that need covariates are left out.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.estimators.listed import listed
from benchmarks.printing import print_table
from benchmarks.tables import olmix, published
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.evidence.canonical import content_hash

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import RunsTable

FOLDS, SPLITS = 6, 3
FAMILIES = {"math": "minerva_math_", "code": "mt_mbpp_", "mmlu": "mmlu_", "basic skills": "basic_skills"}


def run() -> None:
    """Print one row per estimator; families are means of their columns."""
    folder = published("olmix")
    if folder is None:
        print("\n## Estimators on olmix's runs: not run, the tables are not on this machine")
        return
    table = olmix(folder)
    print(
        f"\n## Estimators on olmix's runs, {table.n_runs} runs of {len(table.domains)} topics, rank correlation "
        f"out of {FOLDS} folds, mean of {SPLITS} partitions"
    )
    columns = {f"mean of {len(table.outcomes)}": table} | {
        f"{name} ({len(part.outcomes)})": part for name, part in families(table).items()
    }
    rows: list[list[object]] = [
        [name, *(_rank(part, name) for part in columns.values())]
        for name in (config.estimator for config in listed(table, "mean").values())
    ]
    print_table(["estimator", *columns], rows)


def families(table: RunsTable) -> dict[str, RunsTable]:
    """The table with the outcomes of one family only, for each family."""
    return {name: _only(table, start) for name, start in FAMILIES.items()}


def _only(table: RunsTable, start: str) -> RunsTable:
    kept = [j for j, outcome in enumerate(table.outcomes) if outcome.name.startswith(start)]
    part = dataclasses.replace(
        table, outcomes=tuple(table.outcomes[j] for j in kept), scores=table.scores[:, kept], sha256=""
    )
    return dataclasses.replace(part, sha256=content_hash(part))


def _rank(table: RunsTable, name: EstimatorName) -> float:
    found = [cross_validate(table, FitConfig("mean", name), FOLDS, seed) for seed in range(SPLITS)]
    return float(np.mean([f.spearman for f in found]))
