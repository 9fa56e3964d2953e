"""The verification from beginning to end: score the new pools, choose and predict, then train everything that was chosen."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.listed import Listed, Recipe, train_listed
from causalmix_core.study.making import make_text, start_of, worker_settings
from causalmix_core.study.outcome import outcome_of, weighted_loss
from causalmix_core.study.rivals.ground import Ground
from causalmix_core.study.tables import MADE, read_study_runs
from causalmix_core.study.verification.pools import score_new_pools
from causalmix_core.study.verification.predictions import PREDICTIONS, keep_predictions, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from causalmix_core.evidence import RunsTable
    from causalmix_core.study.listed import Trained
    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan
    from causalmix_core.study.verification.pools import ScoredPools

    Progress = Callable[[float, str], None]

RESULTS, STAGE, LEVEL = "verification.csv", "verification", 0.9


@dataclass(frozen=True)
class Round:
    """One round of training of choices: the ``stage`` it lies in, the ``seed`` and number of its ``orders`` of text."""

    stage: str
    seed: int
    orders: int
    phase: str


def main_round(plan: StudyPlan, stage: str = STAGE) -> Round:
    """The verification's own orders."""
    return Round(stage, plan.verification["seed"], plan.verification["orders"], "training what was chosen")


def verify(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None
) -> list[dict[str, str]]:
    """Train what every method chooses on pools that no run has seen; the rows of verification.csv.

    Predictions are written and hashed before the first run. What is done is found and not repeated.

    Raises
    ------
    StudyError : the study's runs are not made yet, or runs failed at every try.
    """
    place.claim(plan)
    predictions = predict_all(plan, place, means, progress)
    rows = train_choices(plan, place, means, predictions, progress)
    write_atomically(place.tables / RESULTS, rows_csv(rows))
    return rows


def predict_all(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None
) -> dict[str, Any]:
    """The predictions of the verification, made now or found."""
    if not (place.tables / MADE).exists():
        raise StudyError(
            f"{place.tables} holds no runs of {plan.name} yet; `study run {plan.name}` makes them."
        )
    make_text(plan, place, means, progress)
    table = read_study_runs(place.tables)
    scored = score_new_pools(plan, place, table, progress)
    hashes = {"plan_sha256": plan.sha256, "runs_sha256": table.sha256, "pools_sha256": scored.sha256}
    return keep_predictions(
        place.tables / PREDICTIONS,
        lambda: predict(
            ground_of(plan, table, scored),
            plan.verification["methods"],
            scored.pools,
            scored.at_hand,
            hashes,
            progress,
        ),
    )


def ground_of(plan: StudyPlan, table: RunsTable, scored: ScoredPools) -> Ground:
    """What the methods of a plan look at."""
    return Ground(
        table,
        plan.outcome,
        plan.weights,
        scored.natural,
        scored.clean,
        plan.verification.get("held_out_domain", ""),
        LEVEL,
        plan.plain["fit"]["seed"],
        plan.verification["predictor"],
    )


def train_choices(
    plan: StudyPlan,
    place: StudyPlace,
    means: Means,
    predictions: Mapping[str, Any],
    progress: Progress | None = None,
    asked: Round | None = None,
) -> list[dict[str, str]]:
    """Train the choices of all methods, in the verification's own round or another.

    One row a pool, method and order. Equal counts on one pool are trained once.
    """
    from causalmix_core.study.verification.groups import new_pools

    asked, domains = asked or main_round(plan), predictions["domains"]
    pools = {
        name: pool.state for name, pool in new_pools(plan, domains).items() if name in predictions["pools"]
    }
    listed, places = distinct(predictions, plan.examples, asked.orders)
    settings = worker_settings(plan, start_of(plan, place))
    recipe = Recipe(plan.examples, asked.seed, settings, means.slots)
    trained = train_listed(
        plan, place, place.stage(asked.stage), pools, listed, recipe, asked.phase, progress
    )
    by_row: dict[int, list[Trained]] = {}
    for one in trained:
        by_row.setdefault(one.row, []).append(one)
    tags = {"predictions_sha256": str(predictions["sha256"])}
    return [
        row_of(
            plan, {"pool_id": pool, "group": predictions["pools"][pool]["group"], "method": method}, one, tags
        )
        for (pool, method), row in places.items()
        for one in by_row[row]
    ]


def distinct(
    predictions: Mapping[str, Any], windows: int, orders: int
) -> tuple[list[Listed], dict[tuple[str, str], int]]:
    """Mixtures to train, and which of them is the choice of each (pool, method)."""
    from causalmix_core.proxy.design.counts import largest_remainder

    listed: list[Listed] = []
    known: dict[tuple[str, tuple[int, ...]], int] = {}
    places = {}
    for pool, said in predictions["pools"].items():
        for method, choice in said["choices"].items():
            mixture = {domain: choice["mixture"][domain] for domain in predictions["domains"]}
            counts = largest_remainder(np.array(list(mixture.values())), windows)
            key = (pool, tuple(counts.tolist()))
            if key not in known:
                known[key] = len(listed)
                listed.append(Listed(pool, mixture, orders))
            places[pool, method] = known[key]
    return listed, places


def row_of(
    plan: StudyPlan,
    first: Mapping[str, str],
    one: Trained,
    last: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, str]:
    """A finished run as a row: what it is, its shares and outcomes, and where it was trained.

    ``weights`` : of the outcome, where they are not the plan's.
    """
    outcome = weighted_loss(weights, one.losses) if weights else outcome_of(plan, one.losses)
    losses = {**one.losses, plan.outcome: outcome}
    return {
        "run_id": one.run_id,
        **first,
        "order": str(one.order),
        "seed": str(one.seed),
        **{f"share_{domain}": repr(share) for domain, share in one.shares.items()},
        **{f"y_{name}": repr(value) for name, value in losses.items()},
        "seconds": f"{one.seconds:.3f}",
        "device": one.device,
        **(last or {}),
    }


def rows_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows of one shape as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
