"""The study's runs as a runs table: with its weighted outcome, its anchor, and how it was made."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.checkpoint import held_scorer, held_start
from causalmix_core.study.outcome import outcome_of, unit_of
from causalmix_core.study.place import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from causalmix_core.evidence import RunsTable
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.states import PoolState
    from causalmix_core.study.place import Stage, StudyPlace
    from causalmix_core.study.plan import StudyPlan

RUNS, HIDDEN, MADE = "proxy_runs.csv", "hidden_state.csv", "made.json"
ANCHOR_LABEL = "the outcome's weights"
# The same in every row: said once, in made.json.
CONSTANT = ("design_sha256", "pool_sha256", "model_sha256", "versions", "law")


def write_runs_table(plan: StudyPlan, place: StudyPlace, stage: Stage) -> RunsTable:
    """Collect a stage's finished runs and write proxy_runs.csv, its sidecar, hidden_state.csv and made.json.

    Raises
    ------
    ProxyError, TableError : no run has finished, or what finished is no table.
    """
    from causalmix_core.evidence.canonical import table_csv, table_meta
    from causalmix_core.evidence.meta import meta_path
    from causalmix_core.proxy.design.storage import read_design
    from causalmix_core.proxy.engine.collect import collect

    collected = collect(stage.study)
    found, starts = outcomes_of(stage.study, collected.run_ids), starts_of(plan, place, stage, collected)
    table = as_study_table(plan, collected, found, starts)
    write_atomically(place.tables / RUNS, table_csv(table))
    write_atomically(meta_path(place.tables / RUNS), table_meta(table))
    design = read_design(stage.design)
    write_atomically(place.tables / HIDDEN, hidden_csv(design.pools))
    made = made_of(plan, place, design, collected, table, starts[0])
    write_atomically(place.tables / MADE, canonical_json(made))
    return table


def outcomes_of(study: Path, run_ids: Sequence[str]) -> list[dict[str, float]]:
    """Outcomes of each run, also those that are the same in all runs and so in no table."""
    results = (read_json(study / "runs" / run / "result.json") for run in run_ids)
    return [{name: found["value"] for name, found in result["outcomes"].items()} for result in results]


def starts_of(
    plan: StudyPlan, place: StudyPlace, stage: Stage, collected: RunsTable
) -> list[dict[str, float]]:
    """Outcomes of what each run started from, before it was trained; {} where its result does not say them."""
    if plan.worker == "sft":
        return [held_start(place)["outcomes"]] * collected.n_runs
    results = (read_json(stage.study / "runs" / run / "result.json") for run in collected.run_ids)
    return [result.get("start", {}) for result in results]


def as_study_table(
    plan: StudyPlan,
    collected: RunsTable,
    found: Sequence[Mapping[str, float]],
    starts: Sequence[Mapping[str, float]],
) -> RunsTable:
    """The collected runs under the plan's outcome as a further, first opened one, with the plan's weights as anchor.

    Parameters
    ----------
    found : n outcomes by name. starts : n outcomes of what the runs started from.

    Raises
    ------
    StudyError : the plan's outcome is the same in every run.
    """
    from causalmix_core.evidence.canonical import content_hash
    from causalmix_core.evidence.table import Outcome

    weights = plan.weights
    weighted = -np.array([outcome_of(plan, one) for one in found])
    if np.ptp(weighted) == 0.0:
        raise StudyError(
            f"{plan.outcome} is {-weighted[0]:g} in every run of {plan.name}, so no mixture can be told from another; name "
            "an outcome that some runs do better on (runs.tasks, outcome)."
        )
    first = np.array([-outcome_of(plan, start) if start else np.nan for start in starts])
    kept = {name: values for name, values in collected.provenance.items() if name not in CONSTANT}
    beats = ["" if np.isnan(b) else str(int(w > b)) for w, b in zip(weighted, first, strict=True)]
    table = replace(
        collected,
        name=plan.plain["title"],
        description=plan.plain["question"],
        outcomes=(*collected.outcomes, Outcome(plan.outcome, higher_is_better=False, unit=unit_of(plan))),
        scores=np.column_stack([collected.scores, weighted]),
        natural=np.array([weights[domain] for domain in collected.domains]),
        natural_label=ANCHOR_LABEL,
        default_outcome=plan.outcome,
        provenance={**kept, "beats_start": tuple(beats)},
        sha256="",
    )
    return replace(table, sha256=content_hash(table))


def hidden_csv(pools: Mapping[str, PoolState]) -> bytes:
    """Quality and damage of every domain of every pool: what nobody has of a real pool."""
    domains = list(next(iter(pools.values())))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["pool_id", *(f"quality_{d}" for d in domains), *(f"damage_{d}" for d in domains)])
    for pool, state in pools.items():
        writer.writerow(
            [pool, *(repr(state[d].quality) for d in domains), *(state[d].damage or "" for d in domains)]
        )
    return text.getvalue().encode()


def made_of(
    plan: StudyPlan,
    place: StudyPlace,
    design: Design,
    collected: RunsTable,
    table: RunsTable,
    start: Mapping[str, float],
) -> dict[str, Any]:
    """How the table came about: hashes, models, versions, time."""
    base, scorer = models_of(plan, place)
    losses = [value for name, value in start.items() if name.removeprefix("bpb_") in plan.weights]
    own = {**start, "bpb_mean": sum(losses) / len(losses), plan.outcome: outcome_of(plan, start)}
    laws = Counter((run.assignment.kind, run.assignment.law) for run in design.runs)
    return {
        "plan_sha256": plan.sha256,
        "pool_sha256": design.pool_sha256,
        "tokenizer_sha256": base["tokenizer_sha256"],
        "base": base,
        "scorer": scorer,
        "start": own,
        "design_sha256": design.sha256,
        "runs_sha256": table.sha256,
        "runs": table.n_runs,
        "failed": len(design.runs) - table.n_runs,
        "cpu_seconds": round(sum(map(float, collected.provenance["seconds"])), 1),
        "versions": sorted(set(collected.provenance["versions"])),
        "laws": [
            {"assignment": kind, "law": law, "runs": runs} for (kind, law), runs in sorted(laws.items())
        ],
    }


def models_of(plan: StudyPlan, place: StudyPlace) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is known of the model that runs start from and of the one that scores pools; no place of theirs."""
    from causalmix_core.pools.tokenizer_folder import BASE_FOLDER
    from causalmix_core.proxy.training.base import ABOUT

    base = read_json(place.corpus / BASE_FOLDER / ABOUT) if plan.worker == "tiny" else held_start(place)
    scorer = read_json(place.scorer / ABOUT) if "scorer" in plan.plain else held_scorer(place)
    hidden = ("folder", "outcomes")
    bare = [{key: value for key, value in model.items() if key not in hidden} for model in (base, scorer)]
    return bare[0], bare[1]


def read_study_runs(tables: Path) -> RunsTable:
    """The study's runs table.

    Raises
    ------
    TableError : it is missing or was changed into something else.
    """
    from causalmix_core.evidence import read_runs

    return read_runs(tables / RUNS)


def read_hidden(path: Path) -> dict[str, dict[str, str]]:
    """Pool id -> column -> cell, of hidden_state.csv or verification_pools.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["pool_id"]: row for row in csv.DictReader(file)}
