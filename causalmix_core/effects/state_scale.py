"""Standardisation of the covariates that every domain has of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

CLIP = 4.0  # a state beyond 4 spreads is read as 4: squares must not run away outside the runs


@dataclass(frozen=True, eq=False)
class StateScale:
    """Standardisation of the K x J own covariates, fitted once on the runs and stored.

    ``order`` (K, J) says which state column holds covariate j of domain k.
    """

    order: NDArray[np.intp]
    mean: Array
    spread: Array

    def __call__(self, states: Array) -> Array:
        """(m, d) states -> (m, K, J) standardised and clipped."""
        return np.clip((states[:, self.order] - self.mean) / self.spread, -CLIP, CLIP)


def state_order(table: RunsTable) -> NDArray[np.intp]:
    """(K, J) column of covariate j of domain k; pooled covariates serve every domain alike."""
    names = [c.name for c in table.covariates if c.domain == table.domains[0]]
    where = {(c.domain, c.name): i for i, c in enumerate(table.covariates)}
    pooled = [i for i, c in enumerate(table.covariates) if c.domain is None]
    return np.array([[where[d, name] for name in names] + pooled for d in table.domains], dtype=np.intp)


def fit_state_scale(table: RunsTable) -> StateScale:
    """Mean and spread of every own covariate over the runs."""
    order = state_order(table)
    values = table.states[:, order]
    spread = values.std(axis=0)
    return StateScale(order, values.mean(axis=0), np.where(spread > 0, spread, 1.0))
