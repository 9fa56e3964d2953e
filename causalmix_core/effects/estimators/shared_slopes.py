"""Own-state slopes in one ridge: what a domain is worth depends on that domain's own state.

    Y = g(x) + sum_k a_k(x_k) log(T_k + eps) + b_k(x_k) T_k,

    a_k(x_k) = alpha_k + s . (u_k, u_k^2) + d_k . u_k      (b_k alike),

u_k the standardised covariates of domain k measured before mixing. The coefficients s are shared
by all domains, the deviations d_k are the domain's own and shrunken more; one ridge, two penalties
chosen across pools. The level g(x) is fitted jointly, which partials the pool's state out of
outcome and mixture (Frisch-Waugh-Lovell); the ablation without orthogonalisation drops g.
A forest that splits K slopes at once on all covariates does not find this structure in a few
hundred runs (docs/DECISIONS.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.ridge import RidgeFit, column_scale, cross_validated_errors, fit_ridge
from causalmix_core.effects.state_scale import StateScale, fit_state_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.folds import Index
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

OWN_WEIGHTS: tuple[float, ...] = (0.1, 0.35)


def part_columns(coded: Array, u: Array) -> Array:
    """(n, K) one part of the coding at states u (n, K, J) -> (n, K + 2J + K J) columns.

    In this order: K averages, 2J shared by all domains, K * J own deviations.
    """
    shared = np.concatenate([np.einsum("nk,nkj->nj", coded, u), np.einsum("nk,nkj->nj", coded, u**2)], axis=1)
    own = (coded[:, :, None] * u).reshape(len(coded), -1)
    return np.concatenate([coded, shared, own], axis=1)


def part_slopes(coefficients: Array, u: Array) -> Array:
    """(P,) coefficients of one part at states u (m, K, J) -> (m, K) slopes."""
    k, j = u.shape[1:]
    average, shared, own = np.split(coefficients, [k, k + 2 * j])
    return average + u @ shared[:j] + u**2 @ shared[j:] + np.einsum("mkj,kj->mk", u, own.reshape(k, j))


def slope_map(u: Array) -> Array:
    """(m, K, P) the linear map that :func:`part_slopes` applies, for covariances."""
    m, k, j = u.shape
    own = np.zeros((m, k, k, j))
    own[:, np.arange(k), np.arange(k)] = u
    averages = np.broadcast_to(np.eye(k), (m, k, k))
    return np.concatenate([averages, u, u**2, own.reshape(m, k, k * j)], axis=2)


def level_columns(u: Array) -> Array:
    """(m, 2J + K J) columns of g(x): averages over domains, then each domain's own."""
    averages = np.concatenate([u, u**2], axis=2).mean(axis=1)
    return np.concatenate([averages, u.reshape(len(u), -1)], axis=1)


def prior_scale(columns: Array, k: int, j: int, own: float, with_level: bool) -> Array:
    """(P,) prior widths over spreads: 1 for averages and shared coefficients, ``own`` for deviations.

    Averages of one part are a block, and so are the deviations of one covariate in one part.
    """
    deviations = np.tile(np.arange(j), k)
    part_weights = np.concatenate([np.ones(k + 2 * j), np.full(k * j, own)])
    part_blocks = np.concatenate([np.zeros(k, dtype=np.intp), 1 + np.arange(2 * j), 1 + 2 * j + deviations])
    level_weights = np.concatenate([np.ones(2 * j), np.full(k * j, own)])
    level_blocks = np.concatenate([np.arange(2 * j), 2 * j + deviations])
    size = 1 + 3 * j
    weights, blocks = [part_weights, part_weights], [part_blocks, size + part_blocks]
    if with_level:
        weights, blocks = [*weights, level_weights], [*blocks, 2 * size + level_blocks]
    return column_scale(columns, np.concatenate(weights), np.concatenate(blocks))


