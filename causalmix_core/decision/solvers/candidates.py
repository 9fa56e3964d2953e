"""Random mixtures for the search policy, drawn once per anchor and brought into a region."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import nearest_mixture
from causalmix_core.decision.geometry import distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

# The paper gives no concentration. Ours: one part in five flat over all mixtures (Dirichlet of
# ones), and one each around the anchor p, Dirichlet(c p), from nearly as wide to narrow.
AROUND_ANCHOR = (5.0, 20.0, 80.0, 320.0)
# Domains absent from the anchor are drawn around this share in place of 0.
LEAST_CENTRE = 1e-3
# Each holds candidates x K numbers: 51 MB for 100,000 candidates of 64 domains.
KEPT_DRAWS = 2
HALVINGS = 30


def candidate_mixtures(anchor: Array, seed: int, count: int) -> Array:
    """(count, K) read-only mixtures; equal arguments give equal numbers, and are drawn once."""
    return _draw(anchor.tobytes(), seed, count)


@lru_cache(maxsize=KEPT_DRAWS)
def _draw(anchor_bytes: bytes, seed: int, count: int) -> Array:
    anchor = np.frombuffer(anchor_bytes, dtype=np.float64)
    rng = np.random.default_rng(seed)
    centre = np.maximum(anchor, LEAST_CENTRE)
    centre /= centre.sum()
    alphas = [np.ones_like(centre), *(c * centre for c in AROUND_ANCHOR)]
    counts = [len(part) for part in np.array_split(np.arange(count), len(alphas))]
    drawn = [rng.dirichlet(alpha, size) for alpha, size in zip(alphas, counts, strict=True)]
    mixtures = np.concatenate(drawn)
    mixtures.flags.writeable = False
    return mixtures


def pull_inside(mixtures: Array, region: Region) -> Array:
    """(N, K) the mixtures within the bounds, then moved straight towards the anchor until the radius holds them.

    Where the anchor breaks the bounds, towards the mixture nearest to it that keeps them. The
    region is convex, so what comes before the boundary on the ray lies inside.
    """
    centre = nearest_mixture(region)
    steps = _within_bounds(mixtures, region) - centre
    part = np.ones(len(steps))
    far = distance(region.metric, region.anchor, centre + steps) > region.radius
    part[far] = _boundary(region, centre, steps[far], part[far])
    pulled: Array = np.clip(centre + part[:, None] * steps, region.lower, region.upper)
    return pulled


def _within_bounds(mixtures: Array, region: Region) -> Array:
    """(N, K) shares cut to their bounds; what that leaves over goes to all by the room they have.

    Moved along a ray instead, every mixture would stop where its tightest domain does: with a locked
    one at the anchor.
    """
    cut = np.clip(mixtures, region.lower, region.upper)
    over = 1.0 - cut.sum(axis=1, keepdims=True)
    room = np.where(over > 0.0, region.upper - cut, cut - region.lower)
    total = room.sum(axis=1, keepdims=True)
    filled: Array = cut + over * room / np.where(total > 0.0, total, 1.0)
    return filled


def _boundary(region: Region, centre: Array, steps: Array, outside: Array) -> Array:
    """(N,) the largest part found of each step that stays within the radius; 0 always does."""
    if region.metric != "kl" and (centre == region.anchor).all():
        full = distance(region.metric, np.zeros_like(centre), steps)
        exact: Array = np.minimum(region.radius / full, outside)
        return exact
    low, high = np.zeros_like(outside), outside.copy()
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        size = distance(region.metric, region.anchor, centre + middle[:, None] * steps)
        low, high = (
            np.where(size <= region.radius, middle, low),
            np.where(size <= region.radius, high, middle),
        )
    return low
