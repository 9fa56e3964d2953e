"""A generic solver from random starts, knowing nothing of how the product solves: SLSQP on shares.

Total variation is written with the sizes of the moves as further variables. A point counts only where it
breaks no constraint by more than rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

from causalmix_core.decision.geometry import distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]
    # Response, standard errors taken off, least value.
    Goal = tuple[Response, float, float]

FEASIBLE = 1e-9


def value(goal: Goal, shares: Array, anchor: Array) -> float:
    """What is to be large, or at least 0."""
    response, quantile, least = goal
    return float(response.gain(shares, anchor) - quantile * response.gain_se(shares, anchor)) - least


def violation(region: Region, held: Sequence[Goal], shares: Array) -> float:
    """By how much the worst constraint is broken."""
    return max(
        abs(float(shares.sum()) - 1.0),
        float((region.lower - shares).max()),
        float((shares - region.upper).max()),
        float(distance(region.metric, region.anchor, shares)) - region.radius,
        *(-value(goal, shares, region.anchor) for goal in held),
    )


def highest(
    raised: Sequence[Goal], held: Sequence[Goal], region: Region, starts: Array
) -> tuple[float, Array | None]:
    """Highest least of ``raised`` with ``held`` >= 0 that SLSQP reaches from any of the starts (N, K)."""
    best, found = -np.inf, None
    for start in starts:
        shares = np.clip(_solve(raised, held, region, start), region.lower, region.upper)
        if np.isfinite(shares).all() and violation(region, held, shares) <= FEASIBLE:
            reached = min(value(goal, shares, region.anchor) for goal in raised)
            if reached > best:
                best, found = reached, shares
    return best, found


def _solve(raised: Sequence[Goal], held: Sequence[Goal], region: Region, start: Array) -> Array:
    """Variables: K shares, K sizes of moves, and the level that all of ``raised`` reach."""
    k, p = len(start), region.anchor
    scale = max(float(np.abs(response.coefficients).max()) for response, _, _ in raised)
    none, eye = np.zeros(k), np.eye(k)

    def mixture(x: Array) -> Array:
        return np.maximum(x[:k], 1e-12)

    def row(goal: Goal, x: Array) -> Array:
        return np.concatenate([_slope(goal, mixture(x), p) / scale, none])

    rows: list[dict[str, Any]] = [
        {
            "type": "eq",
            "fun": lambda x: x[:k].sum() - 1.0,
            "jac": lambda x: np.concatenate([eye.sum(0), none, [0.0]]),
        },
        {
            "type": "ineq",
            "fun": lambda x: np.array([value(g, mixture(x), p) / scale - x[-1] for g in raised]),
            "jac": lambda x: np.array([np.append(row(g, x), -1.0) for g in raised]),
        },
    ]
    if held:
        rows.append(
            {
                "type": "ineq",
                "fun": lambda x: np.array([value(g, mixture(x), p) / scale for g in held]),
                "jac": lambda x: np.array([np.append(row(g, x), 0.0) for g in held]),
            }
        )
    rows += _radius_rows(region)
    level = min(value(goal, start, p) for goal in raised) / scale
    bounds = [*zip(region.lower, region.upper, strict=True), *[(0.0, 1.0)] * k, (None, None)]
    with np.errstate(all="ignore"):
        ended = minimize(
            lambda x: -x[-1],
            np.concatenate([start, np.abs(start - p), [level]]),
            jac=lambda x: np.append(np.zeros(2 * k), -1.0),
            bounds=bounds,
            constraints=rows,
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 300},
        )
    solved: Array = ended.x[:k]
    return solved


def _radius_rows(region: Region) -> list[dict[str, Any]]:
    p, k = region.anchor, len(region.anchor)
    if region.metric == "tv":
        eye, none = np.eye(k), np.zeros((k, 1))
        sizes = np.block([[-eye, eye, none], [eye, eye, none]])
        total = np.concatenate([np.zeros(k), -0.5 * np.ones(k), [0.0]])
        return [
            {"type": "ineq", "fun": lambda x: sizes @ x + np.concatenate([p, -p]), "jac": lambda x: sizes},
            {"type": "ineq", "fun": lambda x: region.radius + total @ x, "jac": lambda x: total},
        ]
    rest = np.zeros(k + 1)
    if region.metric == "l2":
        return [
            {
                "type": "ineq",
                "fun": lambda x: region.radius**2 - ((x[:k] - p) ** 2).sum(),
                "jac": lambda x: np.concatenate([-2.0 * (x[:k] - p), rest]),
            }
        ]
    there = p > 0.0

    def room(x: Array) -> float:
        t = np.maximum(x[:k], 1e-12)
        return region.radius - float((p[there] * np.log(p[there] / t[there])).sum())

    return [
        {
            "type": "ineq",
            "fun": room,
            "jac": lambda x: np.concatenate([p / np.maximum(x[:k], 1e-12), rest]),
        }
    ]


def _slope(goal: Goal, shares: Array, anchor: Array) -> Array:
    """(K,) derivative of :func:`value`."""
    response, quantile, _ = goal
    step = response.features(shares) - response.features(anchor)
    spread: Array = response.covariance @ step
    se = float(np.sqrt(max(float(step @ spread), 0.0)))
    believed = response.coefficients - (quantile / se * spread if se > 0.0 else 0.0)
    log_part, linear = np.split(believed, 2)
    slope: Array = log_part / (shares + response.epsilon) + linear
    return slope
