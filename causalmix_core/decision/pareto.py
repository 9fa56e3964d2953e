"""Two outcomes at once: mixtures that can be bettered in one only at the other's cost."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.solvers.concave import maximise_many
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

POINTS = 41
# Gains that differ by less than this part of their largest size are equal.
EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class Gains:
    """Gains of mixtures in two outcomes: each (M, 2), interval at the level asked for."""

    gains: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, eq=False)
class Pareto:
    """Mixtures that no other one found beats in both outcomes.

    Attributes
    ----------
    domains : K names.
    weights : (M,) of the second outcome, 0..1 increasing; each outcome is measured in what the
        region can bring it at most, so that 0.5 gives both the same say.
    shares : (M, K); ``path`` : their gains, first outcome falling, second rising.
    present : gains (1, 2) of the mixture at hand; ``dominated`` : whether some point beats it.
    level : of the intervals.
    """

    domains: tuple[str, ...]
    weights: Array
    shares: Array
    path: Gains
    present: Gains
    dominated: bool
    level: float


def pareto(
    responses: tuple[Response, Response],
    region: Region,
    present: Array,
    level: float = 0.9,
    corrections: tuple[Correction, Correction] = (NONE, NONE),
    points: int = POINTS,
) -> Pareto:
    """Best mixtures of weighted sums of two outcomes' responses, and ``present`` (K,) beside them.

    Weights go from all on the first outcome to all on the second. Both responses must share one
    epsilon, so that their sums are responses again. Sums of weights find every efficient mixture
    where both responses are concave, else those of the convex hull.

    Raises
    ------
    ObjectiveError : the responses are of different epsilons or domains.
    InfeasibleRegion, AnchorError : see :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    first, second = responses
    epsilon = _shared_epsilon(first, second)
    ends = maximise_many(np.stack([first.coefficients, second.coefficients]), epsilon, region)
    sizes = [float(r.gain(end, region.anchor)) for r, end in zip(responses, ends, strict=True)]
    # An outcome that the region cannot raise has no unit to be measured in and is left as it is.
    scaled = [r.coefficients / (s if s > 0.0 else 1.0) for r, s in zip(responses, sizes, strict=True)]
    weights = np.linspace(0.0, 1.0, points)
    sums = (1.0 - weights)[:, None] * scaled[0] + weights[:, None] * scaled[1]
    shares = maximise_many(sums, epsilon, region)
    believed = tuple(c.apply(r) for c, r in zip(corrections, responses, strict=True))
    gains = _gains(responses, shares, region.anchor, level).gains
    kept = np.flatnonzero(efficient(gains))
    here = _gains(responses, present[None, :], region.anchor, level).gains
    return Pareto(
        domains=region.domains,
        weights=weights[kept],
        shares=shares[kept],
        path=_gains(believed, shares[kept], region.anchor, level),
        present=_gains(believed, present[None, :], region.anchor, level),
        dominated=bool(_beaten(here, gains[kept])[0]),
        level=level,
    )


def efficient(gains: Array) -> NDArray[np.bool_]:
    """(M,) True for gains (M, 2) that no other row beats; of equal rows the first alone."""
    slack = EQUAL * np.abs(gains).max(initial=0.0)
    same = (np.abs(gains[:, None] - gains[None, :]) <= slack).all(axis=2)
    repeated = np.tril(same, -1).any(axis=1)
    return ~_beaten(gains, gains) & ~repeated


def _beaten(gains: Array, others: Array) -> NDArray[np.bool_]:
    """(M,) whether a row of ``others`` (N, 2) is at least as good in both and better in one."""
    slack = EQUAL * np.abs(np.concatenate([gains, others])).max(initial=0.0)
    difference = others[None, :, :] - gains[:, None, :]
    beaten: NDArray[np.bool_] = (((difference >= -slack).all(axis=2)) & (difference > slack).any(axis=2)).any(
        axis=1
    )
    return beaten


def _gains(responses: tuple[Response, ...], shares: Array, anchor: Array, level: float) -> Gains:
    gains = np.stack([response.gain(shares, anchor) for response in responses], axis=1)
    se = np.stack([response.gain_se(shares, anchor) for response in responses], axis=1)
    half_width = NormalDist().inv_cdf(0.5 + level / 2.0) * se
    return Gains(gains, gains - half_width, gains + half_width)


def _shared_epsilon(first: Response, second: Response) -> float:
    """The epsilon of both; a response without logs has none of its own."""
    if first.domains != second.domains:
        raise ObjectiveError("The two outcomes are of different domains; fit both on one table.")
    if not first.log_coefficients.any():
        return second.epsilon
    if second.log_coefficients.any() and first.epsilon != second.epsilon:
        raise ObjectiveError(
            f"The two outcomes were fitted with epsilon {first.epsilon:g} and {second.epsilon:g}; "
            "fit both with the same epsilon."
        )
    return first.epsilon
