"""Where to start climbing: mixtures near every good local optimum of what is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import centre_of, least_radius
from causalmix_core.decision.policies import recommend
from causalmix_core.decision.solvers.candidates import candidate_mixtures, pull_inside
from causalmix_core.decision.solvers.concave import maximise_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import PolicyName

    Array = NDArray[np.float64]

# Parts of the way from the anchor to each optimum.
PARTS = (1.0, 0.6, 0.3, 0.1, 0.02)
RANDOM = 256
SEARCHED = 10_000
# Ridge on the covariance along which the surest direction is sought, relative to its mean variance.
RIDGE = (1e-3, 1e-1)
APART = 0.1  # of the range that the candidates have in any domain
# Share moves between at least two domains; slopes as even as this, in units of the coefficients, move none.
MOVING = 2
FLAT = 1e-9


def optima(claims: Sequence[Claim], region: Region) -> Array:
    """(R, K) the best mixture of each claim's gain and, first, of their mean; all share one epsilon.

    Starts, no answers: where there are convex parts, the region is replaced by one that is searched faster.
    """
    coefficients = np.stack([claim.response.coefficients for claim in claims])
    if len(claims) > 1:
        coefficients = np.vstack([coefficients.mean(axis=0), coefficients])
    near = _quicker(region) if (coefficients[:, : len(region.anchor)] < 0.0).any() else region
    found = maximise_many(coefficients, claims[0].response.epsilon, near)
    return found if near is region else pull_inside(found, region)


def _quicker(region: Region) -> Region:
    """A region of total variation about as wide: many local optima are told apart there in less time."""
    if region.metric == "tv":
        return region
    across = 0.5 * region.radius * np.sqrt(len(region.anchor))
    radius = float(np.sqrt(0.5 * region.radius) if region.metric == "kl" else across)
    wider = replace(region, metric="tv", radius=min(radius, 1.0))
    return replace(wider, radius=max(wider.radius, 1.01 * least_radius(wider)))


def starts(
    raised: Sequence[Claim],
    held: Sequence[Claim],
    region: Region,
    policy: PolicyName,
    seed: int,
    known: Array | None = None,
) -> Array:
    """(N, K) mixtures of the region: "analytic" takes optima, sure directions and a few at random.

    "search" knows nothing but random mixtures, as CausalMix-S does. ``known`` (R, K) are optima of
    the raised gains that are at hand.
    """
    if policy == "search":
        return _drawn(region, seed, SEARCHED)
    centre = centre_of(region)
    known = optima(raised, region) if known is None else known
    sure = [way for claim in (*raised, *held) if claim.quantile > 0.0 for way in _sure_ways(claim, region)]
    far = np.vstack([known, pull_inside(np.array(sure), region)]) if sure else known
    random = _drawn(region, seed, RANDOM)
    part = np.array(PARTS)[:, None, None]
    between = (centre + part * (far - centre)).reshape(-1, len(centre))
    return np.vstack([centre[None], between, random])


def _drawn(region: Region, seed: int, count: int) -> Array:
    """(N, K) random mixtures of the region."""
    return pull_inside(candidate_mixtures(region.anchor, seed, count), region)


def plain_start(claim: Claim, region: Region, policy: PolicyName, seed: int) -> Array:
    """(K,) what the policy recommends for the gain alone."""
    return recommend(claim.response, region, policy, seed)


def best_apart(candidates: Array, values: Array, count: int) -> Array:
    """(<= count, K) candidates of highest value that lie apart, so that they end in different local optima."""
    chosen: list[Array] = []
    apart = APART * float(np.ptp(candidates, axis=0).max()) if len(candidates) else 0.0
    order = np.argsort(-values, kind="stable")
    while len(order) and len(chosen) < count:
        first = candidates[order[0]]
        chosen.append(first)
        order = order[np.abs(candidates[order] - first).max(axis=1) > apart]
    return np.array(chosen).reshape(-1, candidates.shape[1])


def _sure_ways(claim: Claim, region: Region) -> list[Array]:
    """Mixtures far out along the directions of the highest gain per standard error at the anchor."""
    p, response, free = region.anchor, claim.response, region.upper > region.lower
    count = int(free.sum())
    if count < MOVING:
        return []
    steps = np.concatenate([np.diag(1.0 / (p + response.epsilon)), np.eye(len(p))], axis=1)[free]
    covariance, slope = steps @ response.covariance @ steps.T, steps @ response.coefficients
    slope = slope - slope.mean()
    if float(np.abs(slope).max()) <= FLAT * claim.size:
        return []
    ways = []
    for ridge in RIDGE:
        spread = covariance + np.eye(count) * (ridge * np.trace(covariance) / count + 1e-300)
        along, level = np.linalg.solve(spread, np.column_stack([slope, np.ones(count)])).T
        way = along - along.sum() / level.sum() * level
        way = way - way.mean()  # what rounding left of the sum
        size = float(np.abs(way).sum())
        if size > 0.0 and np.isfinite(size):
            far = p.copy()
            far[free] += way / size
            ways.append(far)
    return ways
