"""Slopes and level as Gaussian processes whose variance components are learned from the runs.

    Y = g(x) + sum_k a_k(x) [log(T_k + eps) - m_k] + b_k(x) [T_k - n_k] + noise,

a and b in a slope basis of the pool's state, g in a level basis (:mod:`~causalmix_core.effects.state_basis`), m and
n the runs' means. Each block of coefficients has a variance of its own, learned with a boundary-
avoiding prior (:mod:`~causalmix_core.effects.components`); eps is the one of highest evidence. Level and slopes
are fitted together, which partials the pool's state out of outcome and mixture
(Frisch-Waugh-Lovell); the ablation without orthogonalisation drops g.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.components import Components, fit_components, learn_components
from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.folds import pools_up_to
from causalmix_core.effects.state_basis import LevelBasis, OwnBasis, SlopeBasis, level_basis, slope_basis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.ridge import RidgeFit
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

EPSILON_ROWS, EPSILON_STEPS = 192, 12  # enough to tell responses apart, at a tenth of the cost
REFIT_ROWS, REFIT_STEPS = 256, 15
LEARNING_ROWS = 448  # variances of two dozen blocks are known well enough from this many runs


@dataclass(frozen=True, eq=False)
class ComponentsEngine(SeparablePrediction):
    """Fitted slopes and level (see the module's text).

    ``centre`` (2K,) is the runs' mean coded mixture, 0 without orthogonalisation, when ``level_part`` is None.
    """

    coding: Coding
    basis: SlopeBasis
    level_part: LevelBasis | None
    centre: Array
    components: Components
    ridge: RidgeFit

    @property
    def method(self) -> str:
        """Short name of what was fitted."""
        return "own-state components" if isinstance(self.basis, OwnBasis) else "pool-state components"

    @property
    def summary(self) -> str:
        """One sentence for people."""
        where = "its own state" if isinstance(self.basis, OwnBasis) else "the pool's state"
        return (
            f"Slopes of each domain in {where}, linear and smooth terms with variances learned from the runs "
            f"(log and linear response, epsilon {self.coding.epsilon:g})."
        )

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, 2K)."""
        k = self.coding.k
        log_part, linear_part = np.split(self._slope_coefficients, 2)
        slopes, features = np.empty((len(states), 2 * k)), self.basis.features(states)
        for domain in range(k):
            columns = self.basis.columns(np.tile(np.eye(k)[domain], (len(states), 1)), features)
            slopes[:, domain], slopes[:, k + domain] = columns @ log_part, columns @ linear_part
        return slopes

    def covariance(self, state: Array) -> Array:
        """(d,) -> (2K, 2K)."""
        k = self.coding.k
        one = self.basis.columns(np.eye(k), self.basis.features(np.tile(state, (k, 1))))
        size = one.shape[1]
        blocks = self.ridge.covariance[: 2 * size, : 2 * size].reshape(2, size, 2, size)
        covariance: Array = np.einsum("kf,afbg,lg->akbl", one, blocks, one, optimize=True)
        return covariance.reshape(2 * k, 2 * k)

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (2K,) -> (m,)."""
        halves, features = np.split(direction, 2), self.basis.features(states)
        rows = np.concatenate(
            [self.basis.columns(np.tile(half, (len(states), 1)), features) for half in halves], axis=1
        )
        size = rows.shape[1]
        return ((rows @ self.ridge.covariance[:size, :size]) * rows).sum(axis=1)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        level = self.ridge.intercept - self.slopes(states) @ self.centre
        if self.level_part is not None:
            columns = self.level_part.columns(states)
            level = level + columns @ self.ridge.coefficients[-columns.shape[1] :]
        return level

    def columns(self, shares: Array, states: Array) -> Array:
        """(m, K), (m, d) -> (m, P) columns of runs, in the order of the fitted coefficients."""
        return _columns(self.coding, self.centre, self.basis, self.level_part, shares, states)

    def slope_columns(self, state: Array) -> Array:
        """(d,) -> (2K, P): the slopes at a state are these rows times the fitted coefficients."""
        k = self.coding.k
        one = self.basis.columns(np.eye(k), self.basis.features(np.tile(state, (k, 1))))
        rows = np.zeros((2 * k, len(self.ridge.coefficients)))
        rows[:k, : one.shape[1]], rows[k:, one.shape[1] : 2 * one.shape[1]] = one, one
        return rows

    @property
    def _slope_coefficients(self) -> Array:
        return self.ridge.coefficients[: 2 * len(self.basis.blocks)]


@dataclass(frozen=True, eq=False)
class _Design:
    """Columns of one epsilon, and the block of each."""

    coding: Coding
    centre: Array
    columns: Array
    blocks: NDArray[np.intp]


def fit_components_estimator(
    table: RunsTable, target: Array, config: FitConfig, report: Progress
) -> ComponentsEngine:
    """Fit on a table with covariates."""
    bases = _bases(table, config.seed, config.orthogonalise)
    start = None
    epsilon = config.epsilon
    if epsilon is None:
        report(0.0, "choosing the response")
        epsilon, start = choose_epsilon(table, target, config)
    report(0.4, "learning variances")
    design = _design(table.shares, table.states, epsilon, *bases)
    rows = pools_up_to(table.groups(), LEARNING_ROWS, config.seed)
    components = learn_components(design.columns[rows], design.blocks, target[rows], start)
    report(0.9, "fitting")
    return _condition(design, target, components, *bases)


def choose_epsilon(table: RunsTable, target: Array, config: FitConfig) -> tuple[float, Components]:
    """The epsilon of highest evidence on some of the runs, with the variances learned there."""
    bases = _bases(table, config.seed, config.orthogonalise)
    rows = pools_up_to(table.groups(), EPSILON_ROWS, config.seed)
    tried = []
    for epsilon in EPSILONS:
        design = _design(table.shares[rows], table.states[rows], epsilon, *bases)
        found = learn_components(design.columns, design.blocks, target[rows], steps=EPSILON_STEPS)
        tried.append((epsilon, found))
    return max(tried, key=lambda one: one[1].evidence)


def refit_components(
    table: RunsTable, target: Array, epsilon: float, seed: int, orthogonalise: bool = True
) -> ComponentsEngine:
    """The same estimator on other runs, mixtures or covariates: epsilon is held, variances are learned anew.

    From fewer runs and in fewer steps than in a fit, and without the covariance. Held variances would
    have seen the runs left out, and would let heterogeneity that is not there pass its test.
    """
    bases = _bases(table, seed, orthogonalise)
    design = _design(table.shares, table.states, epsilon, *bases)
    rows = pools_up_to(table.groups(), REFIT_ROWS, seed)
    components = learn_components(design.columns[rows], design.blocks, target[rows], steps=REFIT_STEPS)
    return _condition(design, target, components, *bases, certain=True)


def _bases(table: RunsTable, seed: int, orthogonalise: bool) -> tuple[SlopeBasis, LevelBasis | None]:
    return slope_basis(table, seed), level_basis(table, seed) if orthogonalise else None


def _condition(
    design: _Design,
    target: Array,
    components: Components,
    basis: SlopeBasis,
    level: LevelBasis | None,
    certain: bool = False,
) -> ComponentsEngine:
    ridge = fit_components(design.columns, design.blocks, target, components, certain)
    return ComponentsEngine(design.coding, basis, level, design.centre, components, ridge)


def _design(
    shares: Array, states: Array, epsilon: float, basis: SlopeBasis, level: LevelBasis | None
) -> _Design:
    coding = Coding("log-linear", shares.shape[1], epsilon)
    coded = coding.encode(shares)
    # Without a level nothing but the mixture may move the outcome, so nothing is taken out of it either.
    centre = coded.mean(axis=0) if level is not None else np.zeros(coding.size)
    count = int(basis.blocks.max()) + 1
    blocks = [basis.blocks, count + basis.blocks]
    if level is not None:
        blocks.append(2 * count + level.blocks)
    columns = _columns(coding, centre, basis, level, shares, states)
    return _Design(coding, centre, columns, np.concatenate(blocks))


def _columns(
    coding: Coding, centre: Array, basis: SlopeBasis, level: LevelBasis | None, shares: Array, states: Array
) -> Array:
    """(m, P): log part, linear part, and the level's where there is one."""
    coded, features = coding.encode(shares) - centre, basis.features(states)
    parts = [basis.columns(half, features) for half in np.split(coded, 2, axis=1)]
    if level is not None:
        parts.append(level.columns(states))
    return np.concatenate(parts, axis=1)
