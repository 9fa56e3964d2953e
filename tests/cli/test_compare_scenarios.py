"""Scenario files side by side, and scenarios kept with the project, from the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from causalmix_core.effects.fit_directory import load_fit
from causalmix_core.scenarios.codec import from_json
from causalmix_core.store import ROOT_VARIABLE, ProjectStore, describe
from tests.shipped import POOL

ASKED = {
    "near": ["--radius", "0.05"],
    "far": ["--radius", "0.3"],
    "there": ["--radius", "0.3", "--pool", POOL],
}


@pytest.fixture(scope="module")
def files(fit_dir, tmp_path_factory):
    from causalmix_core.cli.main import main

    folder = tmp_path_factory.mktemp("scenarios")
    for name, words in ASKED.items():
        saved = str(folder / f"{name}.json")
        out = str(folder / f"{name}-mixture.json")
        assert main(["decide", str(fit_dir), *words, "--save-scenario", saved, "--out", out]) == 0
    return folder


def test_the_json_holds_the_decisions_and_what_is_better(cli, fit_dir, files):
    done = cli("compare-scenarios", fit_dir, files / "near.json", files / "far.json", "--json")
    assert done.status == 0
    found = json.loads(done.out)
    for entry in found["scenarios"]:
        document = json.loads((files / f"{entry['name']}-mixture.json").read_text())
        assert entry["mixture"] == pytest.approx(document["mixture"], abs=1e-9)
        assert entry["gain"] == pytest.approx(document["estimate"]["gain"])
    p = np.array(found["p_better"])
    assert p + p.T == pytest.approx(np.ones((2, 2)))
    assert found["same_pool"]
    assert "same pool" in found["sentences"][0]


def test_the_text_has_a_column_for_each_and_says_which_lines_differ(cli, fit_dir, files):
    out = cli("compare-scenarios", fit_dir, files / "near.json", files / "far.json").out
    lines = [line.split() for line in out.splitlines()]
    assert ["near", "far"] in lines
    assert ["radius", "*", "5.0", "%", "30.0", "%"] in lines
    assert ["policy", "analytic", "analytic"] in lines
    assert "far over near: +" in out


def test_the_common_pool_is_a_choice(cli, fit_dir, files):
    asked = ["compare-scenarios", fit_dir, files / "far.json", files / "there.json", "--json"]
    first, there = (json.loads(cli(*asked, *more).out) for more in ([], ["--pool-of", "there"]))
    assert (first["compared_at_pool_of"], there["compared_at_pool_of"]) == ("far", "there")
    assert first["scenarios"] == there["scenarios"]
    assert first["difference"] != there["difference"]
    assert "for different pools" in first["sentences"][0]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["near.json"], "from 2 to 4"),
        (["near.json", "far.json", "--pool-of", "there"], "--pool-of there"),
        (["near.json", "near.json"], "called near"),
        (["near.json", "near-mixture.json"], "near-mixture.json"),
        (["near.json", "absent.json"], "absent.json"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(mistake, fit_dir, files, monkeypatch, words, named):
    monkeypatch.chdir(files)
    assert named in mistake("compare-scenarios", fit_dir, *words)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "projects"))
    return tmp_path / "projects"


def test_scenarios_are_kept_listed_handed_out_and_deleted(cli, fit_dir, files, root, tmp_path):
    assert "No scenario" in cli("scenarios", fit_dir, "list").out
    assert not root.exists()
    assert cli("scenarios", fit_dir, "save", "far away", "--scenario", files / "far.json").status == 0
    assert "far away" in cli("scenarios", fit_dir, "list").out
    out = tmp_path / "again.json"
    assert cli("scenarios", fit_dir, "export", "Far Away", "--out", out).status == 0
    assert from_json(out.read_bytes()) == from_json((files / "far.json").read_bytes())
    assert cli("scenarios", fit_dir, "delete", "far away").status == 0
    assert "No scenario" in cli("scenarios", fit_dir, "list").out


def test_what_is_kept_is_what_the_app_shows(cli, fit_dir, files, root):
    cli("scenarios", fit_dir, "save", "far", "--scenario", files / "far.json")
    table = load_fit(fit_dir).table
    (kept,) = ProjectStore().shelf(describe(table, sample=True)).all()
    (listed,) = json.loads(cli("scenarios", fit_dir, "list", "--json").out)
    assert listed["decision"]["gain"] == kept.content.decision.gain
    assert not listed["stale"]


def test_names_that_are_taken_or_unknown_are_one_sentence(mistake, cli, fit_dir, files, root, tmp_path):
    cli("scenarios", fit_dir, "save", "far", "--scenario", files / "far.json")
    assert "already" in mistake("scenarios", fit_dir, "save", "FAR", "--scenario", files / "far.json")
    assert "there is: far" in mistake("scenarios", fit_dir, "delete", "near")
    assert "there is: far" in mistake("scenarios", fit_dir, "export", "x", "--out", tmp_path / "x.json")
    assert "--help" in mistake("scenarios", fit_dir)
