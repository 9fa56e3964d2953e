"""The best observed run: whose outcome lies highest above what its pool's state foretells."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

FOLDS, SEED = 5, 0
_KEPT = 8


@lru_cache(maxsize=_KEPT)
def best_run(table: RunsTable, outcome: str) -> int:
    """Number of the best run of an outcome; the first among equals.

    On a table with covariates a run on a good pool would win whatever its mixture, so runs are
    ranked by what is left of the outcome once the pool's state has said what it can, cross-fitted
    by pool (:class:`~causalmix_core.effects.residuals.Residuals`). One run's outcome holds its
    noise: the best of many runs is in part the luckiest.
    """
    from threadpoolctl import threadpool_limits

    from causalmix_core.effects.residuals import Residuals

    target = table.score(outcome)
    if table.states.shape[1]:
        with threadpool_limits(limits=1):
            target = Residuals(table, target, FOLDS, SEED).outcome
    return int(np.argmax(target))


def best_mixture(table: RunsTable, outcome: str) -> Array:
    """(K,) the mixture of :func:`best_run`."""
    return table.shares[best_run(table, outcome)]
