"""The commands of a study: launch, status, steering, collect, serve."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from causalmix_core.evidence import read_runs
from causalmix_core.proxy.engine import Ledger, open_study
from causalmix_core.proxy.engine.lock import holder
from tests.proxy.design.pools import made_pool
from tests.proxy.engine.studies import make_study, wait_for

# A trainer in one line: its outcome is the run's number.
TRAINER = "import json, sys; json.dump(dict(loss=1 + int(sys.argv[1][1:]) / 10), open('outcomes.json', 'w'))"
COMMAND = json.dumps([sys.executable, "-S", "-c", TRAINER, "{run}"])


@pytest.fixture(scope="module")
def pool_dir(tmp_path_factory) -> Path:
    return made_pool(tmp_path_factory.mktemp("proxy") / "made").folder.parent.parent


@pytest.fixture
def design_dir(cli, pool_dir: Path, tmp_path: Path) -> Path:
    words = ("--runs", 9, "--windows", 40, "--seq", 32, "--out", tmp_path / "design")
    assert cli("design", pool_dir, *words).status == 0
    return tmp_path / "design"


def test_from_a_design_to_a_table(cli, pool_dir: Path, design_dir: Path, tmp_path: Path):
    study = tmp_path / "study"
    words = ("--pool", pool_dir, "--study", study, "--worker", "command", "--set", f"command={COMMAND}")
    planned = cli("proxy", "launch", design_dir, *words, "--slots", "1xcpu", "--chunk", 9, "--dry-run")
    assert planned.status == 0, planned.err
    assert "9 runs on 1 pools, 9 of them new; 360 windows in all." in planned.out
    assert "train-run --run-dir" in planned.out
    assert not study.exists()
    said = cli("proxy", "launch", design_dir, *words, "--slots", "1xcpu", "--chunk", 9, "--wait")
    assert said.status == 0, said.err + (study / "supervisor.log").read_text()
    assert said.out.splitlines()[-1].startswith("9 of 9 runs done: 9 done")
    collected = cli("proxy", "collect", study)
    assert collected.status == 0, collected.err
    table = read_runs(study / "runs.csv")
    assert table.n_runs == 9
    assert sorted(-score for score in table.scores[:, 0]) == [1 + i / 10 for i in range(9)]
    assert set(table.provenance["design_sha256"]) == {open_study(study).launch.design_sha256}
    assert "9 proxy runs on mixtures of 3 domains" in (study / "runs.datasheet.md").read_text()


def test_a_design_of_another_pool_is_refused(mistake, design_dir: Path, tmp_path: Path):
    other = made_pool(tmp_path / "other", documents=(200, 240, 200)).folder.parent.parent
    said = mistake("proxy", "launch", design_dir, "--pool", other, "--study", tmp_path / "study")
    assert "was drawn from another pool" in said


def test_status_and_steering(cli, mistake, tmp_path: Path):
    study = make_study(tmp_path, 4, chunk=1, slots="1xcpu", steps=20, pause=0.02)
    path = study.path
    assert cli("proxy", "pause", path).status == 0
    assert "Nothing new is started: Paused by the user." in cli("proxy", "status", path).out
    assert cli("proxy", "cancel", path, "--run", "r0003").status == 0
    assert cli("proxy", "resume", path).status == 0
    wait_for((study.run_dir("r0000") / "progress.jsonl").exists)
    found = json.loads(cli("proxy", "status", path, "--json").out)
    assert found["supervisor"] == holder(study.lock_path).pid
    assert found["counts"]["cancelled"] == 1
    assert found["total"] == 4
    assert "r0003" in mistake("proxy", "cancel", path, "--run", "r0003x")
    assert cli("proxy", "status", path, "--watch").out.splitlines()[-1].startswith("3 of 4 runs done")
    wait_for(lambda: holder(study.lock_path) is None)
    assert cli("proxy", "retry", path).out.startswith(f"{path}: 1 runs queued again.")
    wait_for(lambda: holder(study.lock_path) is None)
    with Ledger(study.ledger_path) as ledger:
        assert ledger.counts()["done"] == 4
    assert [line.split("\t")[:2] for line in cli("proxy", "status", path, "--runs").out.splitlines()] == [
        [f"r{i:04d}", "done"] for i in range(4)
    ]


def test_serve_in_the_foreground_tells_what_failed(cli, tmp_path: Path):
    study = make_study(tmp_path, 2, modes={"r0001": "nan"})
    said = cli("serve", study.path, "--progress")
    assert said.status == 1
    assert "r0001 failed: made to fail: nan" in said.out
    assert "runs" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("proxy", "status", "{tmp}"), "no study.json"),
        (("serve", "{tmp}"), "no study.json"),
        (("proxy", "launch", "{tmp}", "--pool", "{tmp}", "--study", "{tmp}/s"), "design"),
    ],
)
def test_mistakes_are_one_sentence(mistake, tmp_path: Path, words, said):
    assert said in mistake(*(word.replace("{tmp}", str(tmp_path)) for word in words))
