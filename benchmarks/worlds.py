"""Synthetic worlds whose effects are known.

In a :class:`World` every run has a pool state x and a mixture T,

    Y = f0(x) + m(T, x) + noise,      m(T, x) = sum_k a_k(x) s (1 - exp(-T_k / s)) - c_k(x) T_k^2,

so returns diminish, and damaged text (large c) does harm per unit of mass. ``confounding`` > 0
makes people put weight where the pool looks good; f0 depends on the same state. None of the
product's response forms contains this m: what is recovered is recovered in spite of that.
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


@dataclass(frozen=True, eq=False)
class World:
    """A world of K domains with J covariates each (``own``) or d of the whole pool.

    ``worth`` (P, K) and ``harm`` (P, K) turn state features into a_k and c_k.
    """

    k: int
    covariates: int
    own: bool
    confounding: float
    noise: float
    saturation: float
    base: Array
    worth: Array
    harm: Array
    level: Array
    attraction: Array
    scale: float

    @property
    def state_size(self) -> int:
        """Number of state columns d."""
        return self.k * self.covariates if self.own else self.covariates

    def returns(self, states: Array) -> tuple[Array, Array]:
        """(m, d) -> a (m, K) and c (m, K)."""
        own = self._per_domain(states)
        signal = np.einsum("mkj,kj->mk", own, self.worth)
        damage = np.einsum("mkj,kj->mk", own, self.harm)
        return self.scale * (self.base + signal + np.tanh(2.0 * signal)), self.scale * np.maximum(damage, 0.0)

    def value(self, shares: Array, states: Array) -> Array:
        """m(T, x): (m, K) and (m, d) -> (m,)."""
        a, c = self.returns(states)
        return (a * self.saturation * (1 - np.exp(-shares / self.saturation)) - c * shares**2).sum(axis=1)

    def gradient(self, shares: Array, states: Array) -> Array:
        """(m, K) derivative of m with respect to the shares."""
        a, c = self.returns(states)
        return a * np.exp(-shares / self.saturation) - 2 * c * shares

    def draw_states(self, n: int, rng: np.random.Generator) -> Array:
        """(n, d) pool states: neighbouring columns are correlated."""
        z = rng.normal(size=(n, self.state_size))
        return z + 0.4 * np.roll(z, 1, axis=1)

    def draw_mixtures(self, states: Array, rng: np.random.Generator) -> Array:
        """(m, K) mixtures: Dirichlet around what looks good, rounded to 0.001 (zeros occur)."""
        look = np.einsum("mkj,kj->mk", self._per_domain(states), self.attraction)
        centre = np.exp(self.confounding * look)
        centre = 0.9 * centre / centre.sum(axis=1, keepdims=True) + 0.1 / self.k
        return rounded_dirichlet(2.0 * self.k * centre, rng)

    def background(self, states: Array) -> Array:
        """f0: (m, d) -> (m,)."""
        return states @ self.level

    def table(self, n: int, seed: int, per_pool: int = 2) -> RunsTable:
        """``n`` runs, ``per_pool`` to a pool, as a runs table."""
        return draw_table(self, n, seed, per_pool)

    def with_differences(self, part: float) -> World:
        """The same average effects and assignment, with ``part`` (0..1) of what differs between pools."""
        return replace(self, worth=part * self.worth, harm=part * self.harm)

    @property
    def described(self) -> tuple[Covariate, ...]:
        """The d covariates."""
        return tuple(self._covariate(i) for i in range(self.state_size))

    def _covariate(self, column: int) -> Covariate:
        if not self.own:
            return Covariate(f"x_c{column}", f"c{column}")
        domain, j = divmod(column, self.covariates)
        return Covariate(f"x_d{domain}__c{j}", f"c{j}", f"d{domain}")

    def _per_domain(self, states: Array) -> Array:
        if self.own:
            return states.reshape(len(states), self.k, self.covariates)
        return np.broadcast_to(states[:, None, :], (len(states), self.k, self.covariates))


def make_world(
    k: int, covariates: int, own: bool, confounding: float, seed: int, noise: float = 0.3
) -> World:
    """A world whose mixture effect has unit spread over its own runs, and f0 unit spread too.

    With ``own`` the domains share one law of worth up to small deviations, as text does; without,
    every domain has its own law of the pool's covariates.
    """
    rng = np.random.default_rng(10_000 + seed)
    common = rng.normal(size=covariates) / np.sqrt(covariates)
    law = common + 0.3 * rng.normal(size=(k, covariates)) / np.sqrt(covariates)
    worth = law if own else rng.normal(size=(k, covariates)) / np.sqrt(covariates)
    world = World(
        k=k,
        covariates=covariates,
        own=own,
        confounding=confounding,
        noise=noise,
        saturation=2.0 / k,
        base=2.0 + 0.7 * rng.normal(size=k),
        worth=worth,
        harm=-0.7 * worth,
        level=rng.normal(size=k * covariates if own else covariates),
        attraction=worth + 0.3 * rng.normal(size=worth.shape),
        scale=1.0,
    )
    states = world.draw_states(4000, rng)
    spread = world.value(world.draw_mixtures(states, rng), states).std()
    level = world.level / (states @ world.level).std()
    return replace(world, scale=float(1.0 / spread), level=level)
