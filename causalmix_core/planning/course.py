"""What is known of a decision as runs are made one lot after another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.planning.exchange import best_run, observe
from causalmix_core.planning.regret import expected_regret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.correction import Correction
    from causalmix_core.effects.response import Response
    from causalmix_core.planning.rivals import Rivals

    Array = NDArray[np.float64]

POINTS = 9
# Lots on the way to a settled verdict, and how often their size doubles: up to 16 (2^8 - 1) = 4,080 runs.
LOTS, DOUBLINGS = 16, 8


@dataclass(frozen=True, eq=False)
class Course:
    """Along the number of further runs: arrays of one length, from 0 runs to all of a plan.

    Attributes
    ----------
    runs : (P,) increasing from 0.
    gain_se : (P,) expected standard error of the recommended mixture's gain, outcome units.
    regret : (P,) expected regret of the mixture that would then be recommended, outcome units.
    """

    runs: NDArray[np.int64]
    gain_se: Array
    regret: Array


@dataclass(frozen=True, eq=False)
class Known:
    """What stands before any further run.

    Attributes
    ----------
    response : at the target pool. ``rivals`` : the recommended mixture first.
    step : (2K,) features of the recommended mixture less those of the anchor.
    n_runs : runs of the fit. ``correction`` : of gains, measured on them.
    quantile : half-width of the interval in standard errors.
    """

    response: Response
    rivals: Rivals
    step: Array
    n_runs: int
    correction: Correction
    quantile: float

    def gain_se(self, covariance: Array, runs: float) -> float:
        """Standard error at a covariance (2K, 2K); doubt of the correction falls like one over the runs."""
        estimated = float(self.step @ self.response.coefficients)
        doubt = self.correction.error * estimated * self.n_runs / (self.n_runs + runs)
        return math.hypot(math.sqrt(max(float(self.step @ covariance @ self.step), 0.0)), doubt)

    def settled(self, covariance: Array, runs: float) -> bool:
        """Whether the gain's lower end would be above 0."""
        gain = self.correction.factor * float(self.step @ self.response.coefficients)
        return gain > self.quantile * self.gain_se(covariance, runs)


def follow(known: Known, covariance: Array, order: Sequence[int], variance: float, repeats: int) -> Course:
    """The course of lots made in ``order``.

    Parameters
    ----------
    covariance : (m + 2K, m + 2K) joint covariance of m runs and the response.
    variance : of the outcome of one lot of ``repeats`` runs.
    """
    size = len(known.step)
    points = np.unique(np.linspace(0, len(order), POINTS).round().astype(int))
    errors, regrets = [], []
    now = covariance
    for made in range(len(order) + 1):
        if made in points:
            after = now[-size:, -size:]
            errors.append(known.gain_se(after, made * repeats))
            regrets.append(expected_regret(known.response, known.rivals, after if made else None))
        if made < len(order):
            now = observe(now, order[made], variance)
    # Runs never cost a decision anything that was known; what rises here is the noise of drawing.
    return Course(repeats * points, np.array(errors), np.minimum.accumulate(regrets))


def mean_course(courses: Sequence[Course]) -> Course:
    """The average of courses of one length."""
    return Course(
        courses[0].runs,
        np.mean([course.gain_se for course in courses], axis=0),
        np.mean([course.regret for course in courses], axis=0),
    )


def runs_to_settle(
    known: Known, covariance: Array, pick: Callable[[Array, float], int], noise: float
) -> int | None:
    """Runs after which the gain's lower end would be above 0 if the gain is as estimated.

    0 where it is already, None where more runs than anybody plans for (4,080) would not do.

    Parameters
    ----------
    covariance : (m + 2K, m + 2K) joint covariance of m runs and the response.
    pick : the next run, from the covariance so far and the variance of one lot.
    noise : variance of one run's outcome.
    """
    size, made, now = len(known.step), 0, covariance
    if known.settled(now[-size:, -size:], 0):
        return 0
    for doubling in range(DOUBLINGS):
        lot = 2**doubling
        for _ in range(LOTS):
            now = observe(now, pick(now, noise / lot), noise / lot)
            made += lot
            if known.settled(now[-size:, -size:], made):
                return made
    return None


def best_for_gain(known: Known, runs: int) -> Callable[[Array, float], int]:
    """Pick for :func:`runs_to_settle`: of the first ``runs``, the one that tells most of the gain."""
    return lambda covariance, variance: best_run(covariance, runs, variance, known.step)
