"""Scheffe's designs: the simplex lattice and the simplex centroid, thinned to the number of runs.

Scheffe 1958, "Experiments with mixtures", J. R. Stat. Soc. B 20; Scheffe 1963, "The simplex-centroid design".
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, without_density

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MOST_POINTS = 200_000


def lattice(runs: int, domains: int, *, min_share: float) -> Drawn:
    """``runs`` points of the coarsest lattice {K, m} that has as many, shares multiples of 1/m; and the middle.

    Where the lattice has more points, the first is the middle (equal shares) and each next one lies farthest
    from those taken.
    """
    steps = 1
    while math.comb(domains + steps - 1, steps) < runs:
        steps += 1
    count = math.comb(domains + steps - 1, steps)
    if count > MOST_POINTS:
        raise DesignError(
            f"The lattice of {domains} domains with steps of 1/{steps} has {count:,} points, more than {MOST_POINTS:,}; "
            "use the sampler sobol."
        )
    points = lattice_points(domains, steps)
    shares = spread(_with_middle(points) if runs < len(points) else points, runs)
    return without_density(
        raised(shares, min_share),
        f"simplex lattice with steps of 1/{steps}{floor_words(min_share)}",
        "designed",
    )


def centroid(runs: int, domains: int, *, min_share: float) -> Drawn:
    """``runs`` of the 2^K - 1 equal mixtures of some domains: the middle, then each farthest from those taken."""
    if runs > 2**domains - 1:
        raise DesignError(
            f"The centroid design of {domains} domains has {2**domains - 1:,} mixtures, not {runs:,}; "
            "ask for fewer runs or use the sampler lattice."
        )
    points = [np.full(domains, 1.0 / domains)]
    for size in range(1, domains):
        for chosen in combinations(range(domains), size):
            points.append(np.isin(np.arange(domains), chosen) / size)
            if len(points) > MOST_POINTS:
                break
        # Small mixtures come first; all of one size or none, so that no domain is favoured.
        if len(points) >= 4 * runs or len(points) > MOST_POINTS:
            break
    shares = spread(np.array(points), runs)
    return without_density(
        raised(shares, min_share), f"simplex centroid design{floor_words(min_share)}", "designed"
    )


def lattice_points(domains: int, steps: int) -> Array:
    """(C(K + m - 1, m), K) all mixtures with shares that are multiples of 1/``steps``."""
    counts = [
        np.diff(np.array([-1, *bars, domains + steps - 1])) - 1
        for bars in _bars(domains + steps - 1, domains - 1)
    ]
    return np.array(counts, dtype=float) / steps


def _bars(places: int, count: int) -> Iterator[tuple[int, ...]]:
    """Stars and bars: where the ``count`` dividers of a composition can stand."""
    return combinations(range(places), count)


def _with_middle(points: Array) -> Array:
    k = points.shape[1]
    return np.concatenate([np.full((1, k), 1.0 / k), points])


def spread(points: Array, count: int) -> Array:
    """``count`` of the points: the one nearest the middle, then each farthest from those taken (first of equals)."""
    middle = np.full(points.shape[1], 1.0 / points.shape[1])
    taken = [int(np.argmin(((points - middle) ** 2).sum(axis=1).round(12)))]
    nearest = ((points - points[taken[0]]) ** 2).sum(axis=1)
    while len(taken) < count:
        taken.append(int(np.argmax(nearest.round(12))))
        nearest = np.minimum(nearest, ((points - points[taken[-1]]) ** 2).sum(axis=1))
    return points[taken]
