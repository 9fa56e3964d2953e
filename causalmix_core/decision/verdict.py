"""Recommend, keep the anchor, or say that the evidence is not enough: what a decision comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.decision.objective import Objective
from causalmix_core.decision.objectives.choose import choose
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.asked import Asked
    from causalmix_core.decision.objective import Floor
    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

VerdictKind = Literal["recommend", "keep", "not_enough"]
Judgement = Literal["wins", "loses", "unsure"]
# Gains of less than this part of the largest coefficient are rounding.
NOTHING = 1e-9


@dataclass(frozen=True)
class Verdict:
    """What a decision comes to.

    "recommend": the gain's interval at the asked level lies above 0, at every pool asked for, and
    reaches above ``worth``. "keep": the upper end of the best expected gain in the region is at most
    ``worth``; or no mixture of the region is better than the anchor at that level (the highest lower
    end is not above 0) and none is expected to be. "not_enough": everything else.

    Attributes
    ----------
    kind : as above; ``worth`` : smallest gain worth having, outcome units.
    best_gain, best_upper : the highest expected gain in the region and the upper end of its interval.
    surest : highest lower end of a gain in the region, >= 0; above 0 where the mixture asked for is
        not sure and another one is (the one that ``lower_bound`` finds).
    more_runs : further runs like those there are that would bring the interval's lower end above 0 if
        the estimated gain is right, taking standard errors to fall like 1 / sqrt(n): a rough number.
        None where the gain is already sure, is not above 0, or the runs are not known; and where the
        mixture holds a domain that no run has seen.
    """

    kind: VerdictKind
    worth: float
    best_gain: float
    best_upper: float
    surest: float
    more_runs: int | None


def judgement(interval: tuple[float, float]) -> Judgement:
    """What an interval says of an outcome."""
    if interval[0] > 0.0:
        return "wins"
    return "loses" if interval[1] < 0.0 else "unsure"


def judge(
    response: Response,
    region: Region,
    shares: Array,
    level: float,
    asked: Asked,
    floors: Sequence[tuple[Response, Floor]],
    futures: Sequence[Response],
) -> Verdict:
    """The verdict on ``shares`` (K,); responses as they are to be believed, corrections applied."""
    quantile = NormalDist().inv_cdf(0.5 + level / 2.0)
    pools = [response, *futures] if asked.objective.kind == "maximin" else [response]
    gains = [float(pool.gain(shares, region.anchor)) for pool in pools]
    errors = [float(pool.gain_se(shares, region.anchor)) for pool in pools]
    lowers = [gain - quantile * se for gain, se in zip(gains, errors, strict=True)]
    worst = lowers.index(min(lowers))
    nothing = NOTHING * float(np.abs(response.coefficients).max())
    worth, upper = asked.objective.worth, gains[worst] + quantile * errors[worst]
    if lowers[worst] > nothing and upper > worth:
        return Verdict("recommend", worth, gains[worst], upper, lowers[worst], None)
    best = _solve(Objective(), response, region, level, floors, shares)
    best_gain = float(response.gain(best, region.anchor))
    best_upper = best_gain + quantile * float(response.gain_se(best, region.anchor))
    sure = _solve(Objective("lower_bound"), response, region, level, floors, shares)
    surest = float(response.gain(sure, region.anchor)) - quantile * float(
        response.gain_se(sure, region.anchor)
    )
    idle = surest <= nothing and best_gain <= nothing
    kind: VerdictKind = "keep" if idle or best_upper <= worth else "not_enough"
    # Runs like those there are tell nothing more of a domain that none of them holds.
    runs = None if region.holds_unseen(shares) else asked.runs
    more = None if kind == "keep" else more_runs(gains[worst], errors[worst], quantile, runs)
    return Verdict(kind, worth, best_gain, best_upper, surest if surest > nothing else 0.0, more)


def more_runs(gain: float, se: float, quantile: float, runs: int | None) -> int | None:
    """Runs beyond ``runs`` at which ``quantile`` standard errors would be less than the gain."""
    if runs is None or gain <= 0.0:
        return None
    needed = runs * (quantile * se / gain) ** 2
    return max(1, math.ceil(needed - runs)) if math.isfinite(needed) else None


def _solve(
    objective: Objective,
    response: Response,
    region: Region,
    level: float,
    floors: Sequence[tuple[Response, Floor]],
    shares: Array,
) -> Array:
    """The best mixture under another objective; where its floors leave none, the one at hand."""
    try:
        return choose(objective, response, region, level=level, floors=floors)
    except ObjectiveError:
        return shares
