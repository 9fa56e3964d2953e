"""From a response and a region to a recommendation that says what it expects.

``decide`` answers for one radius, ``frontier`` for all of them.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.asked import Asked, Watched
from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.frontier import frontier
from causalmix_core.decision.geometry import distance, total_variation
from causalmix_core.decision.objectives.choose import choose
from causalmix_core.decision.result import Decision, Gain, OutcomeGain
from causalmix_core.decision.verdict import judge, judgement

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
PLAIN = Asked()


def decide(
    response: Response,
    region: Region,
    policy: PolicyName = "analytic",
    level: float = 0.9,
    seed: int = 0,
    correction: Correction = NONE,
    asked: Asked = PLAIN,
) -> Decision:
    """Recommend a mixture of the region and say what it is expected to bring over the anchor.

    Parameters
    ----------
    level : of the interval of the gain, 0..1, two-sided and normal.
    seed : of the candidates of ``policy="search"``.
    correction : for having chosen the mixture by its gain; by default none. Gains of further pools are
        corrected too, and those of watched outcomes that are raised, where they are above 0.
    asked : objective, further outcomes and pools; by default the expected gain and nothing beside it.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    ObjectiveError
        The floors leave no mixture, or none reaches the wanted gain.
    """
    believed = correction.apply(response)
    futures = [correction.apply(future) for future in asked.futures]
    floors = [(watched.response, watched.floor) for watched in asked.watched if watched.floor]
    # A factor on the expected gain changes no choice, and a factor of 0 must not hide what was chosen by.
    raised = response if asked.objective.kind == "mean_gain" else believed
    shares = choose(
        asked.objective,
        raised,
        region,
        level=level,
        floors=floors,
        futures=futures,
        policy=policy,
        seed=seed,
    )
    made = describe(response, region, shares, policy, level, correction)
    verdict = judge(believed, region, shares, level, asked, floors, futures) if asked.judged else None
    return replace(
        made,
        objective=asked.objective,
        outcomes=tuple(_outcome_gain(one, region, shares, level, correction) for one in asked.watched),
        futures=tuple(_gain(future, region, shares, level) for future in futures),
        verdict=verdict,
    )


def _outcome_gain(
    watched: Watched, region: Region, shares: Array, level: float, correction: Correction
) -> OutcomeGain:
    response = watched.response
    if watched.raised and float(response.gain(shares, region.anchor)) > 0.0:
        response = correction.apply(response)
    found = _gain(response, region, shares, level)
    verdict = judgement(found.interval)
    return OutcomeGain(found.gain, found.se, found.interval, watched.outcome, verdict, watched.floor)


def _gain(response: Response, region: Region, shares: Array, level: float) -> Gain:
    gain = float(response.gain(shares, region.anchor))
    se = float(response.gain_se(shares, region.anchor))
    half_width = NormalDist().inv_cdf(0.5 + level / 2.0) * se
    return Gain(gain, se, (gain - half_width, gain + half_width))


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
    found = _gain(response, region, shares, level)
    gain, se = found.gain, found.se
    return Decision(
        region=region,
        policy=policy,
        shares=shares,
        gain=gain,
        estimated_gain=estimated,
        correction=correction,
        se=se,
        level=level,
        interval=found.interval,
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
