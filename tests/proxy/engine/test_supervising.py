"""The supervisor: every run gets its end, and the ledger says which and why."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine import Ledger, supervise
from causalmix_core.proxy.engine.lock import SupervisorLock
from causalmix_core.proxy.engine.processes import start_tick
from tests.proxy.engine.studies import journal, make_study, start_supervising, wait_for


def test_every_run_is_trained_once_in_chunks(tmp_path):
    study = make_study(tmp_path, 10, chunk=4)
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        assert ledger.counts() == {"queued": 0, "running": 0, "done": 10, "failed": 0, "cancelled": 0}
        assert [run.tries for run in ledger.runs()] == [1] * 10
        assert len(ledger.jobs()) == 3
    assert journal(study) == {(e, f"r{i:04d}"): 1 for e in ("begin", "finish") for i in range(10)}
    assert not study.lock_path.read_bytes()


def test_failures_keep_their_reason_and_do_not_stop_the_others(tmp_path):
    modes = {"r0000": "nan", "r0001": "input", "r0002": "crash", "r0003": "memory"}
    study = make_study(tmp_path, 8, chunk=8, modes=modes, max_tries=2)
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        runs = {run.id: run for run in ledger.runs()}
    assert {run.id: (run.state, run.kind, run.tries) for run in runs.values() if run.state != "done"} == {
        "r0000": ("failed", "nan", 1),
        "r0001": ("failed", "input", 1),
        "r0002": ("failed", "other", 2),
        "r0003": ("failed", "out of memory", 2),
    }
    assert "status 3" in str(runs["r0002"].reason)
    assert "made to run out" in str(runs["r0003"].reason)
    # The one that takes its process along is begun twice; those behind it lose no try by it.
    assert journal(study)["begin", "r0002"] == 2
    assert [runs[f"r{i:04d}"].tries for i in range(4, 8)] == [1] * 4
    assert "Memory" in (study.run_dir("r0003") / "log.txt").read_text()


def test_a_command_that_is_not_there_pauses_the_study(tmp_path):
    study = make_study(tmp_path, 30, chunk=1, argv=("/no/such/trainer",), max_tries=2)
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        hold = ledger.hold()
        assert hold is not None
        assert hold.kind == "failing"
        assert "not found" in hold.reason
        assert ledger.counts()["queued"] > 20
        assert ledger.counts()["running"] == 0


def test_retry_gives_all_tries_again(tmp_path):
    study = make_study(tmp_path, 3, modes={"r0001": "crash"}, max_tries=1)
    supervise(study.path)
    job = study.run_dir("r0001") / "job.json"
    content = json.loads(job.read_text())
    content["settings"]["modes"] = {}
    job.write_text(json.dumps(content))
    with Ledger(study.ledger_path) as ledger:
        assert ledger.states()["r0001"] == "failed"
        assert ledger.retry() == 1
        supervise(study.path)
        assert ledger.counts()["done"] == 3


def test_cancel_ends_a_running_run_and_spares_its_neighbours(tmp_path):
    study = make_study(tmp_path, 4, chunk=2, steps=40, pause=0.02, slots="1xcpu")
    with Ledger(study.ledger_path) as ledger:
        supervisor = start_supervising(study)
        wait_for(lambda: journal(study)["begin", "r0000"])
        assert ledger.cancel(["r0000", "r0003"]) == 2
        assert supervisor.wait(20) == 0
        assert ledger.states() == {
            "r0000": "cancelled",
            "r0001": "done",
            "r0002": "done",
            "r0003": "cancelled",
        }
        assert [run.tries for run in ledger.runs()] == [0, 1, 1, 0]
    assert journal(study)["begin", "r0003"] == 0
    assert journal(study)["finish", "r0000"] == 0


def test_a_process_that_ignores_term_is_killed(tmp_path):
    study = make_study(tmp_path, 1, modes={"r0000": "stubborn"}, steps=2_000, pause=0.02)
    supervisor = start_supervising(study, grace=0.3)
    with Ledger(study.ledger_path) as ledger:
        wait_for((study.run_dir("r0000") / "progress.jsonl").exists)
        ledger.cancel()
        assert supervisor.wait(20) == 0
        assert ledger.states() == {"r0000": "cancelled"}
        (job,) = ledger.jobs()
    assert start_tick(job.pid or 0) is None


def test_what_a_dead_worker_left_running_is_killed(tmp_path):
    study = make_study(tmp_path, 1, modes={"r0000": "leftover"}, max_tries=1)
    supervise(study.path)
    left = int((study.run_dir("r0000") / "leftover").read_text())
    wait_for(lambda: start_tick(left) is None, 5.0)


def test_pause_lets_the_running_finish_and_starts_nothing(tmp_path):
    study = make_study(tmp_path, 4, chunk=1, slots="1xcpu", steps=10, pause=0.02)
    supervisor = start_supervising(study)
    with Ledger(study.ledger_path) as ledger:
        wait_for(lambda: journal(study)["begin", "r0000"])
        ledger.pause()
        assert supervisor.wait(20) == 0  # a paused study needs no supervisor
        assert ledger.counts()["done"] == 1
        ledger.resume()
        supervise(study.path)
        assert ledger.counts()["done"] == 4


def test_too_little_space_starts_nothing_and_says_so(tmp_path):
    study = make_study(tmp_path, 2, min_free_mb=10**9)
    supervisor = start_supervising(study)
    with Ledger(study.ledger_path) as ledger:
        wait_for(ledger.hold)
        hold = ledger.hold()
        assert hold is not None
        assert hold.kind == "disk full"
        assert "MB free" in hold.reason
        assert ledger.counts()["queued"] == 2
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert journal(study) == {}


def test_one_supervisor_a_study(tmp_path):
    study = make_study(tmp_path, 1)
    with SupervisorLock(study.lock_path), pytest.raises(ProxyError, match=f"process {os.getpid()}"):
        supervise(study.path)


def test_results_made_elsewhere_are_not_made_again(tmp_path):
    study = make_study(tmp_path, 3)
    supervise(study.path)
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "journal.txt"):
        (study.path / name).unlink(missing_ok=True)
    shutil.rmtree(study.path / "jobs")
    with Ledger(study.ledger_path) as ledger:
        ledger.submit(["r0000", "r0001", "r0002"])
        supervise(study.path)
        assert ledger.counts()["done"] == 3
    assert journal(study) == {}


def test_a_broken_result_is_moved_aside_and_the_run_repeated(tmp_path):
    study = make_study(tmp_path, 1)
    (study.run_dir("r0000") / "result.json").write_text('{"run": "r00')
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        assert ledger.counts()["done"] == 1
    assert (study.run_dir("r0000") / "result.broken.json").read_text() == '{"run": "r00'
    assert journal(study)["finish", "r0000"] == 1
