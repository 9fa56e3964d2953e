"""Climbs from many starts at once: the highest of the lowest of several claims, or the shortest way to them.

Gains are smooth, concave where no log coefficient is negative, and standard errors are smooth away
from the anchor. So a local method with second derivatives (:mod:`~causalmix_core.decision.solvers.interior`) is
quick and exact to rounding; where it ends depends on its start wherever the problem is not concave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import centre_of
from causalmix_core.decision.objectives.program import MixtureProgram, Weights
from causalmix_core.decision.solvers.interior import minimise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.objectives.moves import Moves

    Array = NDArray[np.float64]

# Floors are asked for with this much to spare, relative to their coefficients: rounding then keeps them.
SPARE = 1e-11
PULLED = 0.1  # of the way to the region's centre: starts then have room on all sides
# From each start one climb that sees more of the region before it settles, and one that stays near.
BARRIERS = (1e-2, 1e-4)
BELOW = 1e-2  # what the level starts with below the least of the claims, in units of the coefficients
HALVINGS = 60


def climb(moves: Moves, raised: Sequence[Claim], held: Sequence[Claim], starts: Array) -> Array:
    """(R, K) mixtures of the region with a high least of ``raised`` and ``held`` >= 0, from ``starts`` (S, K).

    Each start is climbed from once where every local best is global, else twice. All lie in the region;
    whether they keep ``held`` and beat their starts is for the caller to see (see :func:`keep_floors`).
    """
    claims, first, many = [*raised, *held], len(raised), len(raised) > 1
    units = _units(claims, moves)
    units[:first] = units[:first].max()
    program = MixtureProgram(claims, moves, _raising(units, first, many, moves))
    x = _variables(moves, starts)
    if many:
        x = np.column_stack([x, np.zeros(len(x))])
        x[:, -1] = (program.functions(x)[:, :first] / units[:first]).min(axis=1) - BELOW
    return _mixtures(moves, program, x)


def approach(moves: Moves, held: Sequence[Claim], starts: Array) -> Array:
    """(R, K) mixtures near the anchor with ``held`` >= 0, from ``starts`` (S, K): the least distance."""
    goal = np.append(np.zeros(len(held)), 1.0 / max(moves.reach, 1e-12))
    rows = np.column_stack([np.diag(1.0 / _units(held, moves)), np.zeros(len(held))])
    program = MixtureProgram(held, moves, Weights(goal, rows, np.full(len(held), -SPARE)))
    return _mixtures(moves, program, _variables(moves, starts))


def _units(claims: Sequence[Claim], moves: Moves) -> Array:
    """(M,) what the claims are of the order of: their largest coefficients, less within a small radius."""
    return moves.narrow * np.array([claim.size or 1.0 for claim in claims])


def _raising(units: Array, first: int, many: bool, moves: Moves) -> Weights:
    """Raise the first claims, or the level that all of them reach, within the radius and with the others held."""
    weights = np.diag(np.append(1.0 / units, -1.0 / max(moves.reach, 1e-12)))
    constants = np.append(np.full(len(units), -SPARE), 1.0)
    if not many:
        return Weights(-weights[0], weights[1:], constants[1:])
    level = np.zeros((len(weights), 1))
    level[:first], constants[:first] = -1.0, 0.0
    return Weights(np.append(np.zeros(len(weights)), -1.0), np.hstack([weights, level]), constants)


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


def _variables(moves: Moves, starts: Array) -> Array:
    centre = centre_of(moves.region)
    return np.array([moves.variables(start + PULLED * (centre - start)) for start in starts])


def _mixtures(moves: Moves, program: MixtureProgram, x: Array) -> Array:
    barriers = BARRIERS[:1] if program.concave else BARRIERS
    found = minimise(program, np.tile(x, (len(barriers), 1)), np.repeat(barriers, len(x)))
    return np.array([moves.inside(row[: len(moves.lower)]) for row in found])
