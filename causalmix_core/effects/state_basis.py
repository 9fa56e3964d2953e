"""Bases for slopes and level as functions of the pool's state, in blocks of one kind each.

A slope basis turns a coded mixture c (n, K) at states (n, d) into columns (n, F) that are linear
in c; the slope of domain k is what its columns say of the unit vector e_k. Smooth functions of no
fixed form enter as random Fourier features of a Gaussian kernel (Rahimi and Recht 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from causalmix_core.effects.state_scale import CLIP, StateScale, fit_state_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Blocks = NDArray[np.intp]
    Features = tuple[Array, ...]

SHARED_WAVES = 48  # one function for all domains
POOLED_WAVES = 24  # a function for every domain
LEVEL_WAVES = 48
MAX_PRODUCTS = 20  # beyond this many covariates products of two outnumber the runs


@dataclass(frozen=True, eq=False)
class Waves:
    """Random Fourier features: ``cos(u @ frequencies + phases)``, (c, R) and (R,)."""

    frequencies: Array
    phases: Array

    def __call__(self, u: Array) -> Array:
        """(..., c) -> (..., R); the inner product of two rows is close to the kernel."""
        waves: Array = np.cos(u @ self.frequencies + self.phases) * np.sqrt(2.0 / len(self.phases))
        return waves


def draw_waves(columns: int, count: int, seed: int) -> Waves:
    """Features of a Gaussian kernel whose length is one spread per covariate, over all of them."""
    rng = np.random.default_rng(seed)
    frequencies = rng.normal(size=(columns, count)) / np.sqrt(columns)
    return Waves(frequencies, rng.uniform(0.0, 2.0 * np.pi, count))


class SlopeBasis(Protocol):
    """Columns of slopes, linear in the coded mixture.

    What they take from the state is most of their work, so it is made once for many mixtures on the same states.
    """

    @property
    def blocks(self) -> Blocks:
        """(F,) number of each column's block, from 0."""

    def features(self, states: Array) -> Features:
        """What (n, d) states bring to the columns."""

    def columns(self, coded: Array, features: Features) -> Array:
        """(n, K) coded mixtures at states of these features -> (n, F)."""


@dataclass(frozen=True, eq=False)
class OwnBasis:
    """Slope of a domain in its own state: average, law shared by all domains, own deviation.

    ``scale`` standardises the K x J own covariates; ``waves`` are of J columns.
    """

    scale: StateScale
    waves: Waves

    @property
    def blocks(self) -> Blocks:
        """K averages, J linear and J squared and R smooth terms shared, K J own linear ones."""
        k, j = self.scale.mean.shape
        return np.repeat(np.arange(5), [k, j, j, len(self.waves.phases), k * j])

    def features(self, states: Array) -> Features:
        """Own covariates in spreads, their squares and waves: (n, K, J), (n, K, J), (n, K, R)."""
        u = self.scale(states)
        return u, u**2 - 1.0, self.waves(u)

    def columns(self, coded: Array, features: Features) -> Array:
        """(n, K) -> (n, F)."""
        shared = [np.einsum("nk,nkf->nf", coded, f) for f in features]
        own = (coded[:, :, None] * features[0]).reshape(len(coded), -1)
        return np.concatenate([coded, *shared, own], axis=1)


@dataclass(frozen=True, eq=False)
class PoolBasis:
    """Slope of a domain in the state of the whole pool: average, linear and smooth terms of its own.

    ``mean``, ``spread`` (d,) standardise the state; ``waves`` are of d columns; ``k`` domains.
    """

    k: int
    mean: Array
    spread: Array
    waves: Waves

    @property
    def blocks(self) -> Blocks:
        """K averages, K d linear and K R smooth terms."""
        return np.repeat(np.arange(3), [self.k, self.k * len(self.mean), self.k * len(self.waves.phases)])

    def features(self, states: Array) -> Features:
        """The state in spreads and its waves: (n, d), (n, R)."""
        u = standardised(states, self.mean, self.spread)
        return u, self.waves(u)

    def columns(self, coded: Array, features: Features) -> Array:
        """(n, K) -> (n, F)."""
        parts = [(f[:, :, None] * coded[:, None, :]).reshape(len(coded), -1) for f in features]
        return np.concatenate([coded, *parts], axis=1)


@dataclass(frozen=True, eq=False)
class LevelBasis:
    """What the pool's state does to the outcome whatever the mixture.

    ``order`` (K, J) are the columns of own covariates, (0, 0) where there are none: then their
    averages over domains are no block of their own.
    """

    mean: Array
    spread: Array
    waves: Waves
    order: NDArray[np.intp]

    @property
    def blocks(self) -> Blocks:
        """Linear, second-degree, smooth, and averages over domains with their squares."""
        d, j = len(self.mean), self.order.shape[1]
        second = d * (d + 1) // 2 if d <= MAX_PRODUCTS else d
        sizes = [d, second, len(self.waves.phases)] + ([j, j] if j else [])
        return np.repeat(np.arange(len(sizes)), sizes)

    def columns(self, states: Array) -> Array:
        """(n, d) -> (n, F)."""
        u = standardised(states, self.mean, self.spread)
        first, second = (
            np.triu_indices(u.shape[1]) if u.shape[1] <= MAX_PRODUCTS else 2 * (np.arange(u.shape[1]),)
        )
        parts = [u, u[:, first] * u[:, second], self.waves(u)]
        if self.order.shape[1]:
            own = u[:, self.order]
            parts += [own.mean(axis=1), (own**2).mean(axis=1)]
        return np.concatenate(parts, axis=1)


def standardised(states: Array, mean: Array, spread: Array) -> Array:
    """(m, d) states in spreads, clipped: squares must not run away outside the runs."""
    clipped: Array = np.clip((states - mean) / spread, -CLIP, CLIP)
    return clipped


def slope_basis(table: RunsTable, seed: int) -> SlopeBasis:
    """Own-state where every domain has covariates of its own, else in the state of the pool."""
    if table.covariates_are_per_domain:
        scale = fit_state_scale(table)
        return OwnBasis(scale, draw_waves(scale.mean.shape[1], SHARED_WAVES, seed))
    mean, spread = _moments(table)
    return PoolBasis(len(table.domains), mean, spread, draw_waves(len(mean), POOLED_WAVES, seed))


def level_basis(table: RunsTable, seed: int) -> LevelBasis:
    """The level's basis for a table with covariates."""
    mean, spread = _moments(table)
    own = fit_state_scale(table).order if table.covariates_are_per_domain else np.zeros((0, 0), dtype=np.intp)
    return LevelBasis(mean, spread, draw_waves(len(mean), LEVEL_WAVES, seed + 1), own)


def _moments(table: RunsTable) -> tuple[Array, Array]:
    spread = table.states.std(axis=0)
    return table.states.mean(axis=0), np.where(spread > 0, spread, 1.0)
