"""A model richer than any estimator's form: what intervals are measured against.

Estimators end in slopes of log(T + eps) and T. What that form cannot say still moves the truth, and
an interval that does not know of it is too narrow. Here the outcome is a Gaussian process of the
mixture and the pool with everything that a response could plausibly do: two logarithms, shares and
their squares, each with average, linear and smooth slopes in the state; smooth functions of each
share, alone and with the state; and a smooth function of the whole mixture and state together.
The variance of each part is learned (:mod:`~causalmix_core.effects.components`). Differences between
mixtures come with their posterior variance.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.components import Components, learn_variances
from causalmix_core.effects.folds import pools_up_to
from causalmix_core.effects.state_basis import draw_waves, standardised
from causalmix_core.effects.state_scale import fit_state_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.state_scale import StateScale
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

LOG_EPSILONS = (0.01, 0.1)
MOST_RUNS = 2048  # solved exactly; more runs only make the posterior narrower than it says
LEARNING_RUNS, LEARNING_STEPS = 320, 30
SHARE_LENGTH = 2.0  # of smooth functions of a share, in its spreads
WAVES = 100
LEVEL_PARTS = 3
CONSTANT = 100.0  # variance of the constant, in units of the outcome's


@dataclass(frozen=True, eq=False)
class Points:
    """Mixtures (m, K) on pools: ``states`` (m, d) in spreads, ``own`` (m, K, J) where there are any."""

    shares: Array
    states: Array
    own: Array | None


@dataclass(frozen=True, eq=False)
class Kernels:
    """The parts of the rich model as kernels of two sets of points, each of mean diagonal 1 on the runs.

    ``means``, ``spreads`` per response form; ``norms`` (B,) from the runs.
    """

    mean: Array
    spread: Array
    scale: StateScale | None
    means: tuple[Array, ...]
    spreads: tuple[float, ...]
    share_spread: float
    norms: Array

    def points(self, shares: Array, states: Array) -> Points:
        """Mixtures (m, K) on pools (m, d) in table units."""
        own = None if self.scale is None else self.scale(states)
        return Points(shares, standardised(states, self.mean, self.spread), own)

    def between(self, a: Points, b: Points) -> Array:
        """(B, m, n) kernels of the parts that depend on the mixture, normed."""
        return np.stack(self._mixture(a, b)) * self.norms[self._level_parts :, None, None]

    def all_of(self, a: Points) -> Array:
        """(B, n, n) normed kernels of all parts, the level's first."""
        return np.stack([*self._level(a), *self._mixture(a, a)]) * self.norms[:, None, None]

    @property
    def _level_parts(self) -> int:
        return LEVEL_PARTS if len(self.mean) else 0

    def _level(self, a: Points) -> list[Array]:
        if not len(self.mean):
            return []
        linear = a.states @ a.states.T / a.states.shape[1]
        return [linear, linear**2, _gaussian(a.states, a.states, 1.0)]

    def _mixture(self, a: Points, b: Points) -> list[Array]:
        state = _gaussian(a.states, b.states, 1.0) if len(self.mean) else None
        parts = [
            k for f, g in zip(self._forms(a), self._forms(b), strict=True) for k in _slopes(f, g, a, b, state)
        ]
        return [*parts, *self._smooth(a, b, state)]

    def _forms(self, a: Points) -> list[Array]:
        return [
            (form - mean) / spread
            for form, mean, spread in zip(response_forms(a.shares), self.means, self.spreads, strict=True)
        ]

    def _smooth(self, a: Points, b: Points, state: Array | None) -> list[Array]:
        """Smooth in each share, in share and state, in mixture and state."""
        s, t = a.shares / self.share_spread, b.shares / self.share_spread
        alone = [_gaussian(s[:, [k]], t[:, [k]], SHARE_LENGTH) for k in range(s.shape[1])]
        whole = _gaussian(s, t, SHARE_LENGTH)
        if state is None:
            return [np.sum(alone, axis=0), whole]
        if a.own is None or b.own is None:
            additive: Array = np.sum(alone, axis=0)
            return [additive, additive * state, whole * state]
        with_state = [g * _gaussian(a.own[:, k], b.own[:, k], 1.0) for k, g in enumerate(alone)]
        return [np.sum(alone, axis=0), np.sum(with_state, axis=0), whole * state]


