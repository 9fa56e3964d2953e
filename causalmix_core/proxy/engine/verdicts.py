"""What becomes of a run whose process has ended without a result for it."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.processes import oom_kills
from causalmix_core.proxy.engine.records import FINAL_KINDS
from causalmix_core.proxy.engine.results import Failure, read_failure, read_result, tail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from causalmix_core.proxy.engine.records import Ended, JobRecord, RunRecord
    from causalmix_core.proxy.engine.study import Study

_NO_SPACE = ("No space left on device", "Disk quota exceeded", "database or disk is full")
_NO_MEMORY = ("MemoryError", "CUDA out of memory", "Cannot allocate memory", "OutOfMemoryError")
_MOST_REASON = 300


@dataclass(frozen=True)
class Verdict:
    """A run's next state: ``spent`` says whether the attempt counts against its tries."""

    state: Literal["queued", "failed", "cancelled"]
    kind: str | None
    reason: str | None
    spent: bool


def has_result(run_dir: Path) -> bool:
    """Whether a run is done. A broken result (a machine that lost power) is moved aside and is none."""
    try:
        return read_result(run_dir) is not None
    except ProxyError:
        (run_dir / "result.json").replace(run_dir / "result.broken.json")
        return False


def why_full(study: Study) -> str | None:
    """A sentence when the study's disk has less space than it asks for, else None."""
    free = shutil.disk_usage(study.path).free
    if free >= study.min_free:
        return None
    return (
        f"The disk that holds {study.path} has {free / 1e6:,.1f} MB free, less than "
        f"{study.launch.min_free_mb:,} MB; make space, then it goes on by itself."
    )


def judge(
    study: Study, job: JobRecord, ended: Ended, runs: Sequence[RunRecord], *, disk_was_full: bool = False
) -> dict[str, Verdict]:
    """Run id -> verdict, for the unfinished ``runs`` of a job in the order in which it trained them.

    Blamed are the runs that said why they failed, and the first of the others: the process was at it
    when it ended. Those behind it were not begun and keep their tries.
    """
    stopped = job.stop_at is not None
    full = disk_was_full or why_full(study) is not None
    whole = _failure_of_process(study, job, ended, full=full)
    failures = {run.id: read_failure(study.run_dir(run.id)) for run in runs}
    at_work = next((run.id for run in runs if failures[run.id] is None), None)
    verdicts: dict[str, Verdict] = {}
    for run in runs:
        own = failures[run.id]
        blamed = own is not None or (ended.spent and not stopped and run.id == at_work)
        verdicts[run.id] = _verdict(run, own or whole, blamed=blamed, full=full)
    return verdicts


def _verdict(run: RunRecord, failure: Failure, *, blamed: bool, full: bool) -> Verdict:
    if run.cancel:
        return Verdict("cancelled", None, "Cancelled while it ran.", blamed)
    if not blamed:
        return Verdict("queued", run.kind, run.reason, False)
    if failure.kind == "disk full" and full:  # the run is not to blame, and waits until there is space
        return Verdict("queued", failure.kind, failure.reason, False)
    if failure.kind in FINAL_KINDS or run.tries >= run.max_tries:
        return Verdict("failed", failure.kind, failure.reason, True)
    return Verdict("queued", failure.kind, failure.reason, True)


def _failure_of_process(study: Study, job: JobRecord, ended: Ended, *, full: bool) -> Failure:
    """Why a process ended that said nothing itself: its status, the kernel's counters, its last words."""
    log = tail(study.log_of_job(job.id))
    last = next((line.strip() for line in reversed(log.splitlines()) if line.strip()), "")[:_MOST_REASON]
    if ended.kind is not None:
        return Failure(ended.kind, ended.reason or ended.kind)
    if full or any(words in log for words in _NO_SPACE):
        return Failure("disk full", f"The disk that holds {study.path} was full.")
    if ended.status in {None, -signal.SIGKILL} and job.oom is not None and (oom_kills() or 0) > job.oom:
        return Failure("out of memory", "The kernel killed its process because memory ran out.")
    if any(words in log for words in _NO_MEMORY):
        return Failure("out of memory", f"Memory ran out: {last}")
    return _failure_of_status(ended.status, last)


def _failure_of_status(status: int | None, last_words: str) -> Failure:
    if status is None:
        return Failure("lost", "Its process ended while no supervisor watched, without a result.")
    if status < 0:
        return Failure("killed", f"Its process was ended by {_signal_name(-status)}.")
    if status == 0:
        return Failure("other", "Its process ended as if all were well, but wrote no result.")
    said = f": {last_words}" if last_words else "."
    return Failure("other", f"Its process ended with status {status}{said}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
