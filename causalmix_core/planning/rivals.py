"""Mixtures that might turn out better than the recommended one, and how often.

Coefficients are drawn from their posterior; what each draw would have recommended is a rival. The
recommendation's expected regret is what the draws' own best mixtures would bring over it, on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.concave import maximise_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

DRAWS = 2048
SOLVED = 48  # draws whose best mixture is found by the solver; the others pick among those and the extremes
DIRECTIONS = 96
HALF_WAY = 0.5
# A posterior knows only its own form: rivals of draws twice as wide keep a plan from looking at too few of them.
WIDER = 2.0


@dataclass(frozen=True, eq=False)
class Rivals:
    """Mixtures to decide between.

    Attributes
    ----------
    shares : (R, K), the recommended mixture first.
    weights : (R,) how often a draw twice as wide as the posterior picks each; they sum to 1.
    draws : (S, 2K) coefficients drawn from the posterior, less their mean.
    """

    shares: Array
    weights: Array
    draws: Array


def find_rivals(response: Response, region: Region, chosen: Array, seed: int) -> Rivals:
    """Rivals of ``chosen`` (K,) within the region."""
    rng = np.random.default_rng(seed)
    draws = centred_draws(response.covariance, rng)
    solved = maximise_many(response.coefficients + WIDER * draws[:SOLVED], response.epsilon, region)
    far = extremes(region, rng)
    near = region.anchor + HALF_WAY * (far - region.anchor) if _inside(region) else far
    shares = distinct(np.concatenate([chosen[None], solved, far, near]))
    gains = (response.features(shares) - response.features(chosen)) @ (
        response.coefficients + WIDER * draws
    ).T
    picked = np.bincount(np.argmax(gains, axis=0), minlength=len(shares))
    keep = picked > 0
    keep[0] = True
    return Rivals(shares[keep], picked[keep] / len(draws), draws)


def centred_draws(covariance: Array, rng: np.random.Generator) -> Array:
    """(S, P) draws of N(0, covariance), neighbours of opposite sign, so that their mean is exactly 0."""
    values, vectors = np.linalg.eigh(covariance)
    half = rng.normal(size=(DRAWS // 2, len(values))) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    return np.stack([half, -half], axis=1).reshape(DRAWS, -1)


def extremes(region: Region, rng: np.random.Generator) -> Array:
    """(D, K) farthest mixtures of the region along each domain, away from it, and in random directions."""
    k = region.anchor.size
    axes = np.concatenate([np.eye(k), -np.eye(k)])
    directions = np.concatenate([axes, rng.normal(size=(DIRECTIONS, k))])
    # Linear returns: without a logarithm epsilon has no part.
    return distinct(maximise_many(np.concatenate([0.0 * directions, directions], axis=1), 1.0, region))


def distinct(shares: Array) -> Array:
    """Rows that differ in nine decimals, in order of first appearance."""
    _, first = np.unique(shares.round(9) + 0.0, axis=0, return_index=True)
    return shares[np.sort(first)]


def _inside(region: Region) -> bool:
    """Whether the anchor itself keeps the bounds: half way to it is then inside, for regions are convex."""
    return bool((region.anchor >= region.lower).all() and (region.anchor <= region.upper).all())
