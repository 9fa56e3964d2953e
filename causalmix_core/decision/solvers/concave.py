"""The mixture that a response says is best, within a region."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.solvers.mixed import maximise_mixed
from causalmix_core.decision.solvers.separable import maximise_concave, objectives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]


def maximise_log_linear(response: Response, region: Region) -> Array:
    """Mixture (K,) of the region with the highest expected outcome.

    Where all log coefficients are >= 0 the problem is concave and solved exactly. Negative ones
    are convex parts: the convex-concave procedure from many starts, never worse than the anchor
    (see :mod:`~causalmix_core.decision.solvers.mixed`).

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    shares: Array = log_linear_path(response, region, np.array([region.radius]))[0]
    return shares


def log_linear_path(response: Response, region: Region, radii: Array) -> Array:
    """(R, K) best mixtures at each of ``radii`` (R,), the rest of ``region`` held."""
    check_region(replace(region, radius=float(radii.min())))
    a, b = response.log_coefficients, response.linear_coefficients
    if (a < 0.0).any():
        return maximise_mixed(response, region, radii)
    shape = (len(radii), len(a))
    rows = objectives(np.broadcast_to(a, shape), np.broadcast_to(b, shape), response.epsilon)
    return maximise_concave(rows, region, radii)
