"""Designs from a table of mixtures, and what a design costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from causalmix_core.errors import CausalMixError, DesignError
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import draw_design
from causalmix_core.proxy.design.estimate import estimate, measured_speed
from causalmix_core.proxy.design.planned import read_planned
from causalmix_core.proxy.design.states import healthy
from tests.proxy.design.pools import NumberStock
from tests.proxy.design.test_storage import SETTINGS, SHA, drafted

AB = ("a", "b")
PLAN = "run_id,pool_id,repeats,assignment,share_b,share_a,x_a__loss\nn1,target,2,designed,0.75,0.25,3\nn2,target,1,random,1,0,3\n"


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_becomes_runs(tmp_path: Path):
    plan = read_planned(table(tmp_path, PLAN), AB)
    assert plan.shares.tolist() == [[0.25, 0.75], [0.0, 1.0]]
    assert plan.repeats == (2, 1)
    own = Settings(AB, examples=40, set_aside=0)
    mixtures = plan.on(["p000"])
    draft = draw_design(
        NumberStock((100, 100), 0), SHA, own, {"p000": healthy(AB)}, mixtures, repeats=plan.repeats
    )
    runs = draft.design.runs
    assert [(r.pool, r.counts["a"], r.replicate, r.assignment.kind) for r in runs] == [
        ("p000", 10, 0, "designed"), ("p000", 10, 1, "designed"), ("p000", 0, 0, "random"),
    ]  # fmt: skip
    assert [r.assignment.log_density for r in runs] == [None] * 3


def test_pools_are_found_by_name(tmp_path: Path):
    text = "share_a,share_b,pool_id\n.5,.5,p001\n.5,.5,p000\n"
    plan = read_planned(table(tmp_path, text), AB)
    assert plan.on(["p000", "p001"]).pools == ("p001", "p000")
    with pytest.raises(DesignError, match="Row 1 of the plan is for the pool 'p001'"):
        plan.on(["p000"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("share_a,share_b\n0.5,0.4\n", "row 1 sum to 0.9"),
        ("share_a,share_b\n0.5,x\n", "Row 1, column share_b holds 'x'"),
        ("share_a,share_b\n1.5,-0.5\n", "negative share"),
        ("share_a,note\n1,x\n", "no column share_b"),
        ("share_a,share_b,share_c\n1,0,0\n", "has the column share_c"),
        ("share_a,share_b,repeats\n1,0,1.5\n", "row 1, column repeats"),
        ("share_a,share_b,repeats\n1,0,0\n", "row 1, column repeats"),
        ("share_a,share_b,assignment\n1,0,magic\n", "'magic'"),
        ("share_a,share_b\n", "row"),
    ],
)
def test_tables_that_are_no_plan_are_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(CausalMixError, match=said):
        read_planned(table(tmp_path, text), AB)


def test_a_missing_table_is_named(tmp_path: Path):
    with pytest.raises(DesignError, match=r"nowhere.csv is no file"):
        read_planned(tmp_path / "nowhere.csv", AB)


def test_cost_is_tokens_times_six_parameters():
    design = drafted(runs=10).design
    found = estimate(design, 1e5, tokens_per_second=1e4, slots=2)
    assert found.tokens == 10 * 50 * SETTINGS.seq == 128_000
    assert found.flop == pytest.approx(6e5 * 128_000)
    assert found.hours == pytest.approx(128_000 / 2e4 / 3600)
    assert estimate(design, 1e5).hours is None
    with pytest.raises(DesignError, match="slots"):
        estimate(design, 1e5, slots=0)


def test_speed_is_the_median_of_finished_runs(tmp_path: Path):
    for name, tokens, seconds in (("a", 100, 1), ("b", 300, 1), ("c", 1000, 1), ("d", 5, 0)):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "result.json").write_text(
            json.dumps({"tokens": tokens, "seconds": seconds})
        )
    assert measured_speed(tmp_path) == 300
    with pytest.raises(DesignError, match="no finished run"):
        measured_speed(tmp_path / "runs")
