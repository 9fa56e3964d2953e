"""Sequential quadratic programming from a start: the highest of the lowest of several claims.

Gains are smooth, concave where no log coefficient is negative, and standard errors are smooth
away from the anchor. So a generic local method is quick and exact to rounding; where it ends
depends on its start wherever the problem is not concave.

Source: Kraft, "A software package for sequential quadratic programming", DFVLR-FB 88-28 (1988),
as SciPy implements it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.decision.objectives.claims import Slopes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.objectives.moves import Moves

    Array = NDArray[np.float64]

# With few domains more steps only try the last digits again and again.
LEAST_STEPS, STEPS_A_DOMAIN = 40, 5
# Relative change of the scaled objective at which the method stops.
SETTLED = 1e-11
# Floors are asked for with this much to spare, relative to their coefficients: rounding then keeps them.
SPARE = 1e-11
HALVINGS = 60


def climb(
    moves: Moves, raised: Sequence[Claim], held: Sequence[Claim], start: Array, steps: int | None = None
) -> Array:
    """(K,) mixture of the region with a high least of ``raised`` and ``held`` >= 0, from ``start`` (K,).

    The result lies in the region; whether it keeps ``held`` and beats the start is for the caller
    to see (see :func:`keep_floors`).
    """
    steps = steps or _steps(moves)
    claims = [*raised, *held]
    sizes = np.array([claim.size or 1.0 for claim in claims])
    top = float(sizes[: len(raised)].max())
    slopes, m, many = Slopes(claims, moves.region.anchor), len(raised), len(raised) > 1

    def at(x: Array) -> tuple[Array, Array]:
        values, rates = slopes.at(moves.shares(x[: len(moves.lower)]))
        return values, rates @ moves.matrix

    spare = SPARE * sizes[m:]

    def rows(x: Array) -> Array:
        values, _ = at(x)
        below = (values[m:] - spare) / sizes[m:]
        return np.concatenate([values[:m] / top - x[-1], below]) if many else below

    def row_slopes(x: Array) -> Array:
        _, rates = at(x)
        below = rates[m:] / sizes[m:, None]
        if not many:
            return below
        level = np.concatenate([-np.ones(m), np.zeros(len(held))])[:, None]
        return np.hstack([np.vstack([rates[:m] / top, below]), level])

    def goal(x: Array) -> tuple[float, Array]:
        if many:
            return -float(x[-1]), np.append(np.zeros(len(x) - 1), -1.0)
        values, rates = at(x)
        return -float(values[0]) / top, -rates[0] / top

    first = moves.variables(start)
    if many:
        first = np.append(first, slopes.at(start)[0][:m].min() / top)
    extra = [{"type": "ineq", "fun": rows, "jac": row_slopes}] if many or held else []
    return moves.inside(_solve(moves, goal, first, extra, within=True, steps=steps)[: len(moves.lower)])


def approach(moves: Moves, held: Sequence[Claim], start: Array) -> Array:
    """(K,) mixture near the anchor with ``held`` >= 0, from ``start`` (K,): the least distance."""
    sizes = np.array([claim.size or 1.0 for claim in held])
    slopes = Slopes(held, moves.region.anchor)
    spare, scale = SPARE * sizes, 1.0 / max(moves.reach, 1e-12)
    rows = {
        "type": "ineq",
        "fun": lambda x: (slopes.at(moves.shares(x))[0] - spare) / sizes,
        "jac": lambda x: slopes.at(moves.shares(x))[1] @ moves.matrix / sizes[:, None],
    }

    def goal(x: Array) -> tuple[float, Array]:
        return scale * moves.length(x), scale * moves.length_slope(x)

    return moves.inside(
        _solve(moves, goal, moves.variables(start), [rows], within=False, steps=_steps(moves))
    )


def keep_floors(found: Array, safe: Array, held: Sequence[Claim], anchor: Array) -> Array:
    """(K,) ``found`` moved straight towards ``safe``, which keeps ``held``, until it keeps them too."""

    def kept(shares: Array) -> bool:
        return all(float(claim.at(shares, anchor)) >= 0.0 for claim in held)

    if kept(found):
        return found
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if kept(safe + middle * (found - safe)):
            low = middle
        else:
            high = middle
    return safe + low * (found - safe) if low > 0.0 else safe


def _steps(moves: Moves) -> int:
    return max(LEAST_STEPS, STEPS_A_DOMAIN * len(moves.region.anchor))


def _solve(
    moves: Moves,
    goal: Callable[[Array], tuple[float, Array]],
    first: Array,
    extra: list[dict[str, Any]],
    *,
    within: bool,
    steps: int,
) -> Array:
    """(n,) where SLSQP ends, or ``first`` where that is not finite; a last variable has no bounds."""
    from scipy.optimize import minimize

    n, reach = len(moves.lower), moves.reach
    pad = np.zeros(len(first) - n)
    scale = 1.0 / max(reach, 1e-12)
    balance = np.concatenate([moves.balance, pad])
    rows: list[dict[str, Any]] = [
        {"type": "eq", "fun": lambda x: moves.surplus(x[:n]), "jac": lambda x: balance}
    ]
    if within:
        rows.append(
            {
                "type": "ineq",
                "fun": lambda x: scale * (reach - moves.length(x[:n])),
                "jac": lambda x: np.concatenate([-scale * moves.length_slope(x[:n]), pad]),
            }
        )
    bounds = [*zip(moves.lower, moves.upper, strict=True), *[(None, None)] * len(pad)]
    with np.errstate(all="ignore"):
        ended = minimize(
            goal,
            first,
            jac=True,
            method="SLSQP",
            bounds=bounds,
            constraints=[*rows, *extra],
            options={"ftol": SETTLED, "maxiter": steps},
        )
    return ended.x if np.isfinite(ended.x).all() else first
