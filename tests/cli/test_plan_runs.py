"""plan-runs: what is printed, and the files that a launcher of runs reads."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import yaml

from causalmix_core.effects.fit_directory import load_fit
from causalmix_core.evidence import read_runs
from tests.shipped import POOL

SITUATION = ("--radius", 0.1, "--anchor", "equal", "--runs", 6)


@pytest.fixture(scope="module")
def study(fit_dir):
    return load_fit(fit_dir)


@pytest.fixture
def shown(cli, fit_dir):
    done = cli("plan-runs", fit_dir, *SITUATION, "--json")
    assert done.status == 0
    return json.loads(done.out)


def test_the_plan_is_printed_with_what_it_brings(cli, fit_dir, shown):
    lines = cli("plan-runs", fit_dir, *SITUATION).out.splitlines()
    assert lines[0].split()[:2] == ["pool", "repeats"]
    assert len(lines) == 1 + len(shown["designs"]) + 4
    assert lines[-3].startswith("6 runs of ")
    assert lines[-2].startswith("6 runs, planned, are expected to bring the standard error of the gain from ")
    assert "interval" in lines[-1]


def test_json_is_the_plan(shown, study):
    assert shown["schema"] == "causalmix/plan@1"
    assert shown["fit"] == study.sha256
    assert sum(design["repeats"] for design in shown["designs"]) == shown["runs"] == 6
    for design in shown["designs"]:
        assert sum(design["shares"].values()) == pytest.approx(1.0)
        assert list(design["state"]) == list(study.table.covariate_columns)
    expected = shown["expected"]
    assert expected["planned"]["gain_se"][-1] < expected["random"]["gain_se"][-1]


def test_every_format_holds_the_same_designs(cli, fit_dir, shown, tmp_path):
    files = {ending: tmp_path / f"plan.{ending}" for ending in ("csv", "yaml", "json")}
    for out in files.values():
        assert cli("plan-runs", fit_dir, *SITUATION, "--out", out).status == 0
    assert json.loads(files["json"].read_text()) == shown
    assert yaml.safe_load(files["yaml"].read_text()) == shown
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [row["run_id"] for row in rows] == [design["run_id"] for design in shown["designs"]]
    for row, design in zip(rows, shown["designs"], strict=True):
        assert int(row["repeats"]) == design["repeats"]
        assert row["assignment"] == "designed"
        assert {d: float(row[f"share_{d}"]) for d in design["shares"]} == design["shares"]


def test_same_arguments_same_bytes(cli, fit_dir, tmp_path):
    for name in ("a.yaml", "b.yaml"):
        cli("plan-runs", fit_dir, *SITUATION, "--criterion", "d-optimal", "--out", tmp_path / name)
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()


def test_finished_runs_join_the_table_they_were_planned_for(cli, fit_dir, study, tmp_path):
    out = tmp_path / "plan.csv"
    cli("plan-runs", fit_dir, *SITUATION[:-1], 24, "--criterion", "d-optimal", "--pool", POOL, "--out", out)
    head, *rows = out.read_text().splitlines()
    assert len(rows) >= 3
    # A score is all that a finished run adds; repeated, so that there are enough rows for a table.
    finished = [
        row.replace("plan-", f"again-{again}-") + f",{1.0 + again + 0.1 * i}"
        for again in range(8)
        for i, row in enumerate(rows)
    ]
    done = tmp_path / "done.csv"
    done.write_text("\n".join([f"{head},y_score", *finished]) + "\n")
    table = read_runs(done)
    assert set(table.domains) == set(study.table.domains)
    assert set(table.pool_ids) == {POOL}
    assert set(table.assignment) == {"designed"}


def test_the_learning_curve_says_whether_more_is_worth_it(cli, fit_dir):
    done = cli("plan-runs", fit_dir, *SITUATION, "--learning-curve", "--progress")
    lines = done.out.splitlines()
    assert any(line.split() == ["runs", "R2", "rank", "pair", "R2", "gain", "se", "kept"] for line in lines)
    assert lines[-2].startswith("From ")
    assert lines[-1].startswith(("More runs", "No gain"))
    assert "fit 1 of 15" in done.err


def test_mistakes_are_named(mistake, fit_dir, tmp_path):
    assert "end it in .csv" in mistake("plan-runs", fit_dir, *SITUATION, "--out", tmp_path / "plan.txt")
    assert "multiple of the repeats" in mistake("plan-runs", fit_dir, *SITUATION, "--repeats", 4)
    assert "'0' is not a whole number" in mistake("plan-runs", fit_dir, "--radius", 0.1, "--runs", 0)


def test_a_plan_keeps_to_the_arguments_of_decide(cli, fit_dir, tmp_path):
    bounds = tmp_path / "bounds.json"
    bounds.write_text('{"code": {"lock": true}, "math": [0.1, 0.2]}')
    done = cli("plan-runs", fit_dir, *SITUATION, "--bounds", bounds, "--on", "both", "--json")
    shares = [design["shares"] for design in json.loads(done.out)["designs"]]
    np.testing.assert_allclose([one["code"] for one in shares], 1.0 / 7.0, atol=1e-9)
    assert all(0.1 - 1e-9 <= one["math"] <= 0.2 + 1e-9 for one in shares)
