"""The shipped study keeps the contract, is what its own records say, and is what its datasheet claims."""

from __future__ import annotations

import csv
import hashlib
import json
import re

import numpy as np
import pytest

from causalmix_core.study.plan import parse_plan, read_plan
from tests.shipped import STUDY

FOLDER = STUDY.parent


@pytest.fixture(scope="module")
def made() -> dict:
    return json.loads((FOLDER / "made.json").read_bytes())


@pytest.fixture(scope="module")
def plan():
    return parse_plan((FOLDER / "plan.yaml").read_bytes(), "plan.yaml")


@pytest.fixture(scope="module")
def hidden() -> dict[str, dict[str, str]]:
    with (FOLDER / "hidden_state.csv").open(encoding="utf-8", newline="") as file:
        return {row["pool_id"]: row for row in csv.DictReader(file)}


def test_the_plan_is_the_one_that_was_declared(plan, made):
    said = json.loads((FOLDER / "plan.json").read_bytes())
    assert said == {"name": plan.name, "plan_sha256": plan.sha256}
    assert plan.sha256 == made["plan_sha256"] == read_plan(plan.name).sha256


def test_it_reads_without_errors_or_warnings(sample_table, plan, made):
    assert sample_table.sha256 == made["runs_sha256"]
    assert sample_table.n_runs == made["runs"]
    assert {issue.severity for issue in sample_table.issues} <= {"note"}
    assert (sample_table.name, sample_table.description) == (plan.plain["title"], plan.plain["question"])


def test_every_domain_has_the_plans_covariates_and_its_own_outcome(sample_table, plan):
    assert set(sample_table.domains) == set(plan.weights)
    assert sample_table.covariates_are_per_domain
    assert {covariate.name for covariate in sample_table.covariates} == set(plan.plain["covariates"])
    names = {outcome.name for outcome in sample_table.outcomes}
    assert names == {*(f"bpb_{domain}" for domain in sample_table.domains), "bpb_mean", plan.outcome}


def test_all_runs_that_were_planned_are_there(sample_table, plan, made):
    pools, mixtures = plan.plain["pools"]["count"], plan.plain["mixtures"]
    once = sum(number == "0" for number in sample_table.provenance["replicate"])
    assert once + made["failed"] >= pools * mixtures["per_pool"]
    assert sample_table.n_runs - once <= plan.plain["replicates"]
    assert len(set(sample_table.pool_ids)) == pools
    found, counts = np.unique(sample_table.assignment, return_counts=True)
    laws: dict[str, int] = {}
    for law in made["laws"]:
        laws[law["assignment"]] = laws.get(law["assignment"], 0) + law["runs"]
    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == laws


def test_repeats_repeat_a_mixture_on_its_pool_in_another_order(sample_table):
    first: dict[tuple[str, bytes], str] = {}
    rows = zip(
        sample_table.pool_ids, sample_table.shares, sample_table.provenance["replicate"],
        sample_table.provenance["seed"], strict=True,
    )  # fmt: skip
    for pool, shares, number, seed in rows:
        key = (pool, shares.round(9).tobytes())
        if number == "0":
            first[key] = seed
        else:
            assert key in first
            assert seed != first[key]


def test_outcomes_are_bits_per_byte_where_lower_is_better(sample_table, plan):
    assert {(o.higher_is_better, o.unit) for o in sample_table.outcomes} == {(False, "bits per byte")}
    assert sample_table.default_outcome == plan.outcome
    assert (sample_table.scores < 0).all()
    assert (sample_table.scores > -8).all()


def test_the_weighted_outcome_and_the_anchor_are_the_plans_weights(sample_table, plan):
    weighted = sum(w * sample_table.score(f"bpb_{domain}") for domain, w in plan.weights.items())
    assert weighted == pytest.approx(sample_table.score(plan.outcome), abs=1e-9)
    natural = dict(zip(sample_table.domains, sample_table.natural.tolist(), strict=True))
    assert natural == pytest.approx(plan.weights, abs=1e-15)
    assert sample_table.natural_label == "the outcome's weights"


def test_runs_that_beat_their_start_are_marked(sample_table, plan, made):
    start = made["start"][plan.outcome]
    beats = ["1" if -score < start else "0" for score in sample_table.score(plan.outcome)]
    assert tuple(beats) == sample_table.provenance["beats_start"]


def test_the_hidden_state_is_of_every_pool_and_no_covariate(sample_table, plan, hidden):
    assert set(hidden) == set(sample_table.pool_ids)
    assert not [c for c in sample_table.covariate_columns if "quality" in c or "damage" in c]
    for row in hidden.values():
        assert all(0.0 <= float(row[f"quality_{domain}"]) <= 1.0 for domain in sample_table.domains)
        kinds = {row[f"damage_{domain}"] for domain in sample_table.domains}
        assert kinds <= {"", *plan.plain["pools"]["damage"]}


def test_the_datasheet_is_of_these_files(sample_table):
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    assert sample_table.sha256 in sheet
    listed = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|", sheet, flags=re.MULTILINE))
    assert {"plan.yaml", "proxy_runs.csv", "hidden_state.csv", "made.json"} <= set(listed)
    found = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in listed}
    assert found == listed


def test_the_datasheet_says_how_many_runs_there_are(sample_table):
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    assert f"{sample_table.n_runs} real training runs" in sheet
    assert f"{len(set(sample_table.pool_ids))} pools" in sheet
