"""A model richer than any estimator's form: what intervals are measured against.

Estimators end in slopes of log(T + eps) and T. What that form cannot say still moves the truth, and
an interval that does not know of it is too narrow. Here the outcome is a Gaussian process of the
mixture and the pool with everything that a response could plausibly do: two logarithms, shares and
their squares, with slopes that are average, linear and smooth in the state or jump where a covariate crosses a
threshold; products of two shares; smooth functions of each share, alone and with the state; and a smooth
function of the whole mixture and state together. The variance of each part is learned
(:mod:`~causalmix_core.effects.components`). Differences between mixtures come with their posterior variance.

Where people choose the mixture by what is worth it on a pool, runs of different pools mislead about these
variances: weight where returns are high makes outcomes of pools alike, as if slopes hardly differed. Two runs on one pool
share all that the pool is, so there the variances can be learned from such differences alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.components import Components, most_evident
from causalmix_core.effects.folds import pools_up_to
from causalmix_core.effects.rich_kernels import Kernels, Points, make_kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

MOST_RUNS = 2048  # solved exactly; more runs do not narrow intervals further
LEARNING_RUNS, LEARNING_STEPS = 512, 40
BOUNDARY, BOUNDARY_WITHIN = 0.35, 0.8  # exponents of the prior in a variance: see docs/DECISIONS.md
LEAST_CONTRASTS = 40  # differences within pools, below which nothing is learned from them alone
CONSTANT = 100.0  # variance of the constant, in units of the outcome's


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
        return self.kernels.mixture(self.components.variances, a, b)

    def _prior_variances(self, to: Points, start: Points) -> Array:
        """(m,) prior variance of each difference, a few points at a time: only the diagonal is wanted."""
        variances = np.empty(len(to.shares))
        for begin in range(0, len(variances), 64):
            rows = slice(begin, begin + 64)
            a, b = to.rows(rows), start.rows(rows)
            kernel = self._kernel(a, a) + self._kernel(b, b) - 2.0 * self._kernel(a, b)
            variances[rows] = np.diag(kernel)
        return variances


def fit_rich_model(table: RunsTable, target: Array, seed: int) -> RichModel:
    """Learn the variances on a few hundred runs, and condition on up to ``MOST_RUNS``."""
    few = pools_up_to(table.groups(), LEARNING_RUNS, seed)
    kernels = make_kernels(table, few)
    learnt = target[few]
    grams = kernels.grams(kernels.points(table.shares[few], table.states[few]))
    outcome = (learnt - learnt.mean()) / learnt.std()
    found = most_evident(grams, outcome, steps=LEARNING_STEPS, boundary=BOUNDARY)
    level, mixture = np.split(found.variances, [kernels.level_parts])
    variances = np.append(level, mixture * _freedom(len(few), table))
    return _conditioned(table, target, seed, kernels, Components(variances, found.noise, found.evidence))


def learn_within_pools(rich: RichModel, table: RunsTable, target: Array, seed: int) -> RichModel | None:
    """The same model with what depends on the mixture learned from differences within pools alone.

    None where pools with several runs are too few.
    """
    few = pools_up_to(table.groups(), LEARNING_RUNS, seed)
    contrasts = within_pools(table.states[few])
    if len(contrasts) < max(LEAST_CONTRASTS, 2 * table.shares.shape[1]):
        return None
    kernels = rich.kernels
    points = kernels.points(table.shares[few], table.states[few])
    grams = np.stack([contrasts @ gram @ contrasts.T for gram in kernels.mixture_grams(points)])
    outcome = contrasts @ (target[few] / rich.spread)
    found = most_evident(grams, outcome, steps=LEARNING_STEPS, boundary=BOUNDARY_WITHIN)
    level = rich.components.variances[: kernels.level_parts]
    variances = np.append(level, found.variances * _freedom(len(contrasts), table))
    return _conditioned(table, target, seed, kernels, Components(variances, found.noise, found.evidence))


def _freedom(observed: int, table: RunsTable) -> float:
    """What variances learned from n outcomes are too small by, n / (n - K), and at most 2.

    What the K average slopes take up of the outcomes no longer shows how large effects are.
    """
    return observed / max(observed - table.shares.shape[1], 0.5 * observed)


def within_pools(states: Array) -> Array:
    """(c, n) orthonormal contrasts of runs with states (n, d): all differences between runs on one pool."""
    from scipy.linalg import helmert

    pools = np.unique(states, axis=0, return_inverse=True)[1].ravel()
    rows = [np.zeros((0, len(pools)))]
    for pool in np.flatnonzero(np.bincount(pools) > 1):
        runs = np.flatnonzero(pools == pool)
        block = np.zeros((len(runs) - 1, len(pools)))
        block[:, runs] = helmert(len(runs))
        rows.append(block)
    return np.concatenate(rows)


def _conditioned(
    table: RunsTable, target: Array, seed: int, kernels: Kernels, components: Components
) -> RichModel:
    from scipy.linalg import cho_solve, cholesky

    rows = pools_up_to(table.groups(), MOST_RUNS, seed)
    learnt = target[pools_up_to(table.groups(), LEARNING_RUNS, seed)]
    level, spread = float(learnt.mean()), float(learnt.std())
    runs = kernels.points(table.shares[rows], table.states[rows])
    kernel = kernels.whole(components.variances, runs) + CONSTANT
    kernel[np.diag_indices(len(rows))] += components.noise
    root = cholesky(kernel, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve((root, True), (target[rows] - level) / spread, check_finite=False)
    return RichModel(kernels, runs, components, weights, root, spread)