@dataclass(frozen=True, eq=False)
class RichModel:
    """The rich model's posterior on the runs.

    ``weights`` (n,) and ``root`` (n, n) lower Cholesky factor of the runs' covariance, in units of the
    outcome's variance ``spread``^2.
    """

    kernels: Kernels
    runs: Points
    components: Components
    weights: Array
    root: Array
    spread: float

    def differences(self, shares: Array, anchors: Array, states: Array) -> tuple[Array, Array]:
        """Outcome at ``shares`` (m, K) less that at ``anchors`` (m, K) on pools (m, d): mean and variance (m,)."""
        from scipy.linalg import solve_triangular

        to, start = self.kernels.points(shares, states), self.kernels.points(anchors, states)
        cross = self._kernel(to, self.runs) - self._kernel(start, self.runs)
        inside = solve_triangular(self.root, cross.T, lower=True, check_finite=False)
        variance = self._prior_variances(to, start) - (inside**2).sum(axis=0)
        return self.spread * (cross @ self.weights), self.spread**2 * np.maximum(variance, 0.0)

    def _kernel(self, a: Points, b: Points) -> Array:
        parts = self.kernels.between(a, b)
        kernel: Array = np.tensordot(self.components.variances[-len(parts) :], parts, axes=1)
        return kernel

    def _prior_variances(self, to: Points, start: Points) -> Array:
        """(m,) prior variance of each difference, a few points at a time: only the diagonal is wanted."""
        variances = np.empty(len(to.shares))
        for begin in range(0, len(variances), 64):
            rows = slice(begin, begin + 64)
            a, b = _rows(to, rows), _rows(start, rows)
            kernel = self._kernel(a, a) + self._kernel(b, b) - 2.0 * self._kernel(a, b)
            variances[rows] = np.diag(kernel)
        return variances


def response_forms(shares: Array) -> list[Array]:
    """Forms of a share that get slopes: two logarithms, the share, its square."""
    return [*(np.log(shares + epsilon) for epsilon in LOG_EPSILONS), shares, shares**2]


def fit_rich_model(table: RunsTable, target: Array, seed: int) -> RichModel:
    """Learn the variances on a few hundred runs, and condition on up to ``MOST_RUNS``."""
    from scipy.linalg import cho_solve, cholesky

    rows = pools_up_to(table.groups(), MOST_RUNS, seed)
    kernels = _kernels(table, rows)
    few = pools_up_to(table.groups(), LEARNING_RUNS, seed)
    grams = kernels.all_of(kernels.points(table.shares[few], table.states[few]))
    components = learn_variances(grams, target[few], steps=LEARNING_STEPS)
    runs = kernels.points(table.shares[rows], table.states[rows])
    kernel = np.tensordot(components.variances, kernels.all_of(runs), axes=1) + CONSTANT
    kernel[np.diag_indices(len(rows))] += components.noise
    level, spread = float(target[few].mean()), float(target[few].std())
    root = cholesky(kernel, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve((root, True), (target[rows] - level) / spread, check_finite=False)
    return RichModel(kernels, runs, components, weights, root, spread)


def _kernels(table: RunsTable, rows: NDArray[np.intp]) -> Kernels:
    """Scales from the runs; norms from a few of them."""
    k = len(table.domains)
    forms = response_forms(table.shares)
    spread = table.states.std(axis=0)
    plain = Kernels(
        mean=table.states.mean(axis=0),
        spread=np.where(spread > 0, spread, 1.0),
        scale=fit_state_scale(table) if table.covariates_are_per_domain else None,
        means=tuple(form.mean(axis=0) for form in forms),
        spreads=tuple(float(np.sqrt(form.var(axis=0).mean() * k)) for form in forms),
        share_spread=float(np.sqrt(table.shares.var(axis=0).mean())),
        norms=np.ones(1),
    )
    some = rows[:: max(1, len(rows) // LEARNING_RUNS)]
    points = plain.points(table.shares[some], table.states[some])
    parts = [*plain._level(points), *plain._mixture(points, points)]
    norms = [1.0 / max(float(np.diag(part).mean()), 1e-12) for part in parts]
    return dataclasses.replace(plain, norms=np.array(norms))


def _slopes(f: Array, g: Array, a: Points, b: Points, state: Array | None) -> list[Array]:
    """Kernels of one form with average, linear and smooth slopes in the state."""
    average = f @ g.T
    if state is None:
        return [average]
    if a.own is None or b.own is None:
        return [average, average * (a.states @ b.states.T), average * state]
    u, v = a.own, b.own
    waves = draw_waves(u.shape[2], WAVES, 0)
    shared = [
        np.einsum("nk,nkf->nf", f, x) @ np.einsum("nk,nkf->nf", g, y).T
        for x, y in ((u, v), (u**2 - 1.0, v**2 - 1.0), (waves(u), waves(v)))
    ]
    own = (f[:, :, None] * u).reshape(len(f), -1) @ (g[:, :, None] * v).reshape(len(g), -1).T
    return [average, *shared, own]


def _gaussian(a: Array, b: Array, length: float) -> Array:
    """Gaussian kernel of points (m, c) and (n, c), the squared distance averaged over columns."""
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
    kernel: Array = np.exp(-0.5 * np.maximum(squared, 0.0) / (a.shape[1] * length**2))
    return kernel


def _rows(points: Points, rows: slice) -> Points:
    own = None if points.own is None else points.own[rows]
    return Points(points.shares[rows], points.states[rows], own)
