"""The plan for a graphics card at a reduced size on a processor: runs really trained side by side, from plan to verification."""

import csv

import pytest
import yaml

from causalmix_core.cli.main import main
from causalmix_core.evidence import read_runs
from causalmix_core.proxy.design.estimate import estimate
from causalmix_core.proxy.design.storage import read_design
from causalmix_core.proxy.engine import open_study
from causalmix_core.study.cost import cost_of
from causalmix_core.study.plan import PLANS, parse_plan
from tests.study.small_study import small_place

WEIGHTS = {"counting": 0.5, "colours": 0.3, "weather": 0.2}


def reduced(pool_sha256):
    """The shipped plan on a small pool of three domains, with tiny models, few pools and stacks of two."""
    plain = yaml.safe_load((PLANS / "flagship-gpu.yaml").read_bytes())
    plain |= {"name": "reduced", "text": {"sha256": pool_sha256}, "replicates": 4}
    plain["base"] |= {"size": "0.1M", "tokens": 20_480}
    plain["scorer"] |= {"size": "0.1M", "tokens": 20_480}
    plain["runs"] |= {"windows": 16, "seq": 64, "set_aside": 8, "batch": 4, "stack": 2}
    plain["outcome"]["weights"] = WEIGHTS
    plain["pools"]["count"] = 3
    plain["mixtures"] |= {"favoured": ["counting"], "fallback": ["weather"]}
    plain["verification"] |= {
        "orders": 1, "held_out_domain": "colours", "predictor": "constant",
        "groups": {"ordinary": {"pools": 1}}, "methods": ["equal", "weights", "natural"],
    }  # fmt: skip
    for part in ("oracle", "scale", "analysis"):
        del plain[part]
    return plain


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The study's place, run and verified by its commands."""
    folder = tmp_path_factory.mktemp("stacked")
    place, sha256 = small_place(folder)
    (folder / "reduced.yaml").write_text(yaml.safe_dump(reduced(sha256)))
    words = [folder / "reduced.yaml", "--work", place.work, "--tables", place.tables, "--slots", "1xcpu"]
    assert main(["study", "run", *map(str, words)]) == 0
    assert main(["study", "verify", *map(str, words)]) == 0
    return place


def test_runs_are_trained_side_by_side_and_make_a_table(made):
    table = read_runs(made.tables / "proxy_runs.csv")
    assert table.n_runs == 3 * 2 + 4
    assert table.default_outcome == "bpb_weighted"
    assert table.provenance["beats_start"].count("1") > 0
    assert len(set(table.score("bpb_weighted").tolist())) > 6


@pytest.mark.parametrize("stage", ["runs", "verification"])
def test_every_stage_is_stacked_as_the_plan_says(made, stage):
    study = open_study(made.work / stage / "study")
    assert study.launch.settings["stack"] == 2
    said = "".join(path.read_text() for path in study.path.glob("jobs/*/log.txt"))
    assert "side by side" in said


def test_what_was_chosen_for_a_new_pool_is_trained(made):
    with (made.tables / "verification.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["method"] for row in rows} == {"equal", "weights", "natural"}
    assert all(float(row["y_bpb_weighted"]) > 0.0 for row in rows)


def test_a_plan_costs_what_its_design_is_estimated_to_cost(made):
    plan = parse_plan((made.tables / "plan.yaml").read_bytes(), "plan.yaml")
    own, verification, *_ = cost_of(plan, tokens_per_second=1_000.0, slots=2)
    laid = estimate(read_design(made.work / "runs" / "design"), 1e5, tokens_per_second=1_000.0, slots=2)
    assert (own.runs, own.tokens, own.flop, own.hours) == (laid.runs, laid.tokens, laid.flop, laid.hours)
    assert len(read_design(made.work / "verification" / "design").runs) <= verification.runs == 3
