"""Claims and the radius as a program of an interior-point method: values, slopes and curvature at many mixtures.

Every function of the program is a claim, the distance to the anchor, or the level that several claims
are to reach; goal and rows are weighted sums of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.solvers.interior import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.objectives.claims import Claim
    from causalmix_core.decision.objectives.moves import Moves

    Array = NDArray[np.float64]

SMOOTHED = (
    1e-12  # standard errors have a kink where they are 0; it is rounded off, in units of the coefficients
)


@dataclass(frozen=True, eq=False)
class Weights:
    """What is minimised and what is held, as sums over functions: claims, distance, and the level if there is one.

    Attributes
    ----------
    goal : (F,) weights. rows : (m, F) weights. constants : (m,) what is added to the rows.
    """

    goal: Array
    rows: Array
    constants: Array


@dataclass(frozen=True, eq=False)
class MixturePoint(Point):
    """A point of the program with what its curvature needs.

    ``shares`` (S, K), ``inverse`` (S, K) = 1 / (T + eps), ``believed`` (S, M, K) log coefficients less what
    standard errors take off; of the U unsure claims ``spreads`` (S, U, 2K), covariance times step, and standard
    ``errors`` (S, U).
    """

    shares: Array
    inverse: Array
    believed: Array
    spreads: Array
    errors: Array


class MixtureProgram:
    """See :class:`~causalmix_core.decision.solvers.interior.Program`; all claims share one epsilon.

    Variables are those of ``moves``, and last the level where ``weights`` has a column for it.
    """

    def __init__(self, claims: Sequence[Claim], moves: Moves, weights: Weights) -> None:
        self._claims, self._moves, self._weights = claims, moves, weights
        self.concave = all(claim.concave for claim in claims)
        self._levelled = len(weights.goal) > len(claims) + 1
        self._coefficients = np.stack([claim.response.coefficients for claim in claims])
        self._least = np.array([claim.least for claim in claims])
        self._epsilon = claims[0].response.epsilon
        self._unsure = [i for i, claim in enumerate(claims) if claim.quantile > 0.0]
        self._start = self._features(moves.region.anchor[None])
        self.lower, self.upper, self.total = moves.lower, moves.upper, moves.missing
        self.balance = np.append(moves.balance, np.zeros(int(self._levelled)))

    def functions(self, x: Array) -> Array:
        """(S, F) value of each function at x (S, N)."""
        return self._functions(x)[0]

    def at(self, x: Array) -> MixturePoint:
        """Values and slopes at x (S, N)."""
        values, slopes, known = self._functions(x)
        weights = self._weights
        rows = values @ weights.rows.T + weights.constants
        goal_slope, row_slopes = np.tensordot(slopes, weights.goal, (1, 0)), weights.rows @ slopes
        return MixturePoint(values @ weights.goal, goal_slope, rows, row_slopes, *known)

    def curvature(self, point: MixturePoint, duals: Array) -> tuple[Array, Array]:
        """Second derivative (S, N, N) of goal - duals (S, m) . rows, and what (S, N) on the diagonal makes it convex."""
        weights = self._weights.goal - duals @ self._weights.rows
        count, inverse = len(self._claims), point.inverse
        bent = -(weights[:, None, :count] @ point.believed)[:, 0] * inverse**2
        along = bent + weights[:, [count]] * self._moves.length_bend(point.shares)
        dense = along[:, :, None] * np.eye(along.shape[1])
        for u, i in enumerate(self._unsure):
            taken = -weights[:, i] * self._claims[i].quantile / point.errors[:, u]
            dense += taken[:, None, None] * self._error_bend(
                i, inverse, point.spreads[:, u], point.errors[:, u]
            )
        return self._in_variables(dense, np.maximum(-bent, 0.0))

    def _functions(self, x: Array) -> tuple[Array, Array, tuple[Array, ...]]:
        """Values (S, F), slopes (S, F, N), and what the curvature needs."""
        moves, count, k = self._moves, len(self._claims), self._start.shape[1] // 2
        n, size = len(self.lower), len(self._weights.goal)
        shares = moves.shares(x[:, :n])
        step = self._features(shares) - self._start
        values, slopes = np.zeros((len(x), size)), np.zeros((len(x), size, x.shape[1]))
        values[:, :count] = step @ self._coefficients.T - self._least
        believed = np.repeat(self._coefficients[None], len(x), axis=0)
        spreads, errors = np.empty((len(x), len(self._unsure), 2 * k)), np.empty((len(x), len(self._unsure)))
        for u, i in enumerate(self._unsure):
            claim = self._claims[i]
            spread = step @ claim.response.covariance
            error = np.sqrt(np.maximum((step * spread).sum(axis=1), 0.0) + (SMOOTHED * claim.size) ** 2)
            values[:, i] -= claim.quantile * error
            believed[:, i] -= (claim.quantile / error)[:, None] * spread
            spreads[:, u], errors[:, u] = spread, error
        inverse = 1.0 / (shares + self._epsilon)
        slopes[:, :count, :n] = (believed[..., :k] * inverse[:, None] + believed[..., k:]) @ moves.matrix
        values[:, count], slopes[:, count, :n] = moves.length(x[:, :n]), moves.length_slope(x[:, :n])
        if self._levelled:
            values[:, -1], slopes[:, -1, -1] = x[:, -1], 1.0
        return values, slopes, (shares, inverse, believed[..., :k], spreads, errors)

    def _error_bend(self, i: int, inverse: Array, spread: Array, error: Array) -> Array:
        """(S, K, K) standard error times its second derivative, but for the part along single shares."""
        k, covariance = inverse.shape[1], self._claims[i].response.covariance
        across, down = inverse[:, None, :], inverse[:, :, None]
        bend = down * covariance[:k, :k] * across + down * covariance[:k, k:]
        bend += covariance[k:, :k] * across + covariance[k:, k:]
        along = (spread[:, :k] * inverse + spread[:, k:]) / error[:, None]
        bend -= along[:, :, None] * along[:, None, :]
        return bend

    def _features(self, shares: Array) -> Array:
        return np.concatenate([np.log(shares + self._epsilon), shares], axis=1)

    def _in_variables(self, bend: Array, lift: Array) -> tuple[Array, Array]:
        """(S, K, K) and (S, K) in shares -> (S, N, N) and (S, N) in variables; the level is straight."""
        moved, signs = self._moves.moved, self._moves.signs
        inside = bend.take(moved, axis=1).take(moved, axis=2) * (signs[:, None] * signs)
        # A share that is moved by several variables needs so many times its lift on each (Cauchy and Schwarz).
        lifted = (lift * np.bincount(moved, minlength=lift.shape[1])).take(moved, axis=1)
        if not self._levelled:
            return inside, lifted
        return np.pad(inside, ((0, 0), (0, 1), (0, 1))), np.pad(lifted, ((0, 0), (0, 1)))
