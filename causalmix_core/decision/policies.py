"""The two policies a mixture is chosen by: analytic (exact) and search (CausalMix-S)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.concave import maximise_log_linear
from causalmix_core.decision.solvers.convex_concave import climb
from causalmix_core.decision.solvers.paper import CANDIDATES, KEPT, causalmix_s
from causalmix_core.decision.solvers.problems import Problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import PolicyName
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

POLISHED = 1e-16


def analytic(response: Response, region: Region) -> Array:
    """CausalMix-A inside a region: the mixture (K,) with the highest expected outcome.

    Exact where no log coefficient is negative; without trust region and linear part it equals
    the exact form of :func:`~causalmix_core.decision.solvers.paper.causalmix_a`.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    return maximise_log_linear(response, region)


def search(
    response: Response,
    region: Region,
    seed: int = 0,
    candidates: int = CANDIDATES,
    keep: int = KEPT,
    polish: bool = True,
) -> Array:
    """CausalMix-S inside a region: the mixture (K,) found from random candidates.

    ``polish=False`` is the paper's: the mean of the best candidates. With ``polish`` that mean is
    the start of the convex-concave procedure, which ends at the exact optimum where the response
    is concave and at a local one elsewhere; the better of start and end is returned.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    found = causalmix_s(response, region, seed, candidates, keep)
    if not polish or region.radius == 0.0:
        return found
    a, b = response.log_coefficients[None, :], response.linear_coefficients[None, :]
    problem = Problems(region, response.epsilon, a, b, np.array([region.radius]))
    polished = climb(problem, found[None, :], np.array([0]), POLISHED)[0]
    better = response.gain(polished, region.anchor) >= response.gain(found, region.anchor)
    return polished if better else found


def recommend(response: Response, region: Region, policy: PolicyName, seed: int = 0) -> Array:
    """The mixture (K,) a policy recommends.

    "search" is the paper's CausalMix-S where the response is in the paper's pure log coding, and
    polished where it has a linear part.
    """
    if policy == "analytic":
        return analytic(response, region)
    return search(response, region, seed, polish=bool(response.linear_coefficients.any()))
