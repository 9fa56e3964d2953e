"""Which runs to make: greedy choice, then exchanges, on the joint belief about runs and response.

Observing a run with outcome variance v takes k k' / (k_j + v) off the joint covariance, k its column j,
whatever the run finds. A criterion is a quadratic form of what remains uncertain of the response
(L-optimality; c-optimality for one contrast) or its determinant (D-optimality); see Atkinson, Donev and
Tobias 2007, "Optimum Experimental Designs, with SAS", chapters 10 to 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PASSES = 4
WORTH = 1e-9  # relative gain that makes another candidate better than the present one, beyond rounding


def observe(covariance: Array, run: int, variance: float) -> Array:
    """(J, J) joint covariance once ``run`` is observed with this variance."""
    column = covariance[:, run]
    updated: Array = covariance - np.outer(column, column) / (column[run] + variance)
    return updated


def forget(covariance: Array, run: int, variance: float) -> Array:
    """(J, J) joint covariance as if one observation of ``run`` had not been made."""
    column = covariance[:, run]
    updated: Array = covariance + np.outer(column, column) / (variance - column[run])
    return updated


def choose_runs(covariance: Array, runs: int, variance: float, lots: int, determinant: bool) -> list[int]:
    """Numbers of the runs to make, ``lots`` of them, one as often as it pays; in the order of choice.

    Parameters
    ----------
    covariance : (m + r, m + r), m candidate ``runs`` first, then r quantities that are to be known: the sum of
        their variances is made small, or with ``determinant`` the determinant of their covariance.
    variance : of the outcome of one lot.
    """
    chosen: list[int] = []
    for _ in range(lots):
        chosen.append(_pick(covariance, runs, variance, determinant, None))
        covariance = observe(covariance, chosen[-1], variance)
    for _ in range(PASSES):
        changed = False
        for place, present in enumerate(chosen):
            covariance = forget(covariance, present, variance)
            chosen[place] = _pick(covariance, runs, variance, determinant, present)
            changed |= chosen[place] != present
            covariance = observe(covariance, chosen[place], variance)
        if not changed:
            break
    return chosen


def best_run(covariance: Array, runs: int, variance: float, row: Array) -> int:
    """The run that takes most off the variance of ``row`` (r,) times the quantities behind the runs."""
    shared = row @ covariance[runs:, :runs]
    return int(np.argmax(shared**2 / (np.diag(covariance)[:runs] + variance)))


def in_order(covariance: Array, runs: int, variance: float, lots: list[int], determinant: bool) -> list[int]:
    """The same lots (numbers of runs) so that each next one helps most."""
    left, ordered = list(lots), []
    while left:
        helps = _helps(covariance, runs, variance, determinant)
        best = max(left, key=lambda run: (helps[run], -run))
        left.remove(best)
        ordered.append(best)
        covariance = observe(covariance, best, variance)
    return ordered


def _pick(covariance: Array, runs: int, variance: float, determinant: bool, present: int | None) -> int:
    """The run that helps most; ``present`` stays where nothing is clearly better, else the first of equals."""
    helps = _helps(covariance, runs, variance, determinant)
    best = int(np.argmax(helps >= helps.max() * (1.0 - WORTH)))
    if present is not None and helps[present] >= helps[best] * (1.0 - WORTH):
        return present
    return best


def _helps(covariance: Array, runs: int, variance: float, determinant: bool) -> Array:
    """(m,) how much one more lot of each run takes off the criterion; >= 0."""
    own = np.diag(covariance)[:runs] + variance
    shared = covariance[runs:, :runs]
    if not determinant:
        taken: Array = (shared**2).sum(axis=0) / own
        return taken
    wanted = covariance[runs:, runs:]
    ridge = 1e-10 * np.trace(wanted) / len(wanted) * np.eye(len(wanted))
    part = (shared * np.linalg.solve(wanted + ridge, shared)).sum(axis=0) / own
    return -np.log1p(-np.minimum(part, 1.0 - 1e-12))
