"""The supervisor: fills free slots with jobs, and settles what became of them.

It keeps nothing in its head that the ledger and the folders do not tell as well, so it may be killed
at any moment: its successor adopts the jobs that live, and puts the runs of the dead ones back.
"""

from __future__ import annotations

import errno
import signal
import sqlite3
import sys
import threading
import time
from typing import TYPE_CHECKING, Protocol

from causalmix_core.proxy.engine import claims
from causalmix_core.proxy.engine.ledger import Ledger
from causalmix_core.proxy.engine.local import LocalBackend
from causalmix_core.proxy.engine.lock import SupervisorLock
from causalmix_core.proxy.engine.preparing import job_argv, make_ready
from causalmix_core.proxy.engine.records import BackendSilent
from causalmix_core.proxy.engine.slots import find_slots, parse_slots
from causalmix_core.proxy.engine.study import open_study
from causalmix_core.proxy.engine.verdicts import has_result, judge, why_full

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from causalmix_core.proxy.engine.records import Ended, JobRecord, RunRecord
    from causalmix_core.proxy.engine.study import Study
    from causalmix_core.proxy.engine.verdicts import Verdict

GRACE = 10.0  # s between TERM and KILL
LINGER = 60.0  # s that a process may take to end after its last run was settled
_PAUSE_IN_BAD_TIMES = 2.0
_ENDINGS = (signal.SIGTERM, signal.SIGINT)


class Backend(Protocol):
    """Where jobs run: this machine, or a cluster."""

    name: str
    boot: str
    poll_seconds: float

    def free_slots(self, alive: Sequence[JobRecord]) -> list[str]:
        """Slots in which a job could be started now."""

    def oom_count(self) -> int | None:
        """A count that grows when the kernel kills for memory."""

    def start(self, job: JobRecord, argv: Sequence[str]) -> Ended | None:
        """Start a job that the ledger knows; how it ended where it could not be started."""

    def poll(self, job: JobRecord) -> Ended | None:
        """How a job ended, or None while it lives."""

    def forget(self, job: JobRecord) -> None:
        """A job is settled."""

    def stop(self, job: JobRecord, *, hard: bool) -> None:
        """Ask a job to end, or make it."""


class Supervisor:
    """One pass after the other over the jobs of a study.

    Parameters
    ----------
    study, ledger : what to run.
    backend : where.
    grace : seconds between TERM and KILL for a run that was cancelled.
    """

    def __init__(self, study: Study, ledger: Ledger, backend: Backend, grace: float = GRACE) -> None:
        self._study = study
        self._ledger = ledger
        self._backend = backend
        self._grace = grace
        self._empty_since: dict[int, float] = {}
        self._verdicts: dict[int, dict[str, Verdict]] = {}
        self._last_full = 0.0

    def step(self) -> bool:
        """One pass; whether anything is left to do or may come back."""
        for job in self._ledger.jobs(alive=True):
            self._attend(job)
        self._fill()
        counts = self._ledger.counts()
        return bool(self._ledger.jobs(alive=True)) or (counts["queued"] > 0 and not self._paused())

    def note_full_disk(self) -> None:
        """Remember that there was no space now: what a job could not write then is not its runs' fault."""
        self._last_full = time.time()

    def _paused(self) -> bool:
        hold = self._ledger.hold()
        return hold is not None and hold.kind != "disk full"  # a disk may get space again by itself

    def _attend(self, job: JobRecord) -> None:
        runs = self._harvest(job)
        ended = self._backend.poll(job)
        if ended is not None:
            self._settle(job, ended)
        elif any(run.cancel for run in runs) or self._lingers(job, runs):
            self._stop(job)

    def _harvest(self, job: JobRecord) -> list[RunRecord]:
        """Mark finished runs done while their job goes on; the others."""
        unfinished = []
        for run in self._ledger.runs_of(job.id):
            if run.state == "running":
                if has_result(self._study.run_dir(run.id)):
                    claims.finish(self._ledger, run.id)
                else:
                    unfinished.append(run)
        return unfinished

    def _settle(self, job: JobRecord, ended: Ended) -> None:
        runs = self._harvest(job)  # what it finished between the last look and its end
        # Judged once: when the ledger cannot be written because the disk is full, that must still be
        # known when there is space again.
        if job.id not in self._verdicts:
            self._verdicts[job.id] = judge(
                self._study, job, ended, runs, disk_was_full=self._last_full >= job.started
            )
        claims.settle(self._ledger, job, ended, self._verdicts[job.id])
        del self._verdicts[job.id]
        self._backend.forget(job)
        self._empty_since.pop(job.id, None)

    def _lingers(self, job: JobRecord, runs: Sequence[RunRecord]) -> bool:
        if runs:
            return False
        return time.monotonic() - self._empty_since.setdefault(job.id, time.monotonic()) > LINGER

    def _stop(self, job: JobRecord) -> None:
        if job.stop_at is None:
            claims.note_stop(self._ledger, job.id)
            self._backend.stop(job, hard=False)
        elif time.time() - job.stop_at > self._grace:
            self._backend.stop(job, hard=True)

    def _fill(self) -> None:
        for slot in self._backend.free_slots(self._ledger.jobs(alive=True)):
            if not self._may_start():
                return
            job = claims.claim(
                self._ledger,
                self._backend.name,
                slot,
                self._study.launch.chunk,
                self._backend.boot,
                self._backend.oom_count(),
            )
            if job is None:
                return
            self._start(job)

    def _start(self, job: JobRecord) -> None:
        names = []
        for run in self._ledger.runs_of(job.id):
            if has_result(self._study.run_dir(run.id)):  # made elsewhere, or before the ledger was lost
                claims.finish(self._ledger, run.id)
            else:
                names.append(run.id)
        if not names:
            claims.close_job(self._ledger, job.id)
            return
        make_ready(self._study, job.id, names)
        refused = self._backend.start(job, job_argv(self._study, names))
        if refused is not None:
            self._settle(job, refused)

    def _may_start(self) -> bool:
        hold = self._ledger.hold()
        full = why_full(self._study)
        if full is not None:
            self.note_full_disk()
            if hold is None:
                self._ledger.pause(full, kind="disk full")
            return False
        if hold is not None and hold.kind == "disk full":
            self._ledger.resume()
            return True
        return hold is None


