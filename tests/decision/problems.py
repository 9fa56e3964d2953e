"""Random regions and responses, and generic solvers to compare with."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from causalmix_core.decision.feasibility import least_radius
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.region import Region
from causalmix_core.effects.response import Response

SIZES = (2, 3, 5, 17, 64)
METRICS = ("tv", "kl", "l2")
# A generic solver's point counts when it breaks no constraint by more than this.
FEASIBLE = 1e-9
WIDEST_RADIUS = {"tv": 0.6, "kl": 1.0, "l2": 0.7}

seeds = st.integers(0, 2**32 - 1)


def names(k: int) -> tuple[str, ...]:
    return tuple(f"d{i}" for i in range(k))


def random_region(rng: np.random.Generator, k: int, metric: str) -> Region:
    """Boxes loose and tight, domains absent, locked and, now and then, an anchor out of bounds."""
    anchor = rng.dirichlet(np.full(k, rng.choice([0.5, 1.0, 5.0])))
    if k > 2 and rng.random() < 0.3:
        anchor[rng.integers(k)] = 0.0
        anchor /= anchor.sum()
    lower, upper = np.zeros(k), np.ones(k)
    if rng.random() < 0.7:
        lower = anchor * rng.random(k) * (rng.random(k) < 0.5)
        upper = anchor + (1.0 - anchor) * rng.random(k) * rng.choice([1.0, 0.2])
    locked = rng.random(k) < 0.1
    lower[locked] = upper[locked] = anchor[locked]
    if rng.random() < 0.3:
        j = int(rng.integers(k))
        upper[j], lower[j] = 0.8 * anchor[j] + 0.001, 0.0
    if lower.sum() > 1.0 or upper.sum() < 1.0:
        return random_region(rng, k, metric)
    radius = WIDEST_RADIUS[metric] * rng.random() ** 2
    region = Region(names(k), anchor, radius, metric, lower, upper)
    least = least_radius(region)
    return Region(names(k), anchor, radius + 1.01 * least, metric, lower, upper)


def random_response(rng: np.random.Generator, k: int, *, convex: bool, scale: float = 1.0) -> Response:
    log = rng.normal(size=k) * rng.choice([0.01, 0.1, 1.0])
    if not convex:
        log = np.abs(log)
    if rng.random() < 0.3:
        log[rng.random(k) < 0.4] = 0.0
    linear = rng.normal(size=k) * (rng.random() < 0.8)
    epsilon = float(10.0 ** rng.uniform(-4, -1))
    return Response(names(k), epsilon, scale * log, scale * linear, np.eye(2 * k) * 1e-4)


def violation(region: Region, shares: np.ndarray) -> float:
    """By how much the worst constraint is broken."""
    return max(
        abs(float(shares.sum()) - 1.0),
        float((region.lower - shares).max()),
        float((shares - region.upper).max()),
        float(distance(region.metric, region.anchor, shares)) - region.radius,
    )


def highs(gradient: np.ndarray, region: Region) -> float:
    """Highest ``gradient . T`` in a total variation region, by HiGHS with |T - p| <= u."""
    k = len(gradient)
    eye, none = np.eye(k), np.zeros(k)
    solved = linprog(
        np.concatenate([-gradient, none]),
        A_ub=np.block([[eye, -eye], [-eye, -eye], [none[None], np.full((1, k), 0.5)]]),
        b_ub=np.concatenate([region.anchor, -region.anchor, [region.radius]]),
        A_eq=np.concatenate([np.ones(k), none])[None],
        b_eq=[1.0],
        bounds=[*zip(region.lower, region.upper, strict=True), *[(0.0, None)] * k],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    return float(-solved.fun)


def slsqp(response: Response, region: Region, start: np.ndarray) -> float:
    """Highest gain that SLSQP finds from ``start``; -inf where what it ends at is not feasible."""
    scale = max(float(np.abs(response.coefficients).max()), 1e-300)
    if region.metric == "tv":
        shares = _slsqp_moves(response, region, start, scale)
    else:
        shares = _slsqp_ball(response, region, start, scale)
    if not np.isfinite(shares).all():
        return -np.inf
    shares = np.clip(shares, region.lower, region.upper)
    return float(response.gain(shares, region.anchor)) if violation(region, shares) <= FEASIBLE else -np.inf


def _slsqp_ball(response, region, start, scale):
    p = region.anchor

    def room(t):
        if region.metric == "l2":
            return region.radius**2 - ((t - p) ** 2).sum()
        return region.radius - (p[p > 0] * np.log(p[p > 0] / np.maximum(t[p > 0], 1e-12))).sum()

    def room_slope(t):
        return -2.0 * (t - p) if region.metric == "l2" else p / np.maximum(t, 1e-12)

    return minimize(
        lambda t: -float(response.gain(np.maximum(t, 0.0), p)) / scale,
        start,
        jac=lambda t: -response.gradient(np.maximum(t, 0.0)) / scale,
        bounds=list(zip(region.lower, region.upper, strict=True)),
        constraints=[
            {"type": "eq", "fun": lambda t: t.sum() - 1.0, "jac": np.ones_like},
            {"type": "ineq", "fun": room, "jac": room_slope},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 300},
    ).x


def _slsqp_moves(response, region, start, scale):
    """Total variation without kinks: T = p + up - down, up and down >= 0, each adding to <= r."""
    p, k = region.anchor, len(region.anchor)

    def mixture(moves):
        return np.clip(p + moves[:k] - moves[k:], 0.0, 1.0)

    def both_ways(slopes):
        return np.concatenate([slopes, -slopes])

    ones, none, eye = np.ones(k), np.zeros(k), np.eye(k)
    box = np.block([[eye, -eye], [-eye, eye]])
    slack = np.concatenate([p - region.lower, region.upper - p])
    balance, reach = both_ways(ones), np.concatenate([ones, none])
    moves = minimize(
        lambda m: -float(response.gain(mixture(m), p)) / scale,
        np.concatenate([np.maximum(start - p, 0.0), np.maximum(p - start, 0.0)]),
        jac=lambda m: -both_ways(response.gradient(mixture(m))) / scale,
        bounds=[(0.0, 1.0)] * (2 * k),
        constraints=[
            {"type": "eq", "fun": lambda m: balance @ m, "jac": lambda m: balance},
            {"type": "ineq", "fun": lambda m: region.radius - reach @ m, "jac": lambda m: -reach},
            {"type": "ineq", "fun": lambda m: box @ m + slack, "jac": lambda m: box},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 300},
    ).x
    return p + moves[:k] - moves[k:]