@dataclass(frozen=True, eq=False)
class OwnStateEngine(SeparablePrediction):
    """Fitted shared and own slopes (see the module's text)."""

    coding: Coding
    scale: StateScale
    ridge: RidgeFit
    with_level: bool
    own_weight: float

    method = "own-state slopes"

    @property
    def summary(self) -> str:
        """One sentence for people."""
        return (
            "Slopes of each domain in its own state: coefficients shared by all domains plus shrunken own "
            f"deviations (log and linear response, epsilon {self.coding.epsilon:g}, "
            f"deviation weight {self.own_weight:g}, penalty {self.ridge.penalty:.3g})."
        )

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, 2K)."""
        u = self.scale(states)
        size = slope_size(u)
        log_part, linear_part = self.ridge.coefficients[:size], self.ridge.coefficients[size : 2 * size]
        return np.concatenate([part_slopes(log_part, u), part_slopes(linear_part, u)], axis=1)

    def covariance(self, state: Array) -> Array:
        """(d,) -> (2K, 2K)."""
        one = slope_map(self.scale(state[None]))[0]
        both = np.kron(np.eye(2), one)
        return both @ self._slope_covariance(one.shape[1]) @ both.T

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (2K,) -> (m,)."""
        one = slope_map(self.scale(states))
        log_part, linear_part = np.split(direction, 2)
        rows = np.concatenate([log_part @ one, linear_part @ one], axis=1)
        return ((rows @ self._slope_covariance(one.shape[2])) * rows).sum(axis=1)

    def _slope_covariance(self, size: int) -> Array:
        return self.ridge.covariance[: 2 * size, : 2 * size]

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        if not self.with_level:
            return np.full(len(states), self.ridge.intercept)
        columns = level_columns(self.scale(states))
        return self.ridge.intercept + columns @ self.ridge.coefficients[-columns.shape[1] :]


def slope_size(u: Array) -> int:
    """Number of slope coefficients of one part, for states u (m, K, J)."""
    k, j = u.shape[1:]
    return k + 2 * j + k * j


def design_columns(coding: Coding, shares: Array, u: Array, with_level: bool) -> Array:
    """(n, P) regression columns of mixtures (n, K) at standardised states u (n, K, J)."""
    log_part, linear_part = np.split(coding.encode(shares), 2, axis=1)
    blocks = [part_columns(log_part, u), part_columns(linear_part, u)]
    return np.concatenate([*blocks, level_columns(u)] if with_level else blocks, axis=1)


def fit_own_state(
    table: RunsTable,
    target: Array,
    config: FitConfig,
    report: Progress,
    folds: list[tuple[Index, Index]],
) -> OwnStateEngine:
    """Fit on a table whose covariates are per domain; all that is chosen is chosen across ``folds``."""
    scale = fit_state_scale(table)
    u = scale(table.states)
    k, j = u.shape[1:]
    epsilons = EPSILONS if config.epsilon is None else (config.epsilon,)
    best: tuple[float, float, float, Array] | None = None
    for number, epsilon in enumerate(epsilons):
        report(0.9 * number / len(epsilons), "choosing epsilon and penalty")
        columns = design_columns(Coding("log-linear", k, epsilon), table.shares, u, config.orthogonalise)
        for own in OWN_WEIGHTS:
            scale_of = prior_scale(columns, k, j, own, config.orthogonalise)
            errors = cross_validated_errors(columns, target, scale_of, folds)
            if best is None or errors.min() < best[0]:
                best = (float(errors.min()), epsilon, own, errors)
    if best is None:
        raise ValueError("no epsilon to choose among")
    _, epsilon, own, errors = best
    report(0.9, "fitting")
    coding = Coding("log-linear", k, epsilon)
    columns = design_columns(coding, table.shares, u, config.orthogonalise)
    ridge = fit_ridge(columns, target, prior_scale(columns, k, j, own, config.orthogonalise), folds, errors)
    return OwnStateEngine(coding, scale, ridge, config.orthogonalise, own)


def fit_shared_slopes(
    table: RunsTable, target: Array, config: FitConfig, report: Progress, residuals: Residuals
) -> OwnStateEngine:
    """The joint ridge; of the residuals only their folds and store are used."""
    key = ("shared-slopes", config.epsilon, config.orthogonalise)
    return residuals.shared(
        key, lambda: fit_own_state(table, target, config, report, residuals.steady_splits)
    )
