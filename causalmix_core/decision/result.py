"""What a decision is: the recommended mixture with its gain, and what held it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from causalmix_core.decision.objective import Objective

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.objective import Floor
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.verdict import Judgement, Verdict

    Array = NDArray[np.float64]

PolicyName = Literal["analytic", "search"]


@dataclass(frozen=True)
class Gain:
    """Gain of the recommended mixture over the anchor in one outcome or at one pool.

    Attributes
    ----------
    gain, se : in outcome units, higher is better; ``interval`` : at the decision's level.
    """

    gain: float
    se: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class OutcomeGain(Gain):
    """The same for one outcome, with its verdict ("wins", "loses", "unsure") and the floor it was held to, if any."""

    outcome: str
    verdict: Judgement
    floor: Floor | None = None


@dataclass(frozen=True, eq=False)
class Decision:
    """A recommended mixture inside a region, with what it is expected to bring.

    Attributes
    ----------
    region : where it was sought.
    policy : "analytic" (exact where the response is concave) or "search" (CausalMix-S).
    shares : (K,) the mixture, sums to 1.
    gain, se : expected outcome over the anchor and its standard error, in outcome units, corrected
        for the mixture having been chosen by its gain.
    estimated_gain : before that correction; ``correction`` : the correction.
    level : nominal level of the interval, 0..1.
    interval : (lower, upper) of the gain.
    p_positive : probability that the gain is > 0 under the normal approximation; 0.5 where
        nothing moves.
    distance : D(anchor, shares) in the region's metric; ``moved`` : total variation of the move.
    active : names of what binds: "radius", "<domain>.lower", "<domain>.upper", "<domain>.supply".
    contributions : (K,) the part of the gain that each domain's change brings; sums to ``gain``.
    objective : what the mixture is the best for.
    outcomes : its gain in each outcome that was asked for besides.
    futures : its gain at each further pool, in the order asked; the objective's "maximin" serves them too.
    verdict : what the decision comes to, or None where that was not asked for.
    """

    region: Region
    policy: PolicyName
    shares: Array
    gain: float
    estimated_gain: float
    correction: Correction
    se: float
    level: float
    interval: tuple[float, float]
    p_positive: float
    distance: float
    moved: float
    active: tuple[str, ...]
    contributions: Array
    objective: Objective = field(default_factory=Objective)
    outcomes: tuple[OutcomeGain, ...] = ()
    futures: tuple[Gain, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, eq=False)
class Frontier:
    """Gain against radius, all else held: arrays of one length R.

    Attributes
    ----------
    radii : (R,) increasing, by default from 0 (from the least radius where the anchor breaks bounds).
    gains, lower, upper : (R,) gain over the anchor with its interval at ``level``.
    shares : (R, K) the mixture at each radius.
    half_marginal_radius : radius where the predicted marginal return has fallen to half of its
        value at radius 0, or None when it does not within the range.
    knee : radius where the curve bends most (see :func:`~causalmix_core.decision.marks.knee_radius`),
        or None where it is a straight line.
    """

    radii: Array
    gains: Array
    lower: Array
    upper: Array
    shares: Array
    level: float
    half_marginal_radius: float | None
    knee: float | None = None
