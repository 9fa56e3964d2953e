"""Asking Slurm about jobs by its own commands; they need no accounting database."""

from __future__ import annotations

import shutil
import subprocess

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.records import BackendSilent

_SECONDS = 60.0
# States of a job that may still do something.
ALIVE = frozenset(
    {
        *("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SUSPENDED", "RUNNING"),
        *("COMPLETING", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED", "SPECIAL_EXIT"),
    }
)


def queued_states(prefix: str) -> dict[str, str]:
    """Job number -> state, of the user's jobs that wait or run and whose names begin with ``prefix``.

    Raises
    ------
    ProxyError : ``squeue`` is missing. BackendSilent : the controller does not answer.
    """
    rows = [
        line.split("|") for line in _ask("squeue", "--me", "-h", "-t", "all", "-o", "%A|%T|%j").splitlines()
    ]
    return {
        row[0]: row[1]
        for row in rows
        if len(row) == 3 and row[2].startswith(f"{prefix}-") and row[1] in ALIVE
    }


def find_jobs_by_name(name: str) -> list[str]:
    """Numbers of the user's jobs of exactly this name that Slurm still knows, oldest first."""
    lines = _ask("squeue", "--me", "-h", "-t", "all", "-n", name, "-o", "%A").split()
    return sorted(lines, key=int)


def state_after_end(job: str) -> str | None:
    """Final state of a job, such as ``"COMPLETED"``; None where Slurm has forgotten it and keeps no accounts."""
    for word in _ask("scontrol", "show", "job", job, "-o", may_fail=True).split():
        if word.startswith("JobState="):
            return word.removeprefix("JobState=")
    if shutil.which("sacct"):
        told = _ask("sacct", "-X", "-n", "-P", "-j", job, "-o", "State", may_fail=True).split()
        return told[0] if told else None
    return None


def cancel_job(job: str, *, hard: bool) -> None:
    """End a job."""
    _ask("scancel", *(["--signal=KILL"] if hard else []), job, may_fail=True)


def _ask(*command: str, may_fail: bool = False) -> str:
    """What a command of Slurm says; a controller that does not answer is an error, never an empty queue."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
    except FileNotFoundError:
        raise ProxyError(f"{command[0]} is missing: this machine is not part of a Slurm cluster.") from None
    except subprocess.TimeoutExpired:
        raise BackendSilent(f"{command[0]} has not answered for {_SECONDS:.0f} s.") from None
    if done.returncode and not may_fail:
        raise BackendSilent(f"{command[0]} failed: {done.stderr.strip()[:300]}")
    return "" if done.returncode else done.stdout
