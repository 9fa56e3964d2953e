"""Local minima under constraints from many starts at once: a primal-dual interior-point method.

    min f(x)   with   rows(x) >= 0,   lower <= x <= upper,   balance . x = total.

Rows get slacks s, and s and the distances to the bounds stay above 0: a barrier -mu log keeps
them there, and mu falls to ``SETTLED``. Each step solves the perturbed conditions of optimality, linearised with
exact second derivatives, for all starts side by side; where these bend the wrong way, the diagonal is lifted
until they do not. The step is halved until an l1 merit function falls. Some 20 steps end within rounding of a
local optimum, however many variables there are.

Sources: Nocedal and Wright, "Numerical Optimization" (2006), chapter 19; the fall of mu is that of
Waechter and Biegler (2006, Math. Program. 106, p. 25), equation 7.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STEPS = 60
PATIENCE = 20  # steps without a smaller mu: the rows leave no room, or there is no point that keeps them
SETTLED = 1e-11  # the last mu; functions are of the order of 1
MARGIN = 1e-3  # what starts leave to their bounds, of the bounds' width
FACTOR, POWER = 0.2, 1.5  # mu becomes the lesser of FACTOR mu and mu^POWER
ENOUGH = 10.0  # a barrier problem is solved to so many mu
NEAR_ENOUGH = 0.1  # or until a step promises no more than this part of mu
LEAST_SLACK = 1e-3
KEPT = 0.99  # of the way to a bound that one step may go
RESET = 0.01  # slacks follow the rows themselves where these have not fallen to less than this part
HALVINGS = 8
ARMIJO, ROUNDING = 1e-4, 1e-13
TRUSTED = 1e10  # duals stay within this factor of mu / slack
LIFTED, LARGEST = 1e-12, 1e12  # parts of the diagonal that are added to it while rounding spoils its sign


@dataclass(frozen=True, eq=False)
class Point:
    """A program at S points: goal (S,) and its slope (S, N), rows (S, m) and theirs (S, m, N)."""

    goal: Array
    goal_slope: Array
    rows: Array
    row_slopes: Array


class Program(Protocol):
    """What is to be minimised; its functions are of the order of 1.

    ``lower`` and ``upper`` (n,) bound the first n <= N variables; ``balance`` (N,) . x = ``total``.
    """

    lower: Array
    upper: Array
    balance: Array
    total: float

    def at(self, x: Array) -> Point:
        """Values and slopes at x (S, N)."""

    def curvature(self, point: Any, duals: Array) -> tuple[Array, Array]:
        """Second derivative of goal - duals (S, m) . rows at a point of :meth:`at`.

        (S, N, N), to be written into, and what (S, N) more on its diagonal makes it convex.
        """


@dataclass(frozen=True, eq=False)
class _State:
    """Iterates of S starts: ``slack`` and ``dual`` (S, m + 2n) of rows, lower bounds and upper bounds."""

    x: Array
    point: Point
    slack: Array
    dual: Array
    price: Array
    mu: Array
    waited: Array
    promised: Array

    @property
    def residual(self) -> Array:
        """(S, m) by how much rows differ from their slacks."""
        rows: Array = self.point.rows - self.slack[:, : self.point.rows.shape[1]]
        return rows


@dataclass(frozen=True, eq=False)
class _Step:
    x: Array
    slack: Array
    dual: Array
    price: Array


def minimise(program: Program, first: Array, barrier: Array) -> Array:
    """(S, N) local minima, one from each of the starts (S, N), which need not keep the rows.

    ``barrier`` (S,) is the first mu of each: with a high one the whole region is seen before a minimum is
    settled on, with a low one it is one near the start. Bounds are kept; rows and balance up to rounding, where the
    start leads to any point that keeps them.
    """
    with np.errstate(all="ignore"):
        found, open_ = first.copy(), np.arange(len(first))
        state = _begin(program, first, barrier)
        for _ in range(STEPS):
            state, done = _lower_barrier(program, state)
            found[open_] = state.x
            if done.all():
                break
            if done.any():
                open_, state = open_[~done], _some(state, ~done)
            state = _advance(program, state, _newton(program, state))
    found[~np.isfinite(found).all(axis=1)] = first[~np.isfinite(found).all(axis=1)]
    return found


def _begin(program: Program, first: Array, barrier: Array) -> _State:
    count, n = len(first), len(program.lower)
    margin = MARGIN * (program.upper - program.lower)
    x = first.copy()
    x[:, :n] = np.clip(x[:, :n], program.lower + margin, program.upper - margin)
    point = program.at(x)
    slack = np.hstack([np.maximum(point.rows, LEAST_SLACK), *_room(program, x)])
    return _State(
        x=x,
        point=point,
        slack=slack,
        dual=barrier[:, None] / slack,
        price=np.zeros(count),
        mu=barrier,
        waited=np.zeros(count),
        promised=np.full(count, np.inf),
    )


def _room(program: Program, x: Array) -> tuple[Array, Array]:
    """(S, n) distances to the lower and to the upper bounds."""
    bounded = x[:, : len(program.lower)]
    return bounded - program.lower, program.upper - bounded


def _some(of: Any, kept: NDArray[np.bool_]) -> Any:
    """The same state or point of some of the starts; all arrays have the starts first."""
    values = (getattr(of, field.name) for field in fields(of))
    return type(of)(
        *(value[kept] if isinstance(value, np.ndarray) else _some(value, kept) for value in values)
    )


def _lower_barrier(program: Program, state: _State) -> tuple[_State, NDArray[np.bool_]]:
    """A smaller mu where its problem is solved; which starts (S,) are done."""
    m, n = state.point.rows.shape[1], len(program.lower)
    rows, low, high = np.split(state.dual, [m, m + n], axis=1)
    slope = state.point.goal_slope + state.price[:, None] * program.balance
    slope -= (rows[:, None] @ state.point.row_slopes)[:, 0]
    slope[:, :n] += high - low
    missed = np.abs(state.x @ program.balance - program.total)
    if m:
        missed = np.maximum(missed, np.abs(state.residual).max(axis=1))
    open_ = np.abs(state.slack * state.dual - state.mu[:, None]).max(axis=1)
    size = np.maximum(1.0, state.dual.sum(axis=1) / state.dual.shape[1])
    error = np.maximum(missed, np.maximum(np.abs(slope).max(axis=1), open_) / size)
    # Close to the bounds slopes are lost to rounding, what a step still promises is not.
    flat = (state.promised < NEAR_ENOUGH * state.mu) & (missed < ENOUGH * state.mu)
    solved = (error < ENOUGH * state.mu) | flat
    waited = np.where(solved, 0.0, state.waited + 1.0)
    done = (solved & (state.mu <= SETTLED)) | (waited > PATIENCE) | ~np.isfinite(error)
    lower = np.maximum(SETTLED, np.minimum(FACTOR * state.mu, state.mu**POWER))
    return replace(state, mu=np.where(solved, lower, state.mu), waited=waited), done


def _newton(program: Program, state: _State) -> _Step:
    """The step to the conditions of optimality, linearised."""
    point, m, n = state.point, state.point.rows.shape[1], len(program.lower)
    mu, weight = state.mu[:, None], state.dual / state.slack
    aim, residual = mu / state.slack, state.residual
    right = -point.goal_slope
    right[:, :n] += aim[:, m : m + n] - aim[:, m + n :]
    right += ((aim[:, :m] - weight[:, :m] * residual)[:, None] @ point.row_slopes)[:, 0]
    bend, lift = program.curvature(point, state.dual[:, :m])
    for row, held in zip(point.row_slopes.swapaxes(0, 1), weight.T, strict=False):
        bend += (held[:, None] * row)[:, :, None] * row[:, None, :]
    diagonal = np.arange(n)
    bend[:, diagonal, diagonal] += weight[:, m : m + n] + weight[:, m + n :]
    x, price = _solve(bend, lift, right, program.balance, state.x @ program.balance - program.total)
    moved = (point.row_slopes @ x[:, :, None])[:, :, 0] + residual
    slack = np.hstack([moved, x[:, :n], -x[:, :n]])
    return _Step(x, slack, aim - state.dual - weight * slack, price)


def _solve(bend: Array, lift: Array, right: Array, balance: Array, surplus: Array) -> tuple[Array, Array]:
    """Steps (S, N) with bend . step + price balance = right and balance . step = -surplus, and prices (S,)."""
    # A penalty on the surplus changes no step that keeps the balance, and shows which of those bend the wrong way.
    penalty = 1e-3 + np.median(np.abs(np.diagonal(bend, axis1=1, axis2=2)), axis=1)
    bend += penalty[:, None, None] * (balance[:, None] * balance)
    x, price = np.empty_like(right), np.empty(len(right))
    for i in range(len(x)):
        step, across = _solve_one(bend[i], lift[i], np.stack([right[i], balance], axis=1)).T
        price[i] = (balance @ step + surplus[i]) / (balance @ across)
        x[i] = step - price[i] * across
    return x, price


def _solve_one(bend: Array, lift: Array, right: Array) -> Array:
    """(N, 2) solution where the matrix is positive definite, else with its diagonal lifted."""
    from scipy.linalg import lapack

    root, failed = lapack.dpotrf(bend, lower=1)
    if failed:
        # Relative to each entry: beside those of variables close to their bounds the others are next to nothing.
        own, more = np.abs(np.diag(bend)), LIFTED
        while failed:
            root, failed = lapack.dpotrf(bend + np.diag(lift + more * own), lower=1)
            more *= 100.0
            if more > LARGEST:
                return np.full(right.shape, np.nan)
    solved: Array = lapack.dpotrs(root, right, lower=1)[0]
    return solved


def _advance(program: Program, state: _State, step: _Step) -> _State:
    """Go along the step as far as slacks and duals stay positive and the merit falls."""
    keep = np.maximum(KEPT, 1.0 - state.mu)
    primal, dual = _reach(state.slack, step.slack, keep), _reach(state.dual, step.dual, keep)
    duals = state.dual + dual[:, None] * step.dual
    x, point, slack, promised = _search(program, state, step, primal, duals)
    near = state.mu[:, None] / slack
    duals = np.clip(duals, near / TRUSTED, near * TRUSTED)
    return replace(state, x=x, point=point, slack=slack, dual=duals, price=step.price, promised=promised)


def _reach(values: Array, steps: Array, keep: Array) -> Array:
    """(S,) the longest part of the steps, at most 1, that leaves ``1 - keep`` of every value."""
    parts = np.where(steps < 0.0, -values / steps, np.inf)
    reach: Array = np.minimum(1.0, keep * parts.min(axis=1))
    return reach


def _search(
    program: Program, state: _State, step: _Step, length: Array, duals: Array
) -> tuple[Array, Point, Array, Array]:
    """Halve the lengths until the merit falls: x, the program there, its slacks, and what the step promised."""
    point, m = state.point, state.point.rows.shape[1]
    # An l1 penalty is exact from the largest dual on, of rows and of the balance apart.
    of_rows, of_balance = 2.0 * duals[:, :m].max(axis=1, initial=0.0), 2.0 * np.abs(step.price)

    def penalty(x: Array, rows: Array, slack: Array) -> Array:
        surplus: Array = np.abs(x @ program.balance - program.total)
        return of_rows * np.abs(rows - slack[:, :m]).sum(axis=1) + of_balance * surplus

    missed = penalty(state.x, point.rows, state.slack)
    before = point.goal - state.mu * np.log(state.slack).sum(axis=1) + missed
    slope = (point.goal_slope * step.x).sum(axis=1) - missed
    slope -= state.mu * (step.slack / state.slack).sum(axis=1)
    for _ in range(HALVINGS):
        x = state.x + length[:, None] * step.x
        there = program.at(x)
        followed = state.slack[:, :m] + length[:, None] * step.slack[:, :m]
        slack = np.where(there.rows > RESET * state.slack[:, :m], there.rows, followed)
        slack = np.hstack([slack, *_room(program, x)])
        after = there.goal - state.mu * np.log(slack).sum(axis=1) + penalty(x, there.rows, slack)
        allowed = before + ARMIJO * length * np.minimum(slope, 0.0) + ROUNDING * (1.0 + np.abs(before))
        high = ~(after <= allowed)
        if not high.any():
            break
        length = np.where(high, 0.5 * length, length)
    return x, there, slack, np.abs(slope)
