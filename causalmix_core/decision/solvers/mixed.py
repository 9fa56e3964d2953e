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

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

EXPLORED = 1e-9
POLISHED = 1e-16
ROUNDS = 6
# Relative rise of the outcome that makes another round of exchanges worth its time.
WORTH_A_ROUND = 1e-9


def maximise_mixed(response: Response, region: Region, radii: Array) -> Array:
    """(R, K) best mixtures found at each of ``radii`` (R,), increasing; gains never fall along it.

    Neighbouring radii start from each other's results, which keeps the path on one optimum as
    long as that is the best. The first result is never worse than the anchor, if that is in
    bounds: the procedure climbs from it.
    """
    k, count = region.anchor.size, len(radii)
    low, high = reach(region, radii)
    starts = first_starts(response, region, low, high)
    rows = np.repeat(np.arange(count), starts.shape[1])
    best = _best(response, region, starts.reshape(-1, k), rows, radii, None)
    for moves in (single_moves, pair_moves, _neighbours):
        for _ in range(ROUNDS):
            before = response.gain(best, region.anchor)
            moved, rows = moves(response, region, best, low, high)
            best = _best(response, region, moved, rows, radii, best)
            gained = response.gain(best, region.anchor) - before
            if not (gained > WORTH_A_ROUND * np.abs(before)).any():
                break
    best = _best(response, region, best, np.arange(count), radii, best, POLISHED)
    return _never_falling(response, region, best)


def _best(
    response: Response,
    region: Region,
    starts: Array,
    rows: NDArray[np.int64],
    radii: Array,
    known: Array | None,
    settled: float = EXPLORED,
) -> Array:
    """(R, K) the best at each radius of ``known`` and of the climbs from starts (N, K) in ``rows``."""
    found = climb(response, region, starts, radii[rows], settled)
    if known is not None:
        found, rows = np.concatenate([known, found]), np.concatenate([np.arange(len(radii)), rows])
    gains = response.gain(found, region.anchor)
    # Stable, and the earlier start wins among equals.
    order = np.lexsort((-np.arange(len(rows)), gains, rows))
    last = np.append(rows[order][1:] != rows[order][:-1], True)
    chosen: Array = found[order[last]]
    return chosen


def _neighbours(
    response: Response, region: Region, best: Array, low: Array, high: Array
) -> tuple[Array, NDArray[np.int64]]:
    """Starts at each radius: the best mixtures of the radii beside it."""
    index = np.arange(len(best))
    return np.concatenate([best[:-1], best[1:]]), np.concatenate([index[1:], index[:-1]])


def _never_falling(response: Response, region: Region, shares: Array) -> Array:
    """A mixture that beats those of larger radii lies in their regions too, and replaces them."""
    gains = response.gain(shares, region.anchor)
    leader = np.maximum.accumulate(np.where(gains >= np.maximum.accumulate(gains), np.arange(len(gains)), 0))
    led: Array = shares[leader]
    return led
