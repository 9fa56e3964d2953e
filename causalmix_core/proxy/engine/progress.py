"""How far a study is, how fast it goes, and when it will be done."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.proxy.engine.ledger import Ledger
from causalmix_core.proxy.engine.lock import holder
from causalmix_core.proxy.engine.records import Hold
from causalmix_core.proxy.engine.results import read_progress
from causalmix_core.proxy.engine.verdicts import why_full

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.proxy.engine.records import JobRecord, RunRecord, RunState
    from causalmix_core.proxy.engine.study import Study


@dataclass(frozen=True)
class RunningRun:
    """A run in the making: ``done`` from 0 to 1; ``loss`` in nats per token, None before the first."""

    id: str
    slot: str
    pid: int | None
    done: float
    loss: float | None
    tries: int
    seconds: float


@dataclass(frozen=True)
class EndedRun:
    """A run that failed or was cancelled, and why."""

    id: str
    state: str
    kind: str | None
    reason: str | None
    tries: int


@dataclass(frozen=True)
class Status:
    """A study at one moment.

    Attributes
    ----------
    counts : state -> number of runs. total : runs.
    running : those in the making; runs that wait within a chunk count as running in ``counts`` only.
    ended : failed and cancelled ones.
    runs_per_hour : finished work over the time in which at least one job lived; None before any work.
    eta_seconds : what is left at that rate; None without a rate, 0 when nothing is left.
    supervisor : process id, or None when nobody supervises.
    hold : why nothing new is started, or None.
    """

    counts: Mapping[RunState, int]
    total: int
    running: tuple[RunningRun, ...]
    ended: tuple[EndedRun, ...]
    runs_per_hour: float | None
    eta_seconds: float | None
    supervisor: int | None
    hold: Hold | None

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def status_of(study: Study, now: float | None = None) -> Status:
    """Read ledger and folders; nothing is changed. ``now`` in seconds since 1970."""
    moment = time.time() if now is None else now
    with Ledger(study.ledger_path) as ledger:
        runs, jobs, hold = ledger.runs(), ledger.jobs(), ledger.hold()
        counts = ledger.counts()
    full = why_full(study)
    if hold is None and full:  # a full disk may leave no room to write that down
        hold = Hold("disk full", full, moment)
    running = _running(study, runs, jobs, moment)
    per_second = _rate(runs, jobs, running, moment)
    left = counts["queued"] + counts["running"] - sum(r.done for r in running)
    unfinished = counts["queued"] + counts["running"]
    supervisor = holder(study.lock_path)
    return Status(
        counts=counts,
        total=len(runs),
        running=running,
        ended=tuple(
            EndedRun(r.id, r.state, r.kind, r.reason, r.tries)
            for r in runs
            if r.state in {"failed", "cancelled"}
        ),
        runs_per_hour=None if per_second is None else 3600.0 * per_second,
        eta_seconds=0.0 if not unfinished else None if per_second is None else max(left, 0.0) / per_second,
        supervisor=None if supervisor is None else supervisor.pid,
        hold=hold,
    )


def _running(
    study: Study, runs: Sequence[RunRecord], jobs: Sequence[JobRecord], now: float
) -> tuple[RunningRun, ...]:
    alive = {job.id: job for job in jobs if job.ended is None}
    found = []
    for run in runs:
        if run.state != "running" or run.job not in alive:
            continue
        progress = read_progress(study.run_dir(run.id))
        if progress is not None:
            job = alive[run.job]
            done = min(1.0, progress.step / progress.steps)
            found.append(
                RunningRun(run.id, job.slot, job.pid, done, progress.loss, run.tries, now - job.started)
            )
    return tuple(found)


def _rate(
    runs: Sequence[RunRecord], jobs: Sequence[JobRecord], running: Sequence[RunningRun], now: float
) -> float | None:
    """Runs a second: pauses do not count, because time counts only while a job lives."""
    work = sum(run.state == "done" and run.job is not None for run in runs) + sum(r.done for r in running)
    seconds, end = 0.0, 0.0
    for job in sorted(jobs, key=lambda job: job.started):
        until = now if job.ended is None else job.ended
        seconds += max(0.0, until - max(job.started, end))
        end = max(end, until)
    return work / seconds if work > 0.0 and seconds > 0.0 else None
