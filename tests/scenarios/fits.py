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
