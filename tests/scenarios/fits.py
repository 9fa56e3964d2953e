"""One small fit that the tests of this room share."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import parse_runs
from tests.app.tables import runs_csv

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit


@cache
def small_fit(estimator: str = "shared-slopes", seed: int = 0) -> Fit:
    """Three domains, one covariate each, 60 runs."""
    table = parse_runs(runs_csv(), "runs.csv")
    return fit(table, FitConfig(outcome=table.default_outcome, estimator=estimator, seed=seed))


@cache
def two_outcomes() -> Fit:
    """The same with a second outcome that wants math instead of code."""
    first = runs_csv().decode().splitlines()
    rows = [line.split(",") for line in first[1:]]
    second = [f"{float(row[2]) * (1.0 - float(row[5])) + 0.2 * float(row[0]):.5f}" for row in rows]
    lines = [
        f"{first[0]},y_other",
        *(f"{line},{value}" for line, value in zip(first[1:], second, strict=True)),
    ]
    table = parse_runs(("\n".join(lines) + "\n").encode(), "runs.csv")
    return fit(table, FitConfig(outcome="score", estimator="shared-slopes"))
