"""Scale: what the small runs recommend, trained on larger budgets, larger models, and on two domains only.

The choices of a larger budget or model are those of the verification: no run of that size is seen before. A case with
domains or weights of its own is chosen for afresh from the same small runs, their outcome weighed anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.listed import Recipe, train_listed
from causalmix_core.study.making import make_text, worker_settings
from causalmix_core.study.oracle import first_pools
from causalmix_core.study.place import Stage
from causalmix_core.study.plan import closed
from causalmix_core.study.tables import read_study_runs
from causalmix_core.study.training import is_trained
from causalmix_core.study.verification.groups import new_pools
from causalmix_core.study.verification.pools import score_new_pools
from causalmix_core.study.verification.predictions import (
    PREDICTIONS,
    keep_predictions,
    predict,
    read_predictions,
)
from causalmix_core.study.verification.verify import distinct, ground_of, row_of, rows_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from causalmix_core.evidence import RunsTable
    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]
    Case = Mapping[str, Any]

SCALE, SCALE_PREDICTIONS = "scale.csv", "scale_predictions.json"
MOST_EPOCHS = 4  # a larger budget may read a small domain again


def scale(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None, only: str = ""
) -> list[dict[str, str]]:
    """Train every case of the plan, or ``only`` the one of this name; the rows of scale.csv, which holds all finished cases.

    Raises
    ------
    StudyError : no such case, the verification's predictions are not made yet, or runs failed at every try.
    """
    place.claim(plan)
    cases = plan.part("scale")["cases"]
    if only and only not in cases:
        raise StudyError(f"The plan {plan.name} has no case {only!r}; it has {', '.join(cases)}.")
    make_text(plan, place, means, progress)
    predictions = read_predictions(place.tables / PREDICTIONS)
    rows = []
    for name, case in cases.items():
        if only in ("", name) or is_trained(case_stage(place, name)):
            chosen = choices_of(plan, place, name, case, predictions, progress)
            rows += train_case(plan, place, means, name, case, chosen, progress)
    write_atomically(place.tables / SCALE, rows_csv(rows))
    return rows


def case_stage(place: StudyPlace, name: str) -> Stage:
    """Folders of a case's training."""
    return Stage(place.work / "scale" / name)


def choices_of(
    plan: StudyPlan,
    place: StudyPlace,
    name: str,
    case: Case,
    predictions: Mapping[str, Any],
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The predictions that a case trains: of its pools and the plan's methods only."""
    methods, pools = plan.part("scale")["methods"], first_pools(predictions, case["pools"])
    of_case = predictions
    if "domains" in case or "weights" in case:
        path = place.tables / SCALE_PREDICTIONS.replace(".json", f"-{name}.json")
        of_case = keep_predictions(path, lambda: _predict(plan, place, name, case, methods, progress))
    chosen = {
        pool: {
            "group": of_case["pools"][pool]["group"],
            "choices": {m: of_case["pools"][pool]["choices"][m] for m in methods},
        }
        for pool in pools
    }
    return {**of_case, "pools": chosen}


def train_case(
    plan: StudyPlan,
    place: StudyPlace,
    means: Means,
    name: str,
    case: Case,
    chosen: Mapping[str, Any],
    progress: Progress | None = None,
) -> list[dict[str, str]]:
    """Train one case; a row a pool, method and order."""
    windows = case.get("windows", plan.plain["runs"]["windows"])
    listed, places = distinct(chosen, windows, case["orders"])
    pools = {
        pool: new.state for pool, new in new_pools(plan, chosen["domains"]).items() if pool in chosen["pools"]
    }
    settings = worker_settings(plan, start_of(plan, place, case, progress))
    recipe = Recipe(windows, plan.verification["seed"], settings, means.slots, MOST_EPOCHS)
    trained = train_listed(plan, place, case_stage(place, name), pools, listed, recipe, name, progress)
    weights = closed(case["weights"]) if "weights" in case else plan.weights
    rows = []
    for (pool, method), row in places.items():
        first = {"case": name, "pool_id": pool, "group": chosen["pools"][pool]["group"], "method": method}
        tags = {"predictions_sha256": str(chosen["sha256"])}
        rows += [row_of(plan, first, one, tags, weights) for one in trained if one.row == row]
    return rows


def start_of(plan: StudyPlan, place: StudyPlace, case: Case, progress: Progress | None = None) -> Path | None:
    """The base that a case's runs start from, made where it is another size; None for the study's own."""
    from causalmix_core.proxy.training.base import make_base

    if "size" not in case:
        return None
    folder = place.work / "bases" / case["size"]
    tokens = case.get("base_tokens", plan.plain["base"]["tokens"])
    make_base(place.corpus, case["size"], tokens, plan.plain["base"]["seed"], progress, folder)
    return folder


def as_case(table: RunsTable, name: str, weights: Mapping[str, float]) -> RunsTable:
    """The study's runs with the case's own outcome, ``name``, beside the others, and its weights as the anchor."""
    from causalmix_core.evidence.canonical import content_hash
    from causalmix_core.evidence.table import Outcome

    parts = [(weight, table.outcome(f"bpb_{domain}")) for domain, weight in weights.items()]
    score = np.sum([weight * table.score(part.name) for weight, part in parts], axis=0)
    made = replace(
        table,
        outcomes=(*table.outcomes, Outcome(name, higher_is_better=False, unit=parts[0][1].unit)),
        scores=np.column_stack([table.scores, score]),
        natural=np.array([weights.get(domain, 0.0) for domain in table.domains]),
        default_outcome=name,
        sha256="",
    )
    return replace(made, sha256=content_hash(made))


def _predict(
    plan: StudyPlan, place: StudyPlace, name: str, case: Case, methods: list[str], progress: Progress | None
) -> dict[str, Any]:
    runs = read_study_runs(place.tables)
    scored = score_new_pools(plan, place, runs, progress)
    weights = closed(case["weights"]) if "weights" in case else plan.weights
    table = as_case(runs, f"bpb_{name}", weights)
    ground = replace(
        ground_of(plan, table, scored),
        outcome=f"bpb_{name}",
        weights=weights,
        present=tuple(case.get("domains", ())),
    )
    hashes = {"plan_sha256": plan.sha256, "runs_sha256": runs.sha256, "pools_sha256": scored.sha256}
    asked = {pool: new for pool, new in scored.pools.items() if new.group in case["pools"]}
    return predict(ground, methods, asked, scored.at_hand, hashes, progress)
