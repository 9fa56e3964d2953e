"""decide writes scenarios and reads them: the same mixture document, to the byte but for its time."""

from __future__ import annotations

import json

import pytest

from causalmix_core.scenarios.codec import canonical_bytes, from_json
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound
from tests.shipped import POOL


@pytest.fixture
def inputs(tmp_path, fit_dir):
    from causalmix_core.effects.fit_directory import load_fit
    from causalmix_core.evidence import pool_json

    table = load_fit(fit_dir).table
    (tmp_path / "pool.json").write_text(json.dumps(pool_json(table, table.states[3])))
    shares = dict.fromkeys(table.domains, 1.0 / len(table.domains))
    (tmp_path / "anchor.json").write_text(json.dumps(shares))
    first, second = table.domains[:2]
    (tmp_path / "bounds.json").write_text(json.dumps({first: [0.05, 0.6], second: {"lock": True}}))
    return tmp_path


def document(path):
    found = json.loads(path.read_text())
    return {**found, "provenance": {**found["provenance"], "created_at": ""}}


@pytest.mark.parametrize(
    "words",
    [
        ["--radius", "0.1"],
        ["--radius", "0.2", "--pool", POOL, "--anchor", "equal", "--level", "0.8"],
        ["--radius", "0.5", "--metric", "kl", "--pool", "pool.json", "--bounds", "bounds.json"],
        ["--radius", "0.1", "--anchor", "anchor.json", "--policy", "search"],
    ],
    ids=" ".join,
)
def test_deciding_a_written_scenario_gives_the_same_document(cli, fit_dir, inputs, monkeypatch, words):
    monkeypatch.chdir(inputs)
    first = cli("decide", fit_dir, *words, "--save-scenario", "s.json", "--out", "a.json")
    assert first.status == 0
    assert cli("decide", fit_dir, "--scenario", "s.json", "--out", "b.json").status == 0
    assert document(inputs / "a.json") == document(inputs / "b.json")


def test_the_file_says_what_was_asked_for(cli, fit_dir, inputs, monkeypatch):
    monkeypatch.chdir(inputs)
    words = ["--radius", "0.2", "--pool", POOL, "--bounds", "bounds.json", "--save-scenario", "s.json"]
    cli("decide", fit_dir, *words, "--out", "a.json")
    written = (inputs / "s.json").read_bytes()
    scenario = from_json(written)
    assert scenario.radius == 0.2
    assert scenario.pool == PoolChoice("table", pool_id=POOL)
    assert {b.lock for b in scenario.bounds} == {True, False}
    assert Bound(scenario.bounds[0].domain, 0.05, 0.6) in scenario.bounds
    assert canonical_bytes(json.loads(written)) == canonical_bytes(scenario)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--radius", "0.1"], "--radius"),
        (["--pool", POOL], "--pool"),
        (["--level", "0.5"], "--level"),
        (["--bounds", "bounds.json"], "--bounds"),
    ],
)
def test_a_scenario_and_arguments_that_say_otherwise_do_not_go_together(
    mistake, cli, fit_dir, inputs, monkeypatch, words, named
):
    monkeypatch.chdir(inputs)
    cli("decide", fit_dir, "--radius", "0.1", "--save-scenario", "s.json", "--out", "a.json")
    assert named in mistake("decide", fit_dir, "--scenario", "s.json", *words, "--out", "b.json")


def test_without_either_it_asks_how_far(mistake, fit_dir, tmp_path):
    assert "--radius" in mistake("decide", fit_dir, "--out", tmp_path / "m.json")


def test_files_that_are_no_scenario_are_named(mistake, fit_dir, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"schema": "causalmix/scenario@1", "radius": 9}')
    said = mistake("decide", fit_dir, "--scenario", bad, "--out", tmp_path / "m.json")
    assert "bad.json" in said
    assert "radius" in said


def test_one_file_cannot_be_scenario_and_document(mistake, fit_dir, tmp_path):
    same = tmp_path / "x.json"
    said = mistake("decide", fit_dir, "--radius", "0.1", "--save-scenario", same, "--out", same)
    assert "another name" in said
    assert not same.exists()
