"""compare: scores as text and JSON; fit --estimator auto takes what it chooses."""

from __future__ import annotations

import dataclasses
import json

import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.estimators.regmix import regmix_model
from causalmix_core.evidence import read_runs, write_runs

WORLD = make_world(3, 2, own=True, confounding=0.5, seed=1, noise=0.15)
RANDOM = make_world(3, 2, own=True, confounding=0.0, seed=1, noise=0.15)
FEW = ("--estimators", "shared-slopes,ridge")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return write_runs(WORLD.table(160, seed=3), tmp_path_factory.mktemp("world"))


def test_json_names_the_choice_and_every_score(cli, runs):
    done = cli("compare", runs, "--outcome", "score", *FEW, "--json")
    assert (done.status, done.err) == (0, "")
    read = json.loads(done.out)
    assert [row["name"] for row in read["estimators"]] == ["constant", "shared-slopes", "ridge"]
    assert read["chosen"] == read["best"] == "shared-slopes"
    assert (read["outcome"], read["n_runs"], read["folds"], read["groups"]) == ("score", 160, 5, 80)
    for row in read["estimators"]:
        for name in ("mixture_r2", "rank_correlation", "r2", "pairs_right", "r_score", "regret"):
            low, high = row[name]["interval"]
            assert low <= row[name]["value"] <= high
        assert row["seconds"] > 0
    assert read["sentence"].startswith("On these runs shared-slopes foretells best")


def test_text_is_a_table_and_the_sentence(cli, runs):
    done = cli("compare", runs, *FEW, "--folds", "3", "--seed", "2")
    lines = done.out.splitlines()
    assert any(line.startswith("shared-slopes *") for line in lines)
    assert "3 folds, the same for all" in done.out
    assert lines[-1].startswith("On these runs")


def test_auto_fits_what_the_comparison_chooses_and_says_why(cli, tmp_path):
    table = dataclasses.replace(RANDOM.table(160, seed=3), pool_ids=None)
    bare = dataclasses.replace(table, covariates=(), states=table.states[:, :0])  # few can be fitted without
    runs = write_runs(bare, tmp_path / "runs")
    done = cli("fit", runs, "--estimator", "auto", "--out", tmp_path / "fit")
    assert done.status == 0
    compared = json.loads(cli("compare", runs, "--json").out)
    assert [row["name"] for row in compared["estimators"]] == ["log-linear", "regmix", "smooth", "paper"]
    assert done.out.splitlines()[0] == compared["sentence"]
    assert (
        json.loads((tmp_path / "fit" / "config.json").read_text())["estimator"]
        == compared["chosen"]
        == "log-linear"
    )


def test_predictions_without_covariates_where_the_estimator_reads_none(cli, runs, tmp_path):
    out = tmp_path / "fit"
    assert cli("fit", runs, "--estimator", "regmix", "--out", out).status == 0
    rows = tmp_path / "rows.csv"
    rows.write_text("share_d0,share_d1,share_d2\n0.2,0.3,0.5\n0.6,0.2,0.2\n")
    assert cli("predict", out, rows, "--out", tmp_path / "p.csv").status == 0
    table = read_runs(runs)
    booster = regmix_model(seed=0).fit(table.shares, table.score("score"))
    expected = booster.predict([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]])
    got = [float(line.split(",")[1]) for line in (tmp_path / "p.csv").read_text().splitlines()[1:]]
    assert got == pytest.approx(expected.tolist())


def test_rows_for_averages_that_are_purged_need_their_covariates(cli, mistake, runs, tmp_path):
    out = tmp_path / "fit"
    assert cli("fit", runs, "--estimator", "constant", "--out", out).status == 0
    rows = tmp_path / "rows.csv"
    rows.write_text("share_d0,share_d1,share_d2\n0.2,0.3,0.5\n")
    assert "covariates of the fit have no column" in mistake(
        "predict", out, rows, "--out", tmp_path / "p.csv"
    )


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["compare", "--estimators", "magic"], "there is no estimator 'magic'"),
        (["compare", "--folds", "1"], "folds is 1"),
        (["compare", "--outcome", "iq"], "no outcome 'iq'"),
        (["fit", "--estimator", "auto", "--no-covariates", "--out", "x"], "leave out --no-covariates"),
        (["fit", "--estimator", "ridge", "--no-covariates", "--out", "x"], "cannot leave the covariates out"),
    ],
)
def test_mistakes_are_one_sentence(mistake, runs, tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)
    assert part in mistake(words[0], runs, *words[1:])
    assert not (tmp_path / "x").exists()
