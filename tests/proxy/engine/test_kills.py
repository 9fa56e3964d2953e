"""kill -9 of anything at any moment loses no finished run and repeats none."""

from __future__ import annotations

import os
import signal

from benchmarks.stress.kills import stress
from causalmix_core.proxy.engine import Ledger, supervise
from causalmix_core.proxy.engine.claims import claim
from causalmix_core.proxy.engine.lock import holder, try_lock
from causalmix_core.proxy.engine.processes import boot_id, start_tick
from tests.proxy.engine.studies import journal, make_study, start_supervising, wait_for


def test_random_kills_of_app_supervisor_worker_and_machine(tmp_path):
    report = stress(tmp_path, kills=4, seed=5)
    assert report.kills == {"app": 1, "supervisor": 1, "worker": 1, "machine": 1}
    assert report.finished == report.runs > 0
    assert (report.lost, report.repeated, report.overlapping) == (0, 0, 0)


def test_a_new_supervisor_adopts_what_lives(tmp_path):
    study = make_study(tmp_path, 2, chunk=1, steps=60, pause=0.02)
    first = start_supervising(study)
    wait_for(lambda: journal(study)["begin", "r0000"] and journal(study)["begin", "r0001"])
    first.kill()
    first.wait()
    with Ledger(study.ledger_path) as ledger:
        before = [(job.pid, job.tick) for job in ledger.jobs(alive=True)]
        assert holder(study.lock_path) is None
        supervise(study.path)
        assert [(job.pid, job.tick) for job in ledger.jobs()] == before
        assert [(run.state, run.tries) for run in ledger.runs()] == [("done", 1)] * 2
    assert journal(study)["begin", "r0000"] == 1


def test_finished_runs_of_a_dead_chunk_stay_done_and_the_others_keep_their_tries(tmp_path):
    study = make_study(tmp_path, 3, chunk=3, steps=15, pause=0.02)
    supervisor = start_supervising(study)
    wait_for(lambda: journal(study)["begin", "r0001"])
    with Ledger(study.ledger_path) as ledger:
        os.kill(ledger.jobs()[0].pid or 0, signal.SIGKILL)
        assert supervisor.wait(20) == 0
        assert [run.tries for run in ledger.runs()] == [1, 2, 1]
        assert ledger.counts()["done"] == 3
    counts = journal(study)
    assert [counts["begin", f"r{i:04d}"] for i in range(3)] == [1, 2, 1]


def test_after_a_restart_of_the_machine_everything_goes_back_at_no_cost(tmp_path):
    study = make_study(tmp_path, 2, chunk=1, steps=500, pause=0.02)
    supervisor = start_supervising(study, boot="first")
    wait_for(lambda: journal(study)["begin", "r0000"] and journal(study)["begin", "r0001"])
    with Ledger(study.ledger_path) as ledger:
        supervisor.kill()
        for job in ledger.jobs():
            os.killpg(job.pid or 0, signal.SIGKILL)
        wait_for(lambda: all(start_tick(job.pid or 0) is None for job in ledger.jobs()))
        for name in ("r0000", "r0001"):
            job = study.run_dir(name) / "job.json"
            job.write_text(job.read_text().replace("500", "2"))
        supervise(study.path, boot="second")
        assert [(run.state, run.tries) for run in ledger.runs()] == [("done", 1)] * 2
        assert {job.boot for job in ledger.jobs()} == {"first", "second"}


def test_a_supervisor_that_died_before_its_child_began_costs_no_try(tmp_path):
    study = make_study(tmp_path, 2)
    with Ledger(study.ledger_path) as ledger:
        assert claim(ledger, "local", "cpu", 2, boot_id(), None) is not None
        supervise(study.path)
        assert [(run.state, run.tries) for run in ledger.runs()] == [("done", 1)] * 2


def test_a_child_that_nobody_wrote_down_is_found_by_its_lock(tmp_path):
    study = make_study(tmp_path, 1, slots="1xcpu")
    with Ledger(study.ledger_path) as ledger:
        job = claim(ledger, "local", "cpu", 1, boot_id(), None)
        assert job is not None
        folder = study.job_dir(job.id)
        folder.mkdir(parents=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
        assert try_lock(lock)  # this test plays the child that has not written its id yet
        supervisor = start_supervising(study)
        wait_for(lambda: holder(study.lock_path))
        assert supervisor.poll() is None
        assert ledger.states() == {"r0000": "running"}
        os.close(lock)
        assert supervisor.wait(20) == 0
        assert ledger.states() == {"r0000": "done"}
        assert len(ledger.jobs()) == 2
    assert journal(study)["begin", "r0000"] == 1
