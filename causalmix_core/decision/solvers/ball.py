"""Concave objectives within a KL or L2 ball: the quickest way that gives the exact answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.distance_price import first_prices, measure, nested_prices
from causalmix_core.decision.solvers.joint_prices import newton_prices
from causalmix_core.decision.solvers.marginals import Prices
from causalmix_core.decision.solvers.waterfill import waterfill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.solvers.marginals import Marginals

    Array = NDArray[np.float64]


def within_ball(
    marginals: Marginals, lower: Array, upper: Array, radii: Array, guess: Prices
) -> tuple[Array, Prices]:
    """(S, K) maximisers with D(p, t) <= radii (S,), and their prices.

    First from ``guess`` (nan where there is none), then from nothing.
    """
    shares, prices, held = newton_prices(marginals, lower, upper, radii, guess)
    rows = np.flatnonzero(~held)
    if len(rows):
        rest = marginals.rows(rows)
        shares[rows], found = _from_nothing(rest, lower[rows], upper[rows], radii[rows])
        prices.share[rows], prices.log_distance[rows] = found
    return shares, prices


def _from_nothing(marginals: Marginals, lower: Array, upper: Array, radii: Array) -> tuple[Array, Prices]:
    """Without the radius where that stays inside; else Newton; else the nested roots.

    Where several mixtures are best without the radius only the nested roots find the nearest.
    """
    one = np.ones((len(radii), 1))
    near = np.clip(marginals.anchor, lower, upper)
    shares, share_price, unique = waterfill(replace(marginals, penalty="none"), lower, upper, one, near)
    prices = Prices(share_price[:, 0], np.full(len(radii), np.nan))
    open_ = np.flatnonzero(~(unique & (measure(marginals, shares) <= radii)))
    if not len(open_):
        return shares, prices
    rest, low, high, reach = marginals.rows(open_), lower[open_], upper[open_], radii[open_]
    first = first_prices(rest, reach)
    guess = Prices(first.share, np.where(unique[open_], first.log_distance, np.nan))
    found, at, held = newton_prices(rest, low, high, reach, guess)
    hard = np.flatnonzero(~held)
    if len(hard):
        start = np.where(unique[open_], first.log_distance, -np.inf)[hard]
        found[hard], nested = nested_prices(rest.rows(hard), low[hard], high[hard], reach[hard], start)
        at.share[hard], at.log_distance[hard] = nested
    shares[open_] = found
    prices.share[open_], prices.log_distance[open_] = at
    return shares, prices
