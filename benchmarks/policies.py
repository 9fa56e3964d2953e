"""Objectives under caps, locks, floors and several pools: how long they take, and whether a generic solver does better."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.generic import highest, value
from benchmarks.printing import print_table
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.objective import OBJECTIVES, Floor, Objective
from causalmix_core.decision.objectives.choose import choose
from causalmix_core.decision.region import METRICS, make_region
from causalmix_core.decision.solvers.candidates import pull_inside
from causalmix_core.effects.response import Response
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.objective import ObjectiveKind
    from causalmix_core.decision.region import Metric, Region

    Array = NDArray[np.float64]

SIZES = {3: 40, 7: 40, 17: 20, 64: 4}
STARTS = {3: 20, 7: 20, 17: 10, 64: 2}
LEVEL = 0.9
BETTER = 1e-6
# Differences are relative to the objective, or to this part of the largest coefficient where that is more.
LEAST_SIZE = 1e-3
RADIUS = {"tv": 0.2, "kl": 0.15, "l2": 0.2}


@dataclass(frozen=True, eq=False)
class Problem:
    """One random problem: what is asked for, of which responses, within which region."""

    objective: Objective
    response: Response
    region: Region
    floors: tuple[tuple[Response, Floor], ...]
    futures: tuple[Response, ...]

    def solve(self) -> Array:
        """(K,) what the product answers."""
        return choose(
            self.objective,
            self.response,
            self.region,
            level=LEVEL,
            floors=self.floors,
            futures=self.futures,
        )

    def score(self, shares: Array) -> float:
        """What the objective is worth at a mixture, higher is better."""
        anchor = self.region.anchor
        if self.objective.wanted is not None:
            return -float(distance(self.region.metric, anchor, shares))
        return min(value(goal, shares, anchor) for goal in self.goals)

    @property
    def goals(self) -> list[tuple[Response, float, float]]:
        """What is raised, as :mod:`benchmarks.generic` takes it."""
        sure = NormalDist().inv_cdf(0.5 + LEVEL / 2.0) if self.objective.kind == "lower_bound" else 0.0
        return [(response, sure, 0.0) for response in (self.response, *self.futures)]

    @property
    def held(self) -> list[tuple[Response, float, float]]:
        """What must not fall, likewise."""
        quantile = NormalDist().inv_cdf(0.5 + LEVEL / 2.0)
        return [(response, quantile if floor.sure else 0.0, floor.least) for response, floor in self.floors]


def problem(kind: ObjectiveKind, metric: Metric, k: int, mixed: bool, seed: int) -> Problem:
    """A problem with caps, a lock, and, every second time, an outcome or two that must not fall."""
    rng = np.random.default_rng(seed)
    names = tuple(f"d{i}" for i in range(k))
    anchor = rng.dirichlet(np.full(k, 2.0))
    bounds = {names[i]: (0.3 * anchor[i], min(1.0, 2.0 * anchor[i])) for i in range(0, k, 3)}
    locked = (names[1],) if k > 3 else ()
    region = make_region(names, anchor, RADIUS[metric] * rng.uniform(0.3, 1.5), metric, bounds, locked)
    epsilon = float(10.0 ** rng.uniform(-3.0, -1.0))
    responses = [_response(rng, names, epsilon, mixed) for _ in range(3)]
    own, others = responses[0], responses[1:]
    floors = tuple((other, Floor(f"o{i}", 0.0, bool(i))) for i, other in enumerate(others[: seed % 3]))
    futures = tuple(_near(rng, own, mixed) for _ in range(2)) if kind == "maximin" else ()
    wanted = None
    if kind == "least_change":
        best = choose(Objective(), own, region, floors=floors)
        wanted = float(own.gain(best, anchor)) * rng.uniform(0.2, 0.9)
        if not wanted > 0.0:
            return problem(kind, metric, k, mixed, seed + 100_003)
    return Problem(Objective(kind, wanted), own, region, floors, futures)


def compare(asked: Problem, starts: int, seed: int) -> tuple[float, float]:
    """Milliseconds of the product's answer, and by how much, relatively, a generic solver does better."""
    begun = time.perf_counter()
    shares = asked.solve()
    taken = 1e3 * (time.perf_counter() - begun)
    rng = np.random.default_rng(seed)
    drawn = pull_inside(rng.dirichlet(np.full(len(shares), 0.7), starts), asked.region)
    own = asked.score(shares)
    if asked.objective.wanted is not None:
        return taken, _shorter(asked, drawn, -own)
    found, _ = highest(asked.goals, asked.held, asked.region, drawn)
    size = max(abs(own), LEAST_SIZE * float(np.abs(asked.response.coefficients).max()))
    return taken, (found - own) / size


def _shorter(asked: Problem, drawn: Array, length: float) -> float:
    """1e-6 where a radius smaller by that part still reaches the gain, else 0."""
    smaller = replace(asked.region, radius=length * (1.0 - 2.0 * BETTER))
    found, _ = highest(asked.goals, asked.held, smaller, pull_inside(drawn, smaller))
    return 2.0 * BETTER if found >= (asked.objective.wanted or 0.0) else 0.0


def _response(rng: np.random.Generator, names: tuple[str, ...], epsilon: float, mixed: bool) -> Response:
    k = len(names)
    log = rng.normal(size=k)
    root = rng.normal(size=(2 * k, 2 * k)) * rng.uniform(0.05, 0.6) / np.sqrt(2 * k)
    root *= np.repeat([1.0, 3.0], k)[:, None]
    return Response(names, epsilon, log if mixed else np.abs(log), 3.0 * rng.normal(size=k), root @ root.T)


def _near(rng: np.random.Generator, own: Response, mixed: bool) -> Response:
    other = _response(rng, own.domains, own.epsilon, mixed)
    return Response(
        own.domains,
        own.epsilon,
        0.5 * (own.log_coefficients + other.log_coefficients),
        0.5 * (own.linear_coefficients + other.linear_coefficients),
        own.covariance,
    )


def run() -> None:
    """Print times and the share of problems in which the generic solver found something better."""
    for kind in OBJECTIVES:  # what first decisions import is not their work
        problem(kind, "tv", 3, mixed=True, seed=1).solve()
    print("\n## Objectives: time and comparison with a generic solver")
    rows: list[list[object]] = []
    for k, count in SIZES.items():
        for kind in OBJECTIVES:
            for metric in METRICS:
                rows.append([k, kind, metric, *_cell(kind, metric, k, count)])
    head = ["domains", "objective", "metric", "median ms", "90 % ms", "worst ms", "problems", "refused"]
    print_table([*head, "generic better (concave)", "generic better (mixed)"], rows)


def _cell(kind: ObjectiveKind, metric: Metric, k: int, count: int) -> list[object]:
    times: list[float] = []
    better: dict[bool, list[bool]] = {False: [], True: []}
    refused = 0
    for seed in range(count):
        mixed = bool(seed // 2 % 2)
        try:
            taken, ahead = compare(problem(kind, metric, k, mixed, seed), STARTS[k], seed)
        except ObjectiveError:
            refused += 1
            continue
        times.append(taken)
        better[mixed].append(ahead > BETTER)
    spread = [float(np.median(times)), float(np.quantile(times, 0.9)), float(np.max(times))]
    return [*spread, len(times), refused, float(np.mean(better[False])), float(np.mean(better[True]))]
