"""D-optimal mixtures: the set of runs whose slopes in log share and share are known best together.

The model is sum_k a_k log(T_k + eps) + b_k T_k (shares sum to 1, so the level is among the b). A set of runs is
D-optimal when det(F'F) is largest, F the (n, 2K) features. Found by exchanges over candidates (Fedorov 1972,
"Theory of optimal experiments"; Cook and Nachtsheim 1980).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, without_density
from causalmix_core.proxy.design.samplers.lattice import lattice_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

EPSILON = 0.01  # of log(T + eps): shares below a percent look alike
CANDIDATES = 1_000
MOST_LATTICE = 1_000
PASSES = 10
WORTH = 1e-6  # relative gain of the determinant that makes an exchange worth it
RIDGE = 1e-8  # keeps the first determinants above 0 where there are fewer runs than features


def d_optimal(runs: int, domains: int, rng: np.random.Generator, *, min_share: float) -> Drawn:
    """``runs`` mixtures (repeats allowed) that maximise det(F'F) among random and lattice candidates."""
    shares = raised(_candidates(domains, rng), min_share)
    features = model_features(shares)
    chosen = exchange(features, rng.integers(len(shares), size=runs))
    law = f"D-optimal for log(T + {EPSILON:g}) and T{floor_words(min_share)}"
    return without_density(shares[chosen], law, "designed")


def model_features(shares: Array) -> Array:
    """(n, 2K) features: log(T + eps), then T."""
    return np.hstack([np.log(shares + EPSILON), shares])


def exchange(features: Array, start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of ``features`` (m, p) that replace ``start`` one by one while det(F'F) grows."""
    chosen = np.array(start)
    scale = np.sqrt((features**2).mean(axis=0))
    rows: Array = features / np.where(scale > 0.0, scale, 1.0)
    for _ in range(PASSES):
        # Anew in every pass, so that rounding of the updates does not pile up.
        inverse = np.linalg.inv(rows[chosen].T @ rows[chosen] + RIDGE * np.eye(rows.shape[1])).astype(
            np.float64
        )
        changed = False
        for place in range(len(chosen)):
            best = _best_swap(rows, inverse, int(chosen[place]))
            if best is None:
                continue
            inverse = _updated(inverse, rows[best], 1.0)
            inverse = _updated(inverse, rows[chosen[place]], -1.0)
            chosen[place], changed = best, True
        if not changed:
            break
    return chosen


def _best_swap(rows: Array, inverse: Array, present: int) -> int | None:
    """The row whose exchange for ``present`` multiplies the determinant most, None where none does (Fedorov)."""
    known = rows @ inverse
    variance = np.einsum("ij,ij->i", known, rows)
    shared = known @ rows[present]
    ratio = (1.0 + variance) * (1.0 - variance[present]) + shared**2
    best = int(np.argmax(ratio))
    return best if ratio[best] > 1.0 + WORTH else None


def _updated(inverse: Array, row: Array, sign: float) -> Array:
    """(F'F)^-1 once a row is added (``sign`` 1) or taken away (-1), after Sherman and Morrison."""
    column = inverse @ row
    changed: Array = inverse - sign * np.outer(column, column) / (1.0 + sign * (row @ column))
    return changed


def _candidates(domains: int, rng: np.random.Generator) -> Array:
    """Random mixtures from corners to middle, with the lattice's points as far as they are few."""
    drawn = [rng.dirichlet(np.full(domains, a), size=CANDIDATES // 4) for a in (0.2, 0.5, 1.0, 3.0)]
    lattices = [lattice_points(domains, steps) for steps in (1, 2, 3) if domains**steps <= MOST_LATTICE]
    return np.concatenate([np.full((1, domains), 1.0 / domains), *lattices, *drawn])
