"""Average effects: one answer for all pools, where covariates are absent or switched off.

Coded as contrasts (linear in the shares) or as logs beside shares, whichever foretells unseen
pools better: on a wide, sparse design a linear response throws most of the signal away, on a
narrow one the logs only add noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding_choice import candidate_codings, choose_coding
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.folds import repeated_folds
from causalmix_core.effects.ridge import RidgeFit, column_scale, fit_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AverageEngine(SeparablePrediction):
    """Constant slopes with their covariance."""

    coding: Coding
    ridge: RidgeFit
    method: str
    summary: str

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p), all rows equal."""
        return np.broadcast_to(self.ridge.coefficients, (len(states), self.coding.size))

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p), whatever the state."""
        return self.ridge.covariance

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,), all equal."""
        return np.full(len(states), direction @ self.ridge.covariance @ direction)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,), all equal."""
        return np.full(len(states), self.ridge.intercept)


def fit_average(table: RunsTable, target: Array, config: FitConfig, report: Progress) -> AverageEngine:
    """Fit constant slopes; the coding and the penalty are chosen across pools."""
    report(0.0, "choosing the response and penalty")
    folds = repeated_folds(table.groups(), config.folds, config.seed)
    candidates = candidate_codings(len(table.domains), config.epsilon)
    coding, errors = choose_coding(candidates, table.shares, target, np.empty((len(target), 0)), folds)
    columns = coding.encode(table.shares)
    scale = column_scale(columns, np.ones(coding.size), coding.parts)
    ridge = fit_ridge(columns, target, scale, folds, errors)
    shape = "linear" if coding.name == "contrast" else f"log and linear, epsilon {coding.epsilon:g}"
    summary = f"Average effects, the same for every pool ({shape} response, chosen by cross-validation)."
    return AverageEngine(coding, ridge, "average effects", summary)