def supervise(
    study_dir: Path,
    slots: str | None = None,
    *,
    stay: bool = False,
    boot: str | None = None,
    grace: float = GRACE,
    told: Callable[[], None] | None = None,
) -> None:
    """Run a study's queue until it is empty or paused; SIGTERM and SIGINT end it and leave the jobs alone.

    Parameters
    ----------
    study_dir : folder that ``launch`` made.
    slots : such as "2xcpu,cuda:0"; None takes those of the launch, or what the machine has.
    stay : wait for more when the queue is empty or paused.
    boot : name of this start of the machine; None asks the kernel.
    grace : seconds between TERM and KILL.
    told : called after every pass.

    Raises
    ------
    ProxyError : no study, another supervisor, or slots that are not there.
    """
    study = open_study(study_dir)
    ending = threading.Event()
    before = [(number, signal.signal(number, lambda *_: ending.set())) for number in _ENDINGS]
    try:
        with SupervisorLock(study.lock_path), Ledger(study.ledger_path) as ledger:
            backend = _backend(study, ledger, slots, boot)
            supervisor = Supervisor(study, ledger, backend, grace)
            while not ending.is_set() and (_step_in_bad_times(supervisor, ending) or stay):
                if told is not None:
                    told()
                ending.wait(backend.poll_seconds)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _backend(study: Study, ledger: Ledger, slots: str | None, boot: str | None) -> Backend:
    if study.launch.slurm is not None:
        from causalmix_core.proxy.engine.slurm import SlurmBackend

        return SlurmBackend(study, ledger)
    chosen = slots or study.launch.slots
    return LocalBackend(study, ledger, parse_slots(chosen) if chosen else find_slots(), boot)


def _step_in_bad_times(supervisor: Supervisor, ending: threading.Event) -> bool:
    """A step that outlives a disk without space and a cluster that is silent: both may come back."""
    try:
        return supervisor.step()
    except (OSError, sqlite3.OperationalError, BackendSilent) as error:
        if not isinstance(error, BackendSilent) and not _is_full(error):
            raise
        if not isinstance(error, BackendSilent):
            supervisor.note_full_disk()
        print(f"{error}; waiting.", file=sys.stderr, flush=True)  # noqa: T201
        ending.wait(_PAUSE_IN_BAD_TIMES)
        return True


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return "full" in str(error)
