"""The best mixture of a region under an objective, with outcomes that must not fall."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.objectives.claims import Claim
from causalmix_core.decision.objectives.climbing import climb, keep_floors
from causalmix_core.decision.objectives.floors import allowed_start, roomy, slack
from causalmix_core.decision.objectives.least_change import least_change
from causalmix_core.decision.objectives.moves import Moves
from causalmix_core.decision.objectives.starts import best_apart, plain_start, starts
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objective import Floor, Objective
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import PolicyName
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

# Climbs start from so many candidates up to 8 and to 24 domains, and beyond: each takes longer there.
FEW_DOMAINS, MANY_DOMAINS = 8, 24
CLIMBS = (6, 4, 2)
# Candidates with so much room on all floors, in units of their coefficients, that are enough to start from.
ENOUGH = 3
ROOM = 1e-6
# With no more than this to spare anywhere, the mixture that has it is all there is to find.
NO_ROOM = 1e-9


def choose(
    objective: Objective,
    response: Response,
    region: Region,
    *,
    level: float = 0.9,
    floors: Sequence[tuple[Response, Floor]] = (),
    futures: Sequence[Response] = (),
    policy: PolicyName = "analytic",
    seed: int = 0,
) -> Array:
    """The mixture (K,) of the region that is best under the objective and keeps all floors.

    ``mean_gain`` without floors is the policy's own answer. Everything else is climbed to from many
    starts: exact where no log coefficient is negative and no standard error is taken off, elsewhere
    the best that was found, which is never below the anchor where the anchor is allowed.

    Parameters
    ----------
    response : of what is raised, as it is to be believed; all responses share one epsilon.
    level : two-sided, 0..1; the lower end of such an interval is what "lower_bound" raises.
    floors : the response of each floored outcome at this pool, with its floor.
    futures : further pools' responses, for "maximin" beside ``response``.
    policy : "search" starts from random mixtures alone.

    Raises
    ------
    InfeasibleRegion, AnchorError : see :func:`~causalmix_core.decision.feasibility.check_region`.
    ObjectiveError : no mixture of the region keeps the floors, or none reaches the wanted gain.
    """
    check_region(region)
    quantile = NormalDist().inv_cdf(0.5 + level / 2.0)
    held = [Claim(other, quantile if floor.sure else 0.0, floor.least) for other, floor in floors]
    names = [floor.outcome for _, floor in floors]
    pools = [response, *futures] if objective.kind == "maximin" else [response]
    _share_epsilon([*pools, *(other for other, _ in floors)])
    raised = [Claim(pool, quantile if objective.kind == "lower_bound" else 0.0) for pool in pools]
    best = _highest(raised, held, names, region, policy, seed)
    if objective.wanted is None:
        return best
    return least_change(raised[0], held, region, objective.wanted, best)


def _highest(
    raised: Sequence[Claim],
    held: Sequence[Claim],
    names: Sequence[str],
    region: Region,
    policy: PolicyName,
    seed: int,
) -> Array:
    """(K,) the mixture with the highest least of ``raised`` that keeps ``held``."""
    anchor, moves = region.anchor, Moves(region)
    plain = len(raised) == 1 and raised[0].quantile == 0.0
    first = plain_start(raised[0], region, policy, seed) if plain else None
    if first is not None and _kept(held, first[None], anchor)[0]:
        return first
    if not len(moves.lower) or region.radius == 0.0:
        return allowed_start(held, names, moves, np.empty((0, len(anchor))))
    candidates = starts(raised, held, region, policy, seed, None if first is None else first[None])
    safe = allowed_start(held, names, moves, candidates)
    candidates = np.vstack([safe[None], candidates])
    known = [safe]
    if held:
        candidates, safe = _with_room(held, candidates, moves)
        known.append(safe)
        if slack(held, safe[None], anchor)[0] <= NO_ROOM:
            return _best_kept(raised, held, np.array(known), anchor)
    reached = climb(moves, raised, held, _chosen_starts(raised, held, candidates, anchor))
    known += [keep_floors(row, safe, held, anchor) for row in reached]
    return _best_kept(raised, held, np.vstack([np.array(known), candidates]), anchor)


def _with_room(held: Sequence[Claim], candidates: Array, moves: Moves) -> tuple[Array, Array]:
    """The candidates and the one that has the most to spare, climbed to where hardly any keeps the floors."""
    anchor = moves.region.anchor
    spare = slack(held, candidates, anchor)
    if (spare > ROOM).sum() < ENOUGH:
        candidates = np.vstack([candidates, roomy(held, moves, candidates[1:])])
        spare = slack(held, candidates, anchor)
    return candidates, candidates[int(np.argmax(spare))]


def _chosen_starts(raised: Sequence[Claim], held: Sequence[Claim], candidates: Array, anchor: Array) -> Array:
    """(S, K) the most promising of the candidates, those that keep the floors and one or two that do not."""
    k = candidates.shape[1]
    count = CLIMBS[0] if k <= FEW_DOMAINS else CLIMBS[1] if k <= MANY_DOMAINS else CLIMBS[2]
    if all(claim.concave for claim in (*raised, *held)):
        count = 1
    values, kept = _least(raised, candidates, anchor), _kept(held, candidates, anchor)
    inside = best_apart(candidates[kept], values[kept], count)
    outside = best_apart(candidates[~kept], values[~kept], count // 2)
    return np.vstack([outside, inside[: count - len(outside)]])


def _best_kept(raised: Sequence[Claim], held: Sequence[Claim], shares: Array, anchor: Array) -> Array:
    """(K,) the best of the mixtures (N, K) that keep all floors."""
    values = np.where(_kept(held, shares, anchor), _least(raised, shares, anchor), -np.inf)
    best: Array = shares[int(np.argmax(values))]
    return best


def _least(raised: Sequence[Claim], shares: Array, anchor: Array) -> Array:
    """(N,) the lowest of the claims at each mixture (N, K)."""
    lowest: Array = np.min([claim.at(shares, anchor) for claim in raised], axis=0)
    return lowest


def _kept(held: Sequence[Claim], shares: Array, anchor: Array) -> NDArray[np.bool_]:
    """(N,) whether each mixture (N, K) keeps all floors."""
    kept = np.ones(len(shares), dtype=np.bool_)
    for claim in held:
        kept &= claim.at(shares, anchor) >= 0.0
    return kept


def _share_epsilon(responses: Sequence[Response]) -> None:
    if len({response.epsilon for response in responses}) > 1:
        raise ObjectiveError(
            "The outcomes or pools of one decision were fitted with different values of epsilon; "
            "fit them with the same settings and the same epsilon."
        )
