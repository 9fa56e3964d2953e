"""The same ledger on a real Slurm of one node, which a script starts for these tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine import Ledger, supervise
from causalmix_core.proxy.engine.slurm import ended_of, slurm_settings
from causalmix_core.proxy.engine.slurm_queue import queued_states
from tests.conftest import ROOT
from tests.proxy.engine.studies import journal, make_study, start_supervising, wait_for

SCRIPT = ROOT / "tools" / "slurm_local.sh"
NEEDED = ("slurmctld", "slurmd", "sbatch", "squeue", "munged")
QUICK = {"poll_seconds": 0.3, "minutes": 5}


@pytest.fixture(scope="module")
def slurm():
    """A running Slurm; skipped with the reason where there can be none."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(
            f"Slurm is not installed here ({missing[0]} is missing): slurmctld, slurmd, slurm-client, munge"
        )
    if os.geteuid() != 0:
        pytest.skip("starting a Slurm needs root")
    pytest.importorskip("submitit", reason="submitit is not installed: pip install 'causalmix[slurm]'")
    # Sockets have short names, so not in pytest's long folder.
    folder = Path(tempfile.mkdtemp(prefix="cm-slurm-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
        started = subprocess.run([SCRIPT, "start", folder], capture_output=True, text=True, check=False)
        if started.returncode:
            pytest.fail(f"Slurm did not start: {started.stderr}")
        try:
            yield folder
        finally:
            subprocess.run([SCRIPT, "stop", folder], check=False)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slurm
def test_runs_are_trained_by_slurm_in_chunks(slurm, tmp_path):
    study = make_study(tmp_path, 5, chunk=3, slurm=QUICK, modes={"r0001": "nan"})
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        runs = {run.id: (run.state, run.kind, run.tries) for run in ledger.runs()}
        assert runs.pop("r0001") == ("failed", "nan", 1)
        assert set(runs.values()) == {("done", None, 1)}
        assert [job.backend for job in ledger.jobs()] == ["slurm", "slurm"]
        assert all(str(job.remote).isdecimal() for job in ledger.jobs())


@pytest.mark.slurm
def test_a_killed_supervisor_finds_its_jobs_again_and_never_submits_twice(slurm, tmp_path):
    study = make_study(tmp_path, 4, chunk=2, slurm=QUICK, steps=20, pause=0.05)
    first = start_supervising(study)
    wait_for(lambda: journal(study)["begin", "r0000"], 30)
    first.kill()
    first.wait()
    with Ledger(study.ledger_path) as ledger:
        jobs = ledger.jobs()
        with ledger.transaction() as db:  # as if it had died before it could write the number down
            db.execute("update job set remote=null where id=1")
        supervise(study.path)
        assert [job.remote for job in ledger.jobs()] == [job.remote for job in jobs]
        assert {(run.state, run.tries) for run in ledger.runs()} == {("done", 1)}
    assert {n for (event, _), n in journal(study).items() if event == "begin"} == {1}


@pytest.mark.slurm
def test_at_most_so_many_wait_and_cancelled_ones_leave_the_queue(slurm, tmp_path):
    cores = os.cpu_count() or 1
    study = make_study(
        tmp_path, cores + 6, chunk=1, slurm={**QUICK, "max_pending": 2}, steps=4_000, pause=0.05
    )
    supervisor = start_supervising(study)
    with Ledger(study.ledger_path) as ledger:
        wait_for(lambda: len(ledger.jobs()) == cores + 2, 40)
        wait_for(lambda: len(_of_this_study()) == cores + 2, 10)
        assert ledger.counts()["queued"] == 4
        assert ledger.cancel() == cores + 6
        assert supervisor.wait(60) == 0
        assert ledger.counts()["cancelled"] == cores + 6
    wait_for(lambda: not _of_this_study(), 20)


@pytest.mark.slurm
def test_what_slurm_refuses_is_told(slurm, tmp_path):
    study = make_study(tmp_path, 1, slurm={**QUICK, "partition": "nowhere"}, max_tries=1)
    supervise(study.path)
    with Ledger(study.ledger_path) as ledger:
        (run,) = ledger.runs()
    assert run.state == "failed"
    assert "partition" in str(run.reason)


def _of_this_study() -> dict[str, str]:
    return queued_states("causalmix")


@pytest.mark.parametrize(
    ("state", "kind", "spent"),
    [
        ("OUT_OF_MEMORY", "out of memory", True),
        ("TIMEOUT", "other", True),
        ("NODE_FAIL", "interrupted", False),
        ("PREEMPTED", "interrupted", False),
        ("COMPLETED", "other", True),
        (None, "other", True),
    ],
)
def test_states_of_slurm_say_whose_fault_it_was(state, kind, spent):
    ended = ended_of(state, "7")
    assert (ended.kind, ended.spent) == (kind, spent)


def test_settings_are_checked():
    assert slurm_settings({"partition": "gpu", "max_pending": 3}).max_pending == 3
    for wrong in ({"partitoin": "gpu"}, {"max_pending": 0}, {"poll_seconds": -1}):
        with pytest.raises(ProxyError, match=next(iter(wrong))):
            slurm_settings(wrong)


def test_without_slurm_the_reason_is_said(tmp_path, monkeypatch):
    pytest.importorskip("submitit")
    monkeypatch.setenv("PATH", "/nowhere")
    study = make_study(tmp_path, 1, slurm={})
    with pytest.raises(ProxyError, match="srun"):
        supervise(study.path)
