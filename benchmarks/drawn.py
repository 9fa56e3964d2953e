"""Runs tables drawn from a world whose effects are known."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

import numpy as np

from causalmix_core.evidence.table import Covariate, Outcome, RunsTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class KnownWorld(Protocol):
    """What benchmarks ask of a world: K domains, states (m, d), an outcome whose effects are known."""

    @property
    def k(self) -> int:
        """Number of domains K."""

    @property
    def noise(self) -> float:
        """Standard deviation of a run's noise."""

    @property
    def described(self) -> tuple[Covariate, ...]:
        """The d covariates."""

    def background(self, states: Array) -> Array:
        """f0: (m, d) -> (m,), what the pool's state does whatever the mixture."""

    def value(self, shares: Array, states: Array) -> Array:
        """What the mixture does: (m, K) and (m, d) -> (m,)."""

    def gradient(self, shares: Array, states: Array) -> Array:
        """(m, K) derivative of ``value`` with respect to the shares."""

    def draw_states(self, n: int, rng: np.random.Generator) -> Array:
        """(n, d) pool states."""

    def draw_mixtures(self, states: Array, rng: np.random.Generator) -> Array:
        """(m, K) mixtures that people chose for pools (m, d)."""


def draw_table(world: KnownWorld, n: int, seed: int, per_pool: int = 2) -> RunsTable:
    """``n`` runs, ``per_pool`` to a pool, as a runs table."""
    rng = np.random.default_rng(seed)
    states = np.repeat(world.draw_states(-(-n // per_pool), rng), per_pool, axis=0)[:n]
    shares = world.draw_mixtures(states, rng)
    score = world.background(states) + world.value(shares, states) + world.noise * rng.normal(size=n)
    return RunsTable(
        name="world",
        domains=tuple(f"d{i}" for i in range(world.k)),
        shares=shares,
        covariates=world.described,
        states=states,
        outcomes=(Outcome("score", True),),
        scores=score[:, None],
        run_ids=tuple(f"r{i}" for i in range(n)),
        pool_ids=tuple(f"p{i // per_pool}" for i in range(n)),
        assignment=None,
        provenance={},
        natural=None,
        natural_label="",
        default_outcome="score",
        description="",
        issues=(),
        sha256=hashlib.sha256(shares.tobytes() + states.tobytes() + score.tobytes()).hexdigest(),
    )


def rounded_dirichlet(concentration: Array, rng: np.random.Generator) -> Array:
    """(m, K) mixtures from Dirichlet laws (m, K), rounded to 0.001: zeros occur, as in real tables."""
    gamma = rng.standard_gamma(concentration) + 1e-12
    shares = np.round(gamma / gamma.sum(axis=1, keepdims=True), 3)
    mixtures: Array = shares / shares.sum(axis=1, keepdims=True)
    return mixtures
