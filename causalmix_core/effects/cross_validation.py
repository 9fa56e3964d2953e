"""How well a fit foretells pools that it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.views import CrossValidation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


def cross_validate(
    table: RunsTable,
    config: FitConfig,
    folds: int = 6,
    seed: int = 1,
    progress: Callable[[float, str], None] | None = None,
) -> CrossValidation:
    """Refit without each fold of pools and foretell it.

    Everything that a fit chooses (epsilon, penalties, standardisation) is chosen anew inside
    each training part, so nothing of the held-out pools leaks in.
    """
    from causalmix_core.effects.fit import fit

    observed = table.score(config.outcome)
    predicted = np.empty_like(observed)
    parts = group_folds(table.groups(), folds, seed)
    for number, (train, test) in enumerate(parts):
        if progress is not None:
            progress(number / len(parts), f"fold {number + 1} of {len(parts)}")
        keep = np.zeros(table.n_runs, dtype=bool)
        keep[train] = True
        fitted = fit(table.with_rows(keep), config, calibrate=False)
        predicted[test] = fitted.predict(table.shares[test], table.states[test])
    if progress is not None:
        progress(1.0, "done")
    return score_predictions(observed, predicted, table.groups(), len(parts))


def score_predictions(
    observed: Array, predicted: Array, groups: NDArray[np.int64], folds: int
) -> CrossValidation:
    """Scores of out-of-fold predictions (n,) for outcomes (n,) of runs in pools (n,)."""
    from scipy.stats import spearmanr

    variation = ((observed - observed.mean()) ** 2).sum()
    first, second = same_pool_pairs(groups)
    seen, foretold = observed[first] - observed[second], predicted[first] - predicted[second]
    differs = seen != 0
    return CrossValidation(
        observed=observed,
        predicted=predicted,
        r2=float(1.0 - ((observed - predicted) ** 2).sum() / variation),
        spearman=float(spearmanr(observed, predicted).statistic) if np.ptp(predicted) > 0 else 0.0,
        pair_accuracy=float((np.sign(seen) == np.sign(foretold))[differs].mean()) if differs.any() else None,
        pair_r2=float(1.0 - ((seen - foretold) ** 2).sum() / (seen**2).sum()) if differs.any() else None,
        n_pairs=int(differs.sum()),
        folds=folds,
    )


def same_pool_pairs(groups: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row numbers (first, second) of pairs of runs of one pool: neighbours in table order.

    Each run enters with the next of its pool, so a pool of many replicates does not outweigh
    the rest by its square.
    """
    order = np.argsort(groups, kind="stable")
    same = groups[order][1:] == groups[order][:-1]
    return order[:-1][same], order[1:][same]
