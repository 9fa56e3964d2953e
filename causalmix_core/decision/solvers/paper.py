"""The two policies of the paper: CausalMix-A in closed form, CausalMix-S by search.

Source: "CausalMix: Data Mixture as Causal Inference for Language Model Training",
arXiv 2607.01104. Both maximise ``sum_k theta_k log(T_k + eps)`` over mixtures T, theta being
the marginal return of each domain in the pool's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.solvers.candidates import candidate_mixtures, pull_inside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

CANDIDATES = 100_000
KEPT = 100


def causalmix_a(theta: Array, epsilon: float | None = None) -> Array:
    """CausalMix-A: the mixture (K,) that is best for returns ``theta`` (K,) per unit of log share.

    Without ``epsilon`` the paper's closed form ``[theta_k]+ / sum_j [theta_j]+``, which is the
    limit of small eps. With ``epsilon`` > 0 the exact maximiser, ``T_k = [theta_k / lam - eps]+``
    with ``lam = sum_S theta_k / (1 + |S| eps)`` over the domains S that keep a share.

    Where no return is positive the closed form is undefined. The objective is then convex and
    its maximum is all data in one domain, the one with the highest return (the first among
    equals); with no returns at all every mixture is as good, and equal shares are returned.
    """
    if not (theta > 0.0).any():
        if not theta.any():
            return np.full(len(theta), 1.0 / len(theta))
        alone = np.zeros(len(theta))
        alone[np.argmax(theta)] = 1.0
        return alone
    gains = np.maximum(theta, 0.0)
    if epsilon is None:
        closed: Array = gains / gains.sum()
        return closed
    ordered = np.sort(gains)[::-1]
    prices = np.cumsum(ordered) / (1.0 + np.arange(1, len(theta) + 1) * epsilon)
    # The k-th best domain keeps a share while theta_k / lam > eps at the price lam of the k best.
    kept = int(np.flatnonzero(ordered > prices * epsilon)[-1])
    shares = np.maximum(gains / prices[kept] - epsilon, 0.0)
    exact: Array = shares / shares.sum()
    return exact


def causalmix_s(
    response: Response, region: Region, seed: int = 0, candidates: int = CANDIDATES, keep: int = KEPT
) -> Array:
    """CausalMix-S: the mean (K,) of the ``keep`` best of ``candidates`` Dirichlet mixtures.

    The candidates are brought into the region along their rays to the anchor, scored by the
    response, and the best averaged in mixture space; the region is convex, so their mean lies in
    it too. Where the response has convex parts the mean can be worse than what it averages.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    check_region(region)
    if region.radius == 0.0:
        return region.anchor.copy()
    mixtures = pull_inside(candidate_mixtures(region.anchor, seed, candidates), region)
    scores = np.log(mixtures + response.epsilon) @ response.log_coefficients
    scores += mixtures @ response.linear_coefficients
    # A stable full order, so that equal scores are kept in the order they were drawn.
    best = np.argsort(-scores, kind="stable")[:keep]
    mean: Array = mixtures[best].mean(axis=0)
    return mean
