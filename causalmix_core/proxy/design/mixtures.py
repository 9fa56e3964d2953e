"""The mixtures of a design's runs: which law draws which run, on which pool."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design import samplers
from causalmix_core.proxy.design.design import Assignment
from causalmix_core.proxy.design.names import SAMPLERS, SHARPNESS, SamplerName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.proxy.design.samplers import Drawn
    from causalmix_core.proxy.design.states import PoolState

    Array = NDArray[np.float64]

# Laws that lay their runs out together: the order of their points says something, so runs take them in random order.
LAID_OUT = ("sobol", "lattice", "centroid", "d-optimal")


@dataclass(frozen=True)
class Law:
    """How mixtures are drawn.

    Attributes
    ----------
    samplers : names; with more than one, each round over the pools takes the next.
    concentration : of the Dirichlet and Sobol laws, > 0.
    min_share : every domain has at least this share, 0 to less than 1/K.
    favoured, fallback : domains that the law "chosen" turns to when a pool looks good, and bad, overall.
    centre : (domain, share) pairs of the mixture that the law "around" is drawn around, sum 1; empty: as much of each
        domain as there is text of it. sharpness : how close to it, > 0.
    """

    samplers: tuple[SamplerName, ...] = ("dirichlet",)
    concentration: float = 1.0
    min_share: float = 0.0
    favoured: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()
    centre: tuple[tuple[str, float], ...] = ()
    sharpness: float = SHARPNESS


@dataclass(frozen=True, eq=False)
class Mixtures:
    """n mixtures (n, K) with their pools and assignments."""

    shares: Array
    pools: tuple[str, ...]
    assignments: tuple[Assignment, ...]


def draw_mixtures(
    law: Law, runs: int, domains: Sequence[str], pools: Mapping[str, PoolState], natural: Array, seed: int
) -> Mixtures:
    """Draw the mixtures of ``runs`` runs; run i is made on pool i modulo the number of pools.

    Raises
    ------
    DesignError : an unknown sampler or domain, a parameter out of its range, or no runs.
    """
    _check(law, runs, domains)
    names = list(pools)
    on = [names[i % len(names)] for i in range(runs)]
    turn = np.array([(i // len(names)) % len(law.samplers) for i in range(runs)])
    shares = np.empty((runs, len(domains)))
    assignments: list[Assignment | None] = [None] * runs
    for place, name in enumerate(law.samplers):
        at = np.flatnonzero(turn == place)
        if not len(at):
            continue
        rng = np.random.default_rng([seed, place])
        quality = np.array([[pools[on[i]][d].quality for d in domains] for i in at])
        drawn = _draw(name, law, quality, domains, natural, rng)
        order = rng.permutation(len(at)) if name in LAID_OUT else np.arange(len(at))
        shares[at] = drawn.shares[order]
        for i, j in zip(at, order, strict=True):
            assignments[i] = Assignment(drawn.kind, drawn.law, drawn.log_density[j])
    return Mixtures(shares, tuple(on), tuple(a for a in assignments if a is not None))


def _draw(
    name: SamplerName,
    law: Law,
    quality: Array,
    domains: Sequence[str],
    natural: Array,
    rng: np.random.Generator,
) -> Drawn:
    runs, k = quality.shape
    floor, a = law.min_share, law.concentration
    draw: dict[SamplerName, Callable[[], Drawn]] = {
        "dirichlet": lambda: samplers.dirichlet(runs, k, rng, concentration=a, min_share=floor),
        "sobol": lambda: samplers.sobol(runs, k, rng, concentration=a, min_share=floor),
        "lattice": lambda: samplers.lattice(runs, k, min_share=floor),
        "centroid": lambda: samplers.centroid(runs, k, min_share=floor),
        "d-optimal": lambda: samplers.d_optimal(runs, k, rng, min_share=floor),
        "regmix": lambda: samplers.regmix(runs, natural, rng, min_share=floor),
        "around": lambda: samplers.around(
            runs, _centre(law, domains, natural), rng, sharpness=law.sharpness, min_share=floor
        ),
        "chosen": lambda: _with_leaning(
            samplers.chosen(quality, _lean(law, domains), rng, min_share=floor), law
        ),
    }
    return draw[name]()


def _with_leaning(drawn: Drawn, law: Law) -> Drawn:
    """The chosen mixtures, their law naming the domains that people lean to."""
    told = [
        f"{what} {', '.join(names)}"
        for what, names in (("favoured", law.favoured), ("fallback", law.fallback))
        if names
    ]
    return replace(drawn, law="; ".join([drawn.law, *told]))


def _centre(law: Law, domains: Sequence[str], natural: Array) -> Array:
    """(K,) the mixture that the law "around" is drawn around."""
    if not law.centre:
        return natural
    shares = dict(law.centre)
    if set(shares) != set(domains):
        odd = sorted(set(shares) ^ set(domains))[0]
        raise DesignError(
            f"The centre and the pool do not have the same domains: {odd!r} is in one of them only."
        )
    found = np.array([shares[domain] for domain in domains])
    if not abs(found.sum() - 1.0) < 1e-6:
        raise DesignError(f"The shares of the centre sum to {found.sum():g}; they must sum to 1.")
    return found / found.sum()


def _lean(law: Law, domains: Sequence[str]) -> Array:
    return np.array([float(d in law.favoured) - float(d in law.fallback) for d in domains])


def _check(law: Law, runs: int, domains: Sequence[str]) -> None:
    if runs < 1:
        raise DesignError(f"The number of runs is {runs}; give at least 1.")
    if not law.samplers:
        raise DesignError(f"No sampler is named; choose among {', '.join(SAMPLERS)}.")
    for sampler in law.samplers:
        if sampler not in SAMPLERS:
            raise DesignError(f"There is no sampler {sampler!r}; choose among {', '.join(SAMPLERS)}.")
    for name in (*law.favoured, *law.fallback):
        if name not in domains:
            raise DesignError(f"There is no domain {name!r} in the pool; it has {', '.join(domains)}.")
