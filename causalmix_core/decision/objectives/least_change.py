"""The mixture nearest to the anchor whose gain reaches what is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import least_radius
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.objectives.climbing import approach, keep_floors
from causalmix_core.decision.objectives.moves import Moves
from causalmix_core.decision.objectives.starts import centre_of
from causalmix_core.decision.solvers.concave import log_linear_path
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

RADII = 9
# Parts of the way to the mixture of the highest gain.
CHORD = (0.25, 0.5)
# Gains that fall short of what is wanted by less, relative to the coefficients, reach it.
REACHED = 1e-12


def least_change(claim: Claim, held: Sequence[Claim], region: Region, wanted: float, best: Array) -> Array:
    """(K,) the mixture nearest to the anchor with a gain of at least ``wanted`` that keeps ``held``.

    The best gain never falls with the radius, so the path of best mixtures brackets the radius
    sought; from there the least distance is solved for directly.

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
    known = [best]
    for start in _starts(aim, region, centre, best):
        known.append(keep_floors(approach(moves, asked, start), best, asked, anchor))
    lengths = distance(region.metric, anchor, np.array(known))
    return known[int(np.argmin(lengths))]


def _starts(aim: Claim, region: Region, centre: Array, best: Array) -> list[Array]:
    """Mixtures about as far as the gain asks: the best by radius where that costs next to nothing, and the chord."""
    chord = [centre + part * (best - centre) for part in CHORD]
    if (aim.response.log_coefficients < 0.0).any():
        return [best, *chord]
    far = float(distance(region.metric, region.anchor, best))
    radii = np.linspace(least_radius(region), far, RADII + 1)[1:]
    path = log_linear_path(aim.response, region, radii)
    reaches = aim.at(path, region.anchor) >= 0.0
    first = int(np.argmax(reaches)) if reaches.any() else len(path) - 1
    before = path[first - 1] if first else centre
    return [path[first], before, chord[-1]]
