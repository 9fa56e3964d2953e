"""A search by training itself on a few new pools: as near to the best mixture as so many runs come.

It starts from the choice that did best there, tries mixtures around it, moves to the mean of the best few and looks closer
around that. It searches in an order of text of its own, so that the orders it is compared in have no part in the choice.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.listed import Listed, Recipe, train_listed
from causalmix_core.study.making import make_text, start_of, worker_settings
from causalmix_core.study.outcome import outcome_of
from causalmix_core.study.place import Stage
from causalmix_core.study.verification.groups import new_pools
from causalmix_core.study.verification.predictions import PREDICTIONS, read_predictions
from causalmix_core.study.verification.verify import RESULTS, row_of, rows_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.proxy.design.states import PoolState
    from causalmix_core.study.listed import Trained
    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]

ORACLE = "oracle.csv"
FIRST_SHARPNESS = 30.0  # of the Dirichlet law around the middle; doubled every round
LEAST = 0.01  # share that keeps a domain in the search
PARENTS = 3  # the middle of the next round is the mean of so many: one alone would be the luckiest


def search(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None
) -> list[dict[str, str]]:
    """Search on the plan's pools and train the ends of the searches like every choice; the rows of oracle.csv.

    Raises
    ------
    StudyError : the verification is not made yet, or runs failed at every try.
    """
    place.claim(plan)
    asked, predictions = plan.part("oracle"), read_predictions(place.tables / PREDICTIONS)
    middles = best_choices(
        plan, place.tables / RESULTS, predictions, first_pools(predictions, asked["pools"])
    )
    make_text(plan, place, means, progress)
    pools = {name: pool.state for name, pool in new_pools(plan, predictions["domains"]).items()}
    pools = {name: pools[name] for name in middles}
    rows = []
    for number in range(asked["rounds"]):
        tried = candidates(middles, number, asked)
        done = _train(plan, place, f"round-{number}", pools, tried, 1, asked["seed"], means, progress)
        rows += _rows(plan, predictions, "search", number, tried, done)
        middles = next_middles(plan, middles, tried, done)
    last = [(pool, 0, middle) for pool, middle in middles.items()]
    seed, orders = plan.verification["seed"], plan.verification["orders"]
    done = _train(plan, place, "final", pools, last, orders, seed, means, progress)
    rows += _rows(plan, predictions, "final", asked["rounds"], last, done)
    write_atomically(place.tables / ORACLE, rows_csv(rows))
    return rows


def first_pools(predictions: Mapping[str, Any], wanted: Mapping[str, int]) -> list[str]:
    """The first so many pools of each group."""
    found = []
    for group, count in wanted.items():
        found += [name for name, said in predictions["pools"].items() if said["group"] == group][:count]
    return found


def best_choices(
    plan: StudyPlan, results: Path, predictions: Mapping[str, Any], pools: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Pool -> the mixture whose trained outcome is the best there, over the verification's orders."""
    try:
        with results.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["pool_id"] in pools]
    except FileNotFoundError:
        raise StudyError(f"{results} is missing; `study verify {plan.name}` makes it.") from None
    losses: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        losses.setdefault((row["pool_id"], row["method"]), []).append(float(row[f"y_{plan.outcome}"]))
    best = {}
    for pool in pools:
        means = {method: float(np.mean(found)) for (name, method), found in losses.items() if name == pool}
        best[pool] = predictions["pools"][pool]["choices"][min(means, key=means.__getitem__)]["mixture"]
    return best


def candidates(
    middles: Mapping[str, Mapping[str, float]], number: int, asked: Mapping[str, Any]
) -> list[tuple[str, int, dict[str, float]]]:
    """(pool, place, mixture) of one round: each pool's middle, and mixtures drawn around it."""
    found = []
    for place, (pool, middle) in enumerate(middles.items()):
        rng = np.random.default_rng([asked["seed"], number, place])
        centre = np.maximum(list(middle.values()), LEAST)
        sharp = FIRST_SHARPNESS * 2.0**number * centre / centre.sum()
        drawn = [np.array(list(middle.values())), *rng.dirichlet(sharp, asked["candidates"] - 1)]
        found += [
            (pool, i, dict(zip(middle, map(float, shares), strict=True))) for i, shares in enumerate(drawn)
        ]
    return found


def next_middles(
    plan: StudyPlan,
    middles: Mapping[str, Mapping[str, float]],
    tried: Sequence[tuple[str, int, Mapping[str, float]]],
    done: Sequence[Trained],
) -> dict[str, dict[str, float]]:
    """Pool -> the mean of the best few mixtures of a round."""
    found = {}
    for pool in middles:
        own = [(outcome_of(plan, one.losses), tried[one.row][2]) for one in done if tried[one.row][0] == pool]
        parents = [mixture for _, mixture in sorted(own, key=lambda pair: pair[0])[:PARENTS]]
        found[pool] = {d: float(np.mean([mixture[d] for mixture in parents])) for d in parents[0]}
    return found


def _train(
    plan: StudyPlan,
    place: StudyPlace,
    name: str,
    pools: Mapping[str, PoolState],
    tried: Sequence[tuple[str, int, Mapping[str, float]]],
    orders: int,
    seed: int,
    means: Means,
    progress: Progress | None,
) -> list[Trained]:
    listed = [Listed(pool, mixture, orders) for pool, _, mixture in tried]
    settings = worker_settings(plan, start_of(plan, place))
    recipe = Recipe(plan.examples, seed, settings, means.slots)
    stage = Stage(place.work / "oracle" / name)
    return train_listed(plan, place, stage, pools, listed, recipe, f"search, {name}", progress)


def _rows(
    plan: StudyPlan,
    predictions: Mapping[str, Any],
    stage: str,
    number: int,
    tried: Sequence[tuple[str, int, Mapping[str, float]]],
    done: Sequence[Trained],
) -> list[dict[str, str]]:
    rows = []
    for one in done:
        pool, candidate, _ = tried[one.row]
        first = {
            "pool_id": pool,
            "group": predictions["pools"][pool]["group"],
            "stage": stage,
            "round": str(number),
            "candidate": str(candidate),
        }
        rows.append(row_of(plan, first, one))
    return rows
