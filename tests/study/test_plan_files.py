"""Declared plans: one hash whatever their layout, every shipped one sound, and workers that fit the rest."""

import json
from pathlib import Path

import pytest
import yaml

from causalmix_core.errors import StudyError
from causalmix_core.study.making import worker_settings
from causalmix_core.study.outcome import outcome_of
from causalmix_core.study.plan import PLANS, parse_plan, read_plan
from causalmix_core.study.rivals.registry import method_of

SHIPPED = sorted(path.stem for path in PLANS.glob("*.yaml"))
TABLES = Path(__file__).resolve().parents[2] / "data"


def plain_of(name):
    return yaml.safe_load((PLANS / f"{name}.yaml").read_bytes())


def parsed(plain):
    return parse_plan(yaml.safe_dump(plain).encode(), "changed.yaml")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plans_hash_does_not_depend_on_comments_order_or_layout(name):
    plan, text = read_plan(name), (PLANS / f"{name}.yaml").read_bytes()
    assert b"#" in text
    assert parsed(plain_of(name)).sha256 == plan.sha256
    assert parse_plan(json.dumps(plain_of(name)).encode(), "plan.yaml").sha256 == plan.sha256
    assert parse_plan(text + b"\n# a last word\n", "plan.yaml").sha256 == plan.sha256


def test_a_plans_hash_depends_on_every_value():
    plain = plain_of("flagship")
    plain["pools"]["seed"] += 1
    assert parsed(plain).sha256 != read_plan("flagship").sha256


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_plans_are_called_like_their_files_and_name_known_methods(name):
    plan = read_plan(name)
    assert plan.name == name
    assert [method_of(method).name for method in plan.verification["methods"]] == plan.verification["methods"]


@pytest.mark.parametrize(
    "name", [path.parent.name for path in TABLES.glob("*/plan.json")] or ["none shipped"]
)
def test_shipped_tables_are_of_the_plan_as_it_stands(name):
    card = TABLES / name / "plan.json"
    if not card.exists():
        pytest.skip("no tables of a study are shipped")
    assert json.loads(card.read_bytes())["plan_sha256"] == read_plan(name).sha256


def test_the_plan_for_a_graphics_card_is_the_flagship_in_a_larger_size():
    small, large = plain_of("flagship"), plain_of("flagship-gpu")
    for key in ("covariates", "outcome", "mixtures", "exclude", "fit"):
        assert large[key] == small[key]
    for key in ("methods", "radii", "held_out_domain", "predictor"):
        assert large["verification"][key] == small["verification"][key]
    assert large["pools"]["damage"] == small["pools"]["damage"]
    assert large["pools"]["count"] * large["mixtures"]["per_pool"] >= 2_048
    assert large["verification"]["orders"] > small["verification"]["orders"]
    assert set(large["verification"]["groups"]) == set(small["verification"]["groups"])
    assert large["base"]["size"] == "1M"
    sizes = {case["size"] for case in large["scale"]["cases"].values() if "size" in case}
    assert sizes == {"3M", "10M"}


def test_runs_are_stacked_only_where_the_plan_says_so():
    assert "stack" not in worker_settings(read_plan("flagship"))
    assert worker_settings(read_plan("flagship-gpu"))["stack"] == plain_of("flagship-gpu")["runs"]["stack"]


def test_the_outcome_falls_with_losses_and_with_questions_left_unanswered():
    of_losses, of_tasks = read_plan("flagship"), read_plan("sft")
    losses = {f"bpb_{domain}": 2.0 for domain in of_losses.weights}
    assert outcome_of(of_losses, losses) == pytest.approx(2.0)
    assert outcome_of(of_losses, {**losses, "bpb_code": 1.0}) == pytest.approx(
        2.0 - of_losses.weights["code"]
    )
    scores = {f"score_{task}": 0.0 for task in of_tasks.tasks}
    assert outcome_of(of_tasks, scores) == pytest.approx(1.0)
    assert outcome_of(of_tasks, {**scores, "score_gcd": 0.5}) == pytest.approx(
        1.0 - 0.5 * of_tasks.tasks["gcd"]
    )


def without_base(plain):
    del plain["base"]


def with_tasks(plain):
    plain["outcome"]["tasks"] = {"gcd": 1.0}


def with_base(plain):
    plain["base"] = {"size": "1M", "tokens": 100_000, "seed": 0}


def unasked_task(plain):
    plain["outcome"]["tasks"]["telepathy"] = 0.1


def with_dmo(plain):
    plain["verification"]["methods"].append("dmo")


def with_scale(plain):
    plain["scale"] = plain_of("flagship")["scale"]


def with_windows(plain):
    plain["runs"]["windows"] = 500


def other_worker(plain):
    plain["runs"]["worker"] = "by hand"


def two_sources(plain):
    plain["text"]["sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("flagship", without_base, "base is missing"),
        ("flagship", with_tasks, "tiny models answer no questions"),
        ("flagship", other_worker, r"runs\.worker: 'by hand' is not one of \['tiny', 'sft'\]"),
        ("flagship", two_sources, r"text.*megabytes"),
        ("sft", with_base, "base has no use"),
        ("sft", unasked_task, r"no run is asked 'telepathy'; runs\.tasks has .*gcd"),
        ("sft", with_dmo, "dmo adds up losses"),
        ("sft", with_scale, "scale varies tiny models"),
        ("sft", with_windows, r"runs.*windows"),
    ],
)
def test_a_plan_whose_parts_do_not_fit_its_worker_is_refused(name, change, said):
    plain = plain_of(name)
    change(plain)
    with pytest.raises(StudyError, match=said):
        parsed(plain)


def test_a_method_keeps_to_the_radii_that_the_plan_declares():
    plain = plain_of("flagship")
    plain["verification"]["methods"].append("recommended-0.3")
    with pytest.raises(StudyError, match=r"recommended-0.3 has a radius that is not among radii; add 0.3"):
        parsed(plain)
    plain["verification"]["methods"][-1] = "best"
    with pytest.raises(StudyError, match="no method 'best'"):
        parsed(plain)
