"""The next runs worth paying for: designs that tell most about one decision.

Runs are chosen without knowing what they will find (:mod:`~causalmix_core.effects.information`), by greedy choice and
exchanges (:mod:`~causalmix_core.planning.exchange`), for one of the criteria of :mod:`~causalmix_core.planning.criteria`.
``python -m benchmarks planner`` prints how many random runs a planned one is worth where the truth is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.solvers.concave import maximise_log_linear
from causalmix_core.effects.information import knows_pools, run_information
from causalmix_core.errors import PlanError
from causalmix_core.planning.candidates import candidate_runs
from causalmix_core.planning.choices import CRITERIA, POOLS
from causalmix_core.planning.course import (
    Course,
    Known,
    best_for_gain,
    follow,
    mean_course,
    runs_to_settle,
)
from causalmix_core.planning.criteria import wanted_quantities
from causalmix_core.planning.exchange import choose_runs, in_order
from causalmix_core.planning.rivals import find_rivals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit
    from causalmix_core.planning.candidates import Candidates
    from causalmix_core.planning.choices import Criterion, PoolsName

    Array = NDArray[np.float64]

MOST_RUNS = 1024
RANDOM_PLANS, RANDOM_SETTLED = 8, 3
MOST_OF_TABLE = 240  # runs that random plans are drawn from


@dataclass(frozen=True, eq=False)
class PlannedRun:
    """One design: ``repeats`` runs of a mixture (K,) on a pool, "target" or a pool of the table, of state (d,)."""

    pool: str
    state: Array
    shares: Array
    repeats: int


@dataclass(frozen=True, eq=False)
class Plan:
    """Runs to make next, and what they are expected to bring.

    Attributes
    ----------
    domains : K names. ``criterion``, ``pools``, ``repeats``, ``seed``, ``level`` : as asked for.
    designs : distinct runs with their repeats, in the order in which they help most.
    recommended, anchor : (K,) the mixture that the decision recommends now, and its anchor.
    gain : of the recommended mixture over the anchor, corrected, outcome units, higher is better.
    planned : what is known as the planned runs are made; ``random`` : the average over as many runs picked at
        random from the table's own design.
    settles, random_settles : runs, picked for that alone or at random, after which the gain's lower end would be above
        0 if the gain is as estimated; 0 where it is already, None where no number in reach would do.
    exact : False where the estimator does not say what runs on one pool tell of another; runs are then all on
        the target pool.
    """

    domains: tuple[str, ...]
    criterion: Criterion
    pools: PoolsName
    repeats: int
    seed: int
    level: float
    designs: tuple[PlannedRun, ...]
    recommended: Array
    anchor: Array
    gain: float
    planned: Course
    random: Course
    settles: int | None
    random_settles: int | None
    exact: bool

    @property
    def n_runs(self) -> int:
        """Runs of the whole plan."""
        return sum(design.repeats for design in self.designs)


def plan_runs(
    fit: Fit,
    pool: Array,
    region: Region,
    n: int,
    *,
    criterion: Criterion = "regret",
    repeats: int = 1,
    pools: PoolsName = "target",
    seed: int = 0,
    level: float = 0.9,
    correction: Correction = NONE,
    chosen: Array | None = None,
) -> Plan:
    """Plan ``n`` further runs for the decision at ``pool`` (d,) within ``region``.

    Parameters
    ----------
    n : 1..1024 runs, a multiple of ``repeats``.
    criterion : see :mod:`~causalmix_core.planning.criteria`.
    repeats : >= 1, runs of every design (with seeds of their own); where it pays, a design is made several
        times as often.
    pools : where runs can be made: on the target pool, on pools of the table, or on both.
    seed : of draws from the posterior and of random mixtures.
    level : of the gain's interval, which is to be above 0.
    correction : of gains of chosen mixtures, as in :func:`~causalmix_core.decision.decide.decide`.
    chosen : (K,) the mixture recommended now; by default the one of highest expected outcome.

    Raises
    ------
    PlanError : a number out of range, an unknown word, or pools of the table with an estimator that cannot say
        what they tell of the target.
    InfeasibleRegion, AnchorError : the region is empty.
    """
    from threadpoolctl import threadpool_limits

    _refuse(fit, n, criterion, repeats, pools, level)
    check_region(region)
    with threadpool_limits(limits=1):
        response = fit.response(pool)
        best = maximise_log_linear(response, region) if chosen is None else chosen
        rivals = find_rivals(response, region, best, seed)
        candidates = candidate_runs(fit.table, pool, region, rivals, pools, seed)
        own = _own_design(fit)
        information = run_information(
            fit,
            pool,
            np.concatenate([candidates.shares, fit.table.shares[own]]),
            np.concatenate([candidates.states, fit.table.states[own]]),
        )
        step = response.features(best) - response.features(region.anchor)
        quantile = NormalDist().inv_cdf(0.5 + level / 2.0)
        known = Known(response, rivals, step, fit.table.n_runs, correction, quantile)
        joint, count, variance = information.covariance, len(candidates.pools), information.noise / repeats
        wanted = wanted_quantities(criterion, response, rivals, region.anchor)
        goal = _with_goal(joint, count, len(own), wanted)
        lots = choose_runs(goal, count, variance, n // repeats, criterion == "d-optimal")
        lots = in_order(goal, count, variance, lots, criterion == "d-optimal")
        planned = _followed(known, joint, lots, variance, repeats)
        rng = np.random.default_rng(seed)
        picks = [(count + rng.choice(len(own), n)).tolist() for _ in range(RANDOM_PLANS)]
        random = mean_course([_followed(known, joint, order, information.noise, 1) for order in picks])
        settles, random_settles = _settling(known, joint, count, len(own), information.noise, rng)
    gain = correction.factor * float(step @ response.coefficients)
    return Plan(
        region.domains, criterion, pools, repeats, seed, level, _designs(candidates, lots, repeats), best,
        region.anchor, gain, planned, random, settles, random_settles, information.exact,
    )  # fmt: skip


def _settling(
    known: Known, joint: Array, count: int, own: int, noise: float, rng: np.random.Generator
) -> tuple[int | None, int | None]:
    """Runs that settle the verdict, chosen for that and at random (the median of several ways to pick)."""
    size = len(known.step)
    target = np.r_[0:count, len(joint) - size : len(joint)]
    planned = runs_to_settle(known, joint[np.ix_(target, target)], best_for_gain(known, count), noise)
    if planned == 0:
        return 0, 0
    rest = joint[count:, count:]
    found = sorted(
        math.inf if runs is None else runs
        for runs in (
            runs_to_settle(known, rest, lambda _now, _variance: int(rng.integers(own)), noise)
            for _ in range(RANDOM_SETTLED)
        )
    )
    middle = found[RANDOM_SETTLED // 2]
    return planned, None if math.isinf(middle) else int(middle)


def _refuse(fit: Fit, n: int, criterion: Criterion, repeats: int, pools: PoolsName, level: float) -> None:
    if criterion not in CRITERIA:
        raise PlanError(f"There is no criterion {criterion!r}: choose one of {', '.join(CRITERIA)}.")
    if pools not in POOLS:
        raise PlanError(f"Runs cannot be made on {pools!r}: choose one of {', '.join(POOLS)}.")
    if not 1 <= n <= MOST_RUNS:
        raise PlanError(f"The number of runs is {n}; give 1 to {MOST_RUNS:,}.")
    if repeats < 1 or n % repeats:
        raise PlanError(
            f"{n} runs cannot be made with {repeats} repeats of each design; give a multiple of the repeats."
        )
    if not (math.isfinite(level) and 0.0 < level < 1.0):
        raise PlanError(f"The interval's level is {level}; give a number between 0 and 1, such as 0.9.")
    if pools != "target" and not knows_pools(fit):
        raise PlanError(
            f"The estimator {fit.estimator} does not say what runs on one pool tell of another; plan runs on the "
            "target pool, or fit with the estimator components."
        )


def _own_design(fit: Fit) -> NDArray[np.intp]:
    """Rows of the table, evenly thinned."""
    n = fit.table.n_runs
    return np.linspace(0, n - 1, min(n, MOST_OF_TABLE)).astype(np.intp)


def _with_goal(joint: Array, count: int, own: int, wanted: Array) -> Array:
    """Joint covariance of the candidates and the ``wanted`` rows (r, 2K) of the response."""
    runs, response = np.arange(count), np.arange(count + own, len(joint))
    shared = joint[np.ix_(response, runs)]
    goal = wanted @ shared
    inside = wanted @ joint[np.ix_(response, response)] @ wanted.T
    return np.block([[joint[:count, :count], goal.T], [goal, 0.5 * (inside + inside.T)]])


def _followed(known: Known, joint: Array, lots: list[int], variance: float, repeats: int) -> Course:
    """The course on the part of the joint covariance that these lots need."""
    runs, order = np.unique(lots, return_inverse=True)
    kept = np.concatenate([runs, np.arange(len(joint) - len(known.step), len(joint))])
    return follow(known, joint[np.ix_(kept, kept)], order.tolist(), variance, repeats)


def _designs(candidates: Candidates, lots: list[int], repeats: int) -> tuple[PlannedRun, ...]:
    """Each run once, with how often it is made, in the order of first choice."""
    return tuple(
        PlannedRun(
            candidates.pools[run], candidates.states[run], candidates.shares[run], repeats * lots.count(run)
        )
        for run in dict.fromkeys(lots)
    )
