"""Both prices at once, from a good guess: Newton on the total and the distance together.

A few steps where a neighbouring problem has just been solved (the next tangents of the
convex-concave procedure, the next radius). What it finds is checked; where it finds nothing the
nested roots of :mod:`~causalmix_core.decision.solvers.distance_price` answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.distance_price import measure, sensitivity
from causalmix_core.decision.solvers.marginals import Prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.marginals import Marginals

    Array = NDArray[np.float64]

STEPS = 20
# Of the total, and relatively of the distance.
CLOSED = 1e-13
ON_BOUNDARY = 1e-12
LONGEST_STEP = 2.0


def newton_prices(
    marginals: Marginals, lower: Array, upper: Array, radii: Array, guess: Prices
) -> tuple[Array, Prices, NDArray[np.bool_]]:
    """Shares (S, K) with total 1 on the boundary D = radii (S,), their prices, and which rows hold.

    Positive prices of both constraints make the shares optimal, whatever the way there. Rows
    without a guess (nan) hold nothing.
    """
    share, log_distance = guess
    shares, held = np.empty_like(lower), np.zeros(len(radii), dtype=np.bool_)
    pace, last = np.ones(len(radii)), np.full(len(radii), np.inf)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            if (held | ~np.isfinite(log_distance)).all():
                break
            priced = replace(marginals, lam=np.exp(log_distance)[:, None])
            shares = np.clip(priced.share(share[:, None]), lower, upper)
            size = measure(priced, shares)
            gap, excess = shares.sum(axis=1) - 1.0, np.log(size / radii)
            miss = np.abs(gap) + np.abs(excess)
            held = (np.abs(gap) <= CLOSED) & (np.abs(excess) <= ON_BOUNDARY + 1e-16 / np.sqrt(radii))
            slopes = sensitivity(priced, shares, size, lower, upper)
            step_distance = (excess - slopes.distance / slopes.total * gap) / slopes.elasticity
            step_share = (gap - slopes.crossed * step_distance) / slopes.total
            # Domains that meet and leave a bound in turn make whole steps cycle; shorter ones do not.
            pace, last = np.where(miss < last, np.minimum(2.0 * pace, 1.0), 0.5 * pace), miss
            scale = np.where(held, 0.0, np.minimum(pace, LONGEST_STEP / np.abs(step_distance)))
            share = np.where(held, share, share - scale * step_share)
            log_distance = np.where(held, log_distance, log_distance - scale * step_distance)
    return shares, Prices(share, log_distance), held
