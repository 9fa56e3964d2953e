"""Is there any mixture of the region that keeps all floors? One to start from, or what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import numpy as np

from causalmix_core.decision.feasibility import centre_of
from causalmix_core.decision.objectives.claims import scaled
from causalmix_core.decision.objectives.climbing import climb
from causalmix_core.decision.objectives.starts import best_apart, optima
from causalmix_core.decision.solvers.concave import maximise_log_linear
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.objectives.moves import Moves

    Array = NDArray[np.float64]

TRIED = 3


def allowed_start(held: Sequence[Claim], names: Sequence[str], moves: Moves, candidates: Array) -> Array:
    """(K,) a mixture of the region that keeps all of ``held``: the anchor itself where it does.

    Parameters
    ----------
    names : of the floored outcomes, for the message.
    candidates : (N, K) mixtures of the region to look among before one is searched for.

    Raises
    ------
    ObjectiveError
        None was found, naming the outcome that falls short and the best it can reach.
    """
    anchor, centre = moves.region.anchor, centre_of(moves.region)
    if not held or slack(held, centre[None], anchor)[0] >= 0.0:
        return centre
    rows = np.vstack([centre[None], candidates])
    found = rows[int(np.argmax(slack(held, rows, anchor)))]
    if slack(held, found[None], anchor)[0] >= 0.0:
        return found
    if not len(moves.lower) or moves.region.radius == 0.0:
        _refuse(held, names, moves, centre)
    reached = np.vstack([found[None], roomy(held, moves, np.vstack([rows, optima(held, moves.region)]))])
    spare = slack(held, reached, anchor)
    found = reached[int(np.argmax(spare))]
    if spare.max() < 0.0:
        _refuse(held, names, moves, found)
    return found


def roomy(held: Sequence[Claim], moves: Moves, candidates: Array) -> Array:
    """(R, K) mixtures of the region with the most to spare on all floors, climbed to from the best candidates."""
    chosen = best_apart(candidates, slack(held, candidates, moves.region.anchor), TRIED)
    return climb(moves, _scaled(held), (), chosen)


def slack(held: Sequence[Claim], shares: Array, anchor: Array) -> Array:
    """(N,) the least of what each floor has to spare, in units of its largest coefficient."""
    spare: Array = np.min([claim.at(shares, anchor) / (claim.size or 1.0) for claim in held], axis=0)
    return spare


def _scaled(held: Sequence[Claim]) -> list[Claim]:
    """The claims in units of their largest coefficient, so that the least of them compares like with like."""
    return [scaled(claim, claim.size or 1.0) for claim in held]


def _refuse(held: Sequence[Claim], names: Sequence[str], moves: Moves, found: Array) -> NoReturn:
    """Say which floor cannot be kept at all, or that they cannot be kept together."""
    anchor = moves.region.anchor
    for claim, name in zip(held, names, strict=True):
        best = _best_alone(claim, moves)
        if best < 0.0:
            raise ObjectiveError(
                f"No mixture of the region {_asks(claim, name)}: the best {_what(claim)} that {name} can reach "
                f"there is {best + claim.least:.4g}; lower its floor, loosen the bounds, or raise the radius."
            )
    short = int(np.argmin([float(claim.at(found, anchor)) / (claim.size or 1.0) for claim in held]))
    claim, name = held[short], names[short]
    raise ObjectiveError(
        f"No mixture of the region was found that keeps all floors: {', '.join(names)}. Where they come nearest, "
        f"{name} reaches {float(claim.at(found, anchor)) + claim.least:.4g} of at least {claim.least:g}; "
        "lower one of the floors, loosen the bounds, or raise the radius."
    )


def _best_alone(claim: Claim, moves: Moves) -> float:
    """Highest value of one claim over the region."""
    anchor = moves.region.anchor
    top = maximise_log_linear(claim.response, moves.region)
    rows = [centre_of(moves.region), top]
    if claim.quantile > 0.0 and len(moves.lower) and moves.region.radius > 0.0:
        rows += [*climb(moves, [claim], (), np.array([top, 0.5 * (rows[0] + top)]))]
    return max(float(claim.at(row, anchor)) for row in rows)


def _asks(claim: Claim, name: str) -> str:
    return f"keeps the floor of {name}, {'surely ' if claim.quantile > 0.0 else ''}at least {claim.least:g}"


def _what(claim: Claim) -> str:
    return "lower end of a gain" if claim.quantile > 0.0 else "gain"
