"""Worlds of another law, which had no part in the design of estimators and intervals.

    Y = f0(x) + m(T, x) + noise,
    m(T, x) = sum_k a_k(x) s (1 - exp(-T_k / s)) + sum_{j<k} C_jk T_j T_k.

What a domain is worth jumps where a covariate crosses a threshold, beside a part linear in a few
covariates; pairs of domains help or hinder each other; f0 has a product and a kink. Slopes that
are smooth in the state, responses that are separable over domains and a level that is linear are
all wrong here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drawn import draw_table, rounded_dirichlet
from causalmix_core.evidence.table import Covariate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

STEP, SLOPE = 0.9, 0.6  # what a threshold and the linear part do to a domain's worth
RESPONSE = 4.0  # weight of the saturating part against the pairs
SPREAD_OF_RUNS = {3: 8.0, 5: 10.0}  # Dirichlet concentration; 14 beyond


@dataclass(frozen=True, eq=False)
class RoughWorld:
    """A world of K domains and d covariates of the whole pool.

    ``worth`` (K,), ``slopes`` (K, d), ``column`` (K,) and ``threshold`` (K,) make a_k(x); ``pairs``
    (K, K) symmetric is C; ``wish`` (K,) and ``attraction`` (K, d) say where people put weight;
    ``level`` (d,) is the linear part of f0. ``scale`` and ``level_scale`` give m and f0 unit spread.
    """

    k: int
    covariates: int
    confounding: float
    noise: float
    worth: Array
    slopes: Array
    column: NDArray[np.intp]
    threshold: Array
    pairs: Array
    wish: Array
    attraction: Array
    level: Array
    scale: float = 1.0
    level_scale: float = 1.0

    @property
    def saturation(self) -> float:
        """The share at which returns of a domain have fallen to 1/e."""
        return 2.0 / self.k

    @property
    def described(self) -> tuple[Covariate, ...]:
        """The d covariates."""
        return tuple(Covariate(f"x_c{j}", f"c{j}") for j in range(self.covariates))

    def returns(self, states: Array) -> Array:
        """(m, d) -> a (m, K)."""
        jump = np.sign(states[:, self.column] - self.threshold)
        return RESPONSE * (1.5 + self.worth + SLOPE * states @ self.slopes.T + STEP * jump)

    def background(self, states: Array) -> Array:
        """f0: (m, d) -> (m,)."""
        bent = states[:, 0] * states[:, 1] + np.abs(states[:, 2])
        return self.level_scale * (states @ self.level + 0.7 * bent)

    def value(self, shares: Array, states: Array) -> Array:
        """m(T, x): (m, K) and (m, d) -> (m,)."""
        alone = self.returns(states) * self.saturation * (1.0 - np.exp(-shares / self.saturation))
        return self.scale * (alone.sum(axis=1) + 0.5 * ((shares @ self.pairs) * shares).sum(axis=1))

    def gradient(self, shares: Array, states: Array) -> Array:
        """(m, K) derivative of m with respect to the shares."""
        return self.scale * (self.returns(states) * np.exp(-shares / self.saturation) + shares @ self.pairs)

    def draw_states(self, n: int, rng: np.random.Generator) -> Array:
        """(n, d) pool states: neighbouring columns are correlated."""
        z = rng.normal(size=(n, self.covariates))
        return z + 0.4 * np.roll(z, 1, axis=1)

    def draw_mixtures(self, states: Array, rng: np.random.Generator) -> Array:
        """(m, K) mixtures: Dirichlet around a softmax of what the state attracts."""
        look = self.wish + 1.2 * self.confounding * states @ self.attraction.T
        centre = np.exp(look - look.max(axis=1, keepdims=True))
        centre = 0.97 * centre / centre.sum(axis=1, keepdims=True) + 0.03 / self.k
        return rounded_dirichlet(SPREAD_OF_RUNS.get(self.k, 14.0) * centre, rng)

    def table(self, n: int, seed: int, per_pool: int = 2) -> RunsTable:
        """``n`` runs, ``per_pool`` to a pool, as a runs table."""
        return draw_table(self, n, seed, per_pool)


def make_rough_world(
    k: int, covariates: int, confounding: float, seed: int, noise: float = 0.3
) -> RoughWorld:
    """A world whose mixture effect and f0 have unit spread over its own runs; 3 covariates or more.

    f0 leans the way in which people give weight to the first domain, so leaving the state out confounds.
    """
    rng = np.random.default_rng(50_000 + seed)
    attraction = rng.normal(size=(k, covariates)) / np.sqrt(covariates)
    upper = np.triu(rng.normal(size=(k, k)) * (rng.random((k, k)) < 2.0 / k), 1)
    kept = rng.random((k, covariates)) < 0.5
    world = RoughWorld(
        k=k,
        covariates=covariates,
        confounding=confounding,
        noise=noise,
        worth=rng.normal(size=k),
        slopes=rng.normal(size=(k, covariates)) * kept / np.sqrt(covariates / 2.0),
        column=rng.integers(0, covariates, size=k),
        threshold=0.3 * rng.normal(size=k),
        pairs=2.0 * (upper + upper.T),
        wish=0.4 * rng.normal(size=k),
        attraction=attraction,
        level=attraction[0] * np.sqrt(covariates) + 0.5 * rng.normal(size=covariates),
    )
    states = world.draw_states(4000, rng)
    spread = world.value(world.draw_mixtures(states, rng), states).std()
    return replace(world, scale=float(1.0 / spread), level_scale=float(1.0 / world.background(states).std()))
