"""The mixture nearest to the anchor whose gain reaches what is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import centre_of
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.objectives.climbing import approach, keep_floors
from causalmix_core.decision.objectives.moves import Moves
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

# Parts of the way to the mixture of the highest gain; of them the first where domains are many.
CHORD = (1.0, 0.5, 0.1, 0.75, 0.25)
MANY_DOMAINS, FEW_PARTS = 24, 3
# Gains that fall short of what is wanted by less, relative to the coefficients, reach it.
REACHED = 1e-12


def least_change(claim: Claim, held: Sequence[Claim], region: Region, wanted: float, best: Array) -> Array:
    """(K,) the mixture nearest to the anchor with a gain of at least ``wanted`` that keeps ``held``.

    Parameters
    ----------
    best : (K,) the mixture of the highest gain in the region, which keeps ``held``.

    Raises
    ------
    ObjectiveError : no mixture of the region reaches it, naming the most that is.
    """
    anchor = region.anchor
    most = float(claim.at(best, anchor))
    if most < wanted - REACHED * claim.size:
        raise ObjectiveError(
            f"A gain of {wanted:g} is out of reach: the most in this region is {most:.4g}; "
            "want less, loosen the bounds, or raise the radius."
        )
    centre = centre_of(region)
    aim = replace(claim, least=min(wanted, most))
    asked = [aim, *held]
    if all(float(one.at(centre, anchor)) >= 0.0 for one in asked):
        return centre
    moves = Moves(region)
    count = FEW_PARTS if len(anchor) > MANY_DOMAINS else len(CHORD)
    parts = CHORD[:1] if all(one.concave for one in asked) else CHORD[:count]
    reached = approach(moves, asked, np.array([centre + part * (best - centre) for part in parts]))
    known = [best, *(keep_floors(row, best, asked, anchor) for row in reached)]
    lengths = distance(region.metric, anchor, np.array(known))
    return known[int(np.argmin(lengths))]
