"""From a response and a region to a recommendation that says what it expects.

``decide`` answers for one radius, ``frontier`` for all of them.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.frontier import frontier
from causalmix_core.decision.geometry import distance, total_variation
from causalmix_core.decision.policies import recommend
from causalmix_core.decision.result import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import PolicyName
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

__all__ = ["active_constraints", "contributions", "decide", "describe", "frontier"]

# A mixture this close to a bound (share) or to the radius (relative) lies on it.
ON_BOUND = 1e-9
ON_RADIUS = 1e-7


def decide(
    response: Response,
    region: Region,
    policy: PolicyName = "analytic",
    level: float = 0.9,
    seed: int = 0,
    correction: Correction = NONE,
) -> Decision:
    """Recommend a mixture of the region and say what it is expected to bring over the anchor.

    Parameters
    ----------
    level : of the interval of the gain, 0..1, two-sided and normal.
    seed : of the candidates of ``policy="search"``.
    correction : for having chosen the mixture by its gain; by default none.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    shares = recommend(response, region, policy, seed)
    return describe(response, region, shares, policy, level, correction)


def describe(
    response: Response,
    region: Region,
    shares: Array,
    policy: PolicyName,
    level: float,
    correction: Correction = NONE,
) -> Decision:
    """The decision for ``shares`` (K,), however they were found."""
    estimated = float(response.gain(shares, region.anchor))
    response = correction.apply(response)
    gain = float(response.gain(shares, region.anchor))
    se = float(response.gain_se(shares, region.anchor))
    half_width = NormalDist().inv_cdf(0.5 + level / 2.0) * se
    return Decision(
        region=region,
        policy=policy,
        shares=shares,
        gain=gain,
        estimated_gain=estimated,
        correction=correction,
        se=se,
        level=level,
        interval=(gain - half_width, gain + half_width),
        p_positive=_probability_positive(gain, se),
        distance=float(distance(region.metric, region.anchor, shares)),
        moved=float(total_variation(region.anchor, shares)),
        active=active_constraints(region, shares),
        contributions=contributions(response, region.anchor, shares),
    )


def contributions(response: Response, anchor: Array, shares: Array) -> Array:
    """(K,) part of the gain that each domain's change brings; sums to the gain.

    Every unit of share is charged what the anchor as a whole is worth at the margin, so a domain
    counts by how much better it is than what it replaces, whatever constant b carries.
    """
    change = shares - anchor
    charge = float(anchor @ response.gradient(anchor))
    logs = np.log((shares + response.epsilon) / (anchor + response.epsilon))
    parts: Array = response.log_coefficients * logs + (response.linear_coefficients - charge) * change
    return parts


def active_constraints(region: Region, shares: Array) -> tuple[str, ...]:
    """Names of what holds the mixture: "radius", "<domain>.lower", "<domain>.upper", "<domain>.supply".

    A cap is named after the supply where that is lower than the cap wanted. The limits 0 and 1 that
    every mixture has are not named, nor are domains that the pool lacks.
    """
    names = []
    there = region.availability
    wanted = region.upper if there is None else there.upper
    if distance(region.metric, region.anchor, shares) >= region.radius * (1.0 - ON_RADIUS):
        names.append("radius")
    for k, domain in enumerate(region.domains):
        if there is not None and domain in there.absent:
            continue
        if 0.0 < region.lower[k] >= shares[k] - ON_BOUND:
            names.append(f"{domain}.lower")
        if 1.0 > region.upper[k] <= shares[k] + ON_BOUND:
            names.append(f"{domain}.supply" if region.upper[k] < wanted[k] else f"{domain}.upper")
    return tuple(names)


def _probability_positive(gain: float, se: float) -> float:
    """P(gain > 0) under the normal approximation; 0.5 where nothing is expected to change."""
    if se > 0.0:
        return NormalDist().cdf(gain / se)
    return 0.5 + 0.5 * float(np.sign(gain))
