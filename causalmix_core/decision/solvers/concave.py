"""The mixture that a response says is best, within a region; for many responses at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.solvers.mixed import maximise_mixed, never_falling
from causalmix_core.decision.solvers.problems import Problems
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
    shares: Array = maximise_many(response.coefficients[None, :], response.epsilon, region)[0]
    return shares


def maximise_many(coefficients: Array, epsilon: float, region: Region) -> Array:
    """(R, K) the best mixture for each of R stacked coefficients (R, 2K), as :func:`maximise_log_linear`.

    All are solved side by side: for dozens of pools or draws this takes little longer than for one.
    """
    check_region(region)
    a, b = np.split(np.asarray(coefficients, dtype=np.float64), 2, axis=1)
    return _maximise(Problems(region, epsilon, a, b, np.full(len(a), region.radius)))


def log_linear_path(response: Response, region: Region, radii: Array) -> Array:
    """(R, K) best mixtures at each of ``radii`` (R,) increasing, the rest of ``region`` held.

    Neighbouring radii start from each other's results, which keeps the path on one optimum as
    long as that is the best; gains never fall along it.
    """
    check_region(replace(region, radius=float(radii.min())))
    shape = (len(radii), region.anchor.size)
    a = np.broadcast_to(response.log_coefficients, shape)
    b = np.broadcast_to(response.linear_coefficients, shape)
    problems = Problems(region, response.epsilon, a, b, radii)
    if not (a < 0.0).any():
        return _maximise(problems)
    return never_falling(problems, maximise_mixed(problems, path=True))


def _maximise(problems: Problems) -> Array:
    mixed = (problems.a < 0.0).any(axis=1)
    best = np.empty_like(problems.a)
    if not mixed.all():
        easy = problems.only(np.flatnonzero(~mixed))
        rows = objectives(easy.a, easy.b, easy.epsilon)
        best[~mixed] = maximise_concave(rows, easy.region, easy.radii)
    if mixed.any():
        best[mixed] = maximise_mixed(problems.only(np.flatnonzero(mixed)))
    return best
