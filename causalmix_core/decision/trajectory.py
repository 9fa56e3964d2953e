"""The recommended mixture along a shift of the pool."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.geometry import total_variation
from causalmix_core.decision.solvers.concave import maximise_many
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

# Neighbouring pools whose mixtures differ by more than this share of the data are looked between.
STEP = 0.02
# So often; what then still differs by more is a jump.
ROUNDS = 5


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Recommended mixtures along a shift, all else of the decision held.

    Attributes
    ----------
    domains : K names.
    positions : (M,) increasing; denser where the mixture changes quickly.
    shares : (M, K) the mixture recommended at each.
    gains, lower, upper : (M,) its gain over the anchor at that pool, with its interval at ``level``.
    jumps : (M - 1,) True where the mixture jumps between two neighbours: two distant mixtures are
        equally good there, and the lead changes.
    """

    domains: tuple[str, ...]
    positions: Array
    shares: Array
    gains: Array
    lower: Array
    upper: Array
    jumps: NDArray[np.bool_]
    level: float


def trajectory(
    respond: Callable[[Array], list[Response]],
    region: Region,
    positions: Array,
    level: float = 0.9,
    correction: Correction = NONE,
) -> Trajectory:
    """The exact policy at each of ``positions`` (M,) increasing; ``respond`` gives the responses there.

    All positions of a round are solved side by side. Between neighbours whose mixtures differ by
    more than 2 % of the data, points are put in the middle, five times at most; a step that is
    still larger is a jump and not a slope.

    Raises
    ------
    InfeasibleRegion, AnchorError : see :func:`~causalmix_core.decision.feasibility.check_region`.
    ConfigError : fewer than two positions.
    """
    if len(positions) < 2:
        raise ConfigError("A trajectory needs at least two positions; give a range of the covariate.")
    places = np.asarray(positions, dtype=np.float64)
    responses, shares = _solved(respond, region, places)
    for _ in range(ROUNDS):
        wide = np.flatnonzero(total_variation(shares[:-1], shares[1:]) > STEP)
        if not len(wide):
            break
        middles = 0.5 * (places[wide] + places[wide + 1])
        between, found = _solved(respond, region, middles)
        order = np.argsort(np.concatenate([places, middles]), kind="stable")
        everything = [*responses, *between]
        responses = [everything[i] for i in order]
        places = np.concatenate([places, middles])[order]
        shares = np.concatenate([shares, found])[order]
    believed = [correction.apply(response) for response in responses]
    pairs = list(zip(believed, shares, strict=True))
    gains = np.array([float(response.gain(mixture, region.anchor)) for response, mixture in pairs])
    se = np.array([float(response.gain_se(mixture, region.anchor)) for response, mixture in pairs])
    half_width = NormalDist().inv_cdf(0.5 + level / 2.0) * se
    return Trajectory(
        domains=region.domains,
        positions=places,
        shares=shares,
        gains=gains,
        lower=gains - half_width,
        upper=gains + half_width,
        jumps=total_variation(shares[:-1], shares[1:]) > STEP,
        level=level,
    )


def _solved(
    respond: Callable[[Array], list[Response]], region: Region, positions: Array
) -> tuple[list[Response], Array]:
    responses = respond(positions)
    coefficients = np.stack([response.coefficients for response in responses])
    return responses, maximise_many(coefficients, responses[0].epsilon, region)
