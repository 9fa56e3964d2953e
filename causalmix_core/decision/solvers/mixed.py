"""Responses with convex parts over a region: many climbs, then exchanges, the best kept.

Such problems have many local optima, and the global one cannot be certified; in comparison
with hundreds of random starts the result here is almost always the best known. Its path in the
radius is continuous except where two distant mixtures are equally good and the lead changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.convex_concave import climb
from causalmix_core.decision.solvers.starts import first_starts, pair_moves, reach, single_moves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.problems import Problems
    from causalmix_core.decision.solvers.starts import Starts

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

EXPLORED = 1e-9
POLISHED = 1e-16
ROUNDS = 6
# Relative rise of the outcome that makes another round of exchanges worth its time.
WORTH_A_ROUND = 1e-9


def maximise_mixed(problems: Problems, path: bool = False) -> Array:
    """(R, K) best mixtures found.

    None is worse than the anchor, if that is in bounds: the procedure climbs from it. ``path`` says
    that the problems are one response at increasing radii, which then start from each other's results.
    """
    low, high = reach(problems)
    best = _best(problems, *first_starts(problems, low, high), None)
    rising = np.arange(problems.count)
    for _ in range(ROUNDS):
        tried = [moves(problems, best, low, high, rising) for moves in (single_moves, pair_moves)]
        starts, rows = (np.concatenate(parts) for parts in zip(*tried, strict=True))
        # Who gained nothing would try the same again.
        rising = _round(problems, (starts, rows), best, rising)
        if not len(rising):
            break
    if path:
        for _ in range(ROUNDS):
            every = np.arange(problems.count)
            if not len(_round(problems, _neighbours(best), best, every)):
                break
    return _best(problems, best, np.arange(problems.count), best, POLISHED)


def _round(problems: Problems, starts: Starts, best: Array, rows: Indices) -> Indices:
    """Improve ``best`` (R, K) in place by climbs from ``starts``; which of ``rows`` rose enough to go on."""
    before = problems.gain(best[rows], rows)
    best[:] = _best(problems, *starts, best)
    gained = problems.gain(best[rows], rows) - before
    return rows[gained > WORTH_A_ROUND * np.abs(before)]


def _best(
    problems: Problems, starts: Array, rows: Indices, known: Array | None, settled: float = EXPLORED
) -> Array:
    """(R, K) the best in each problem of ``known`` and of the climbs from starts (N, K) in ``rows`` (N,)."""
    found = climb(problems, starts, rows, settled)
    if known is not None:
        found, rows = np.concatenate([known, found]), np.concatenate([np.arange(problems.count), rows])
    gains = problems.gain(found, rows)
    # Stable, and the earlier start wins among equals.
    order = np.lexsort((-np.arange(len(rows)), gains, rows))
    last = np.append(rows[order][1:] != rows[order][:-1], True)
    chosen: Array = found[order[last]]
    return chosen


def _neighbours(best: Array) -> Starts:
    """Starts at each radius: the best mixtures of the radii beside it."""
    index = np.arange(len(best))
    return np.concatenate([best[:-1], best[1:]]), np.concatenate([index[1:], index[:-1]])


def never_falling(problems: Problems, shares: Array) -> Array:
    """A mixture that beats those of larger radii lies in their regions too, and replaces them."""
    gains = problems.gain(shares, np.arange(problems.count))
    leader = np.maximum.accumulate(np.where(gains >= np.maximum.accumulate(gains), np.arange(len(gains)), 0))
    led: Array = shares[leader]
    return led
