"""Finished runs as a runs table, the datasheet written from it, and results that were made elsewhere."""

from __future__ import annotations

import json
import shutil

import pytest

from causalmix_core.errors import ProxyError, TableError
from causalmix_core.proxy.engine import Ledger, launch_study, read_designed_runs, supervise
from causalmix_core.proxy.engine.collect import collect
from causalmix_core.proxy.engine.datasheet import datasheet
from causalmix_core.proxy.engine.importing import import_runs
from tests.proxy.engine.studies import journal, make_study, write_design


@pytest.fixture(scope="module")
def six_done(tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("six"), 6)
    supervise(study.path)
    return study


def test_rows_carry_what_they_came_from(tmp_path):
    study = make_study(tmp_path, 12)
    states = {f"p{i:03d}": {"x_a b__hes": 1.5 + i, "x_/etc__hes": 0.25 * i} for i in range(2)}
    (study.path / "states.json").write_text(json.dumps(states))
    supervise(study.path)
    table = collect(study.path)
    assert table.domains == ("a b", "/etc")
    assert table.shares[0].tolist() == [0.4, 0.6]  # counts 2 and 3, not the share that was asked for
    assert table.run_ids == tuple(f"r{i:04d}" for i in range(12))
    assert table.pool_ids == ("p000", "p001") * 6
    assert table.covariate_columns == ("x_a b__hes", "x_/etc__hes")
    assert table.states[1].tolist() == [2.5, 0.25]
    assert [(o.name, o.higher_is_better, o.unit) for o in table.outcomes] == [("loss", False, "bits")]
    assert table.assignment == ("random",) * 12
    kept = {name: values[3] for name, values in table.provenance.items()}
    assert kept == {
        "replicate": "0",
        "seed": "3",
        "tokens": "128000",
        "seconds": "0.100",
        "device": "cpu",
        "model_sha256": "ab" * 32,
        "data_sha256": "cd" * 32,
        "design_sha256": f"{12:064x}",
        "pool_sha256": "ef" * 32,
        "versions": "child 1",
        "law": "dirichlet",
        "log_density": "-0.5",
    }


def test_the_datasheet_says_what_the_rows_say(tmp_path):
    study = make_study(tmp_path, 12)
    supervise(study.path)
    table = collect(study.path)
    text = datasheet(table, {("failed", "nan"): 2})
    assert table.sha256 in text
    assert "- 2 failed (nan)" in text
    assert "12 of 12 rows carry the logarithm" in text
    assert "- versions: child 1" in text
    # All runs have the counts 2 and 3 on one of two pools: two mixtures, each repeated six times.
    assert "2 mixtures were trained more than once, 12 runs in all." in text
    own = [-score for score in table.scores[:, 0]]
    groups = [own[0::2], own[1::2]]
    squares = sum((v - sum(g) / 6) ** 2 for g in groups for v in g)
    assert f"| {(squares / 10) ** 0.5:.4f} |" in text


def test_tokens_that_follow_from_the_mixture_become_no_covariate(tmp_path):
    study = make_study(tmp_path, 8)
    supervise(study.path)
    file = study.run_dir("r0002") / "result.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "tokens": 5}))
    table = collect(study.path)
    assert table.covariates == ()
    assert table.provenance["trained_tokens"][2] == "5"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tokens": -1}, "tokens is -1"),
        (
            {"outcomes": {"loss": {"value": float("nan"), "higher_is_better": False, "unit": ""}}},
            "'loss' is nan",
        ),
        ({"outcomes": {}}, "no outcome"),
        ({"seconds": None}, "seconds is None"),
        ({"run": "r0001"}, "result of 'r0001'"),
        ({"outcomes": {"other": {"value": 1.0, "higher_is_better": False, "unit": ""}}}, "same outcomes"),
    ],
)
def test_results_that_cannot_be_are_refused(six_done, change, said):
    study = six_done
    file = study.run_dir("r0002") / "result.json"
    file.write_text(
        json.dumps(
            {**json.loads((study.run_dir("r0003") / "result.json").read_text()), "run": "r0002", **change}
        )
    )
    with pytest.raises(ProxyError, match=said):
        collect(study.path)


def test_too_few_rows_are_refused_in_words(tmp_path):
    study = make_study(tmp_path, 3)
    with pytest.raises(ProxyError, match="No run"):
        collect(study.path)
    supervise(study.path)
    with pytest.raises(TableError, match="3 runs"):
        collect(study.path)


def test_runs_that_were_trained_elsewhere_are_taken_once(tmp_path):
    here = make_study(tmp_path, 6)
    elsewhere = make_study(tmp_path / "elsewhere", 6)
    supervise(elsewhere.path)
    job = elsewhere.run_dir("r0003") / "job.json"
    other = json.loads(job.read_text())
    other["run"]["counts"]["a b"] = 4
    job.write_text(json.dumps(other))
    (elsewhere.run_dir("r0004") / "job.json").unlink()
    shutil.copytree(elsewhere.run_dir("r0005"), tmp_path / "alone" / "x")
    shutil.rmtree(elsewhere.run_dir("r0005"))
    found = import_runs(here, elsewhere.path)
    assert found.taken == ("r0000", "r0001", "r0002")
    assert [name for name, _ in found.refused] == ["r0003", "r0004"]
    assert "another mixture" in found.refused[0][1]
    assert import_runs(here, tmp_path / "alone" / "x").taken == ("r0005",)
    assert import_runs(here, tmp_path / "alone").known == ("r0005",)
    supervise(here.path)
    with Ledger(here.ledger_path) as ledger:
        assert ledger.counts()["done"] == 6
    assert sorted(run for event, run in journal(here) if event == "begin") == ["r0003", "r0004"]


def test_a_larger_design_adds_its_runs_and_another_one_is_refused(tmp_path):
    study = make_study(tmp_path, 6)
    more = read_designed_runs(write_design(tmp_path / "more", 6))
    assert launch_study(more, study.path, study.launch)[1] == 0
    content = json.loads((tmp_path / "design" / "design.json").read_text())
    content["runs"].append({**content["runs"][0], "id": "r0006"})
    (tmp_path / "more" / "design.json").write_text(json.dumps(content))
    assert launch_study(read_designed_runs(tmp_path / "more"), study.path, study.launch)[1] == 1
    content["runs"][2]["pool"] = "p009"
    (tmp_path / "more" / "design.json").write_text(json.dumps(content))
    with pytest.raises(ProxyError, match="another run r0002"):
        launch_study(read_designed_runs(tmp_path / "more"), study.path, study.launch)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "a b", "x" * 65])
def test_a_run_id_never_becomes_a_path(tmp_path, name):
    folder = write_design(tmp_path / "design", 2)
    content = json.loads((folder / "design.json").read_text())
    content["runs"][1]["id"] = name
    (folder / "design.json").write_text(json.dumps(content))
    with pytest.raises(ProxyError, match="cannot name a folder"):
        read_designed_runs(folder)
