"""Jobs on a Slurm cluster, submitted through submitit.

The same ledger and the same supervisor; only where a job lives differs. submitit writes the batch
script and keeps its own files, pickles among them, under ``jobs/``; nothing of them is read back here:
a run's ``result.json`` decides, as everywhere.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.claims import note_remote
from causalmix_core.proxy.engine.records import Ended
from causalmix_core.proxy.engine.slots import base_environment
from causalmix_core.proxy.engine.slurm_queue import (
    ALIVE,
    cancel_job,
    find_jobs_by_name,
    queued_states,
    state_after_end,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.proxy.engine.ledger import Ledger
    from causalmix_core.proxy.engine.records import JobRecord
    from causalmix_core.proxy.engine.study import Study

SLOT = "slurm"
_WITH_LOG = 'exec "$@" >> "$0" 2>&1'
_WAITING = frozenset({"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "SUSPENDED"})
# A job that was submitted may take a moment to be listed.
_UNLISTED_SECONDS = 20.0
_PARAMETERS = {
    "partition": "slurm_partition",
    "account": "slurm_account",
    "qos": "slurm_qos",
    "constraint": "slurm_constraint",
    "minutes": "timeout_min",
    "cpus": "cpus_per_task",
    "gpus": "gpus_per_node",
    "memory_gb": "mem_gb",
    "setup": "slurm_setup",
}


@dataclass(frozen=True)
class SlurmSettings:
    """What each job asks the cluster for.

    Attributes
    ----------
    max_pending : jobs that may wait in the cluster's queue at once, >= 1.
    poll_seconds : time between two looks at the queue, > 0.
    parameters : "partition", "account", "qos", "constraint" (texts), "minutes" (limit of a job), "cpus", "gpus",
        "memory_gb" (numbers), "setup" (list of shell lines that run before it).
    """

    max_pending: int
    poll_seconds: float
    parameters: Mapping[str, Any]


def slurm_settings(found: Mapping[str, Any]) -> SlurmSettings:
    """Check the settings of a launch.

    Raises
    ------
    ProxyError : an unknown name, or a number out of range.
    """
    rest = dict(found)
    pending, poll = rest.pop("max_pending", 50), rest.pop("poll_seconds", 5.0)
    for name in rest:
        if name not in _PARAMETERS:
            known = ", ".join(("max_pending", "poll_seconds", *_PARAMETERS))
            raise ProxyError(f"There is no Slurm setting {name!r}; known are {known}.")
    if not isinstance(pending, int) or pending < 1:
        raise ProxyError(f"max_pending is {pending!r}; it is a whole number, 1 at least.")
    if not isinstance(poll, int | float) or not poll > 0:
        raise ProxyError(f"poll_seconds is {poll!r}; it is a number above 0.")
    return SlurmSettings(pending, float(poll), {"minutes": 60, "cpus": 1} | rest)


class SlurmBackend:
    """Jobs of the cluster that this machine can submit to.

    Parameters
    ----------
    study : on a disk that the cluster's nodes see under the same path. ledger : whose jobs they are.

    Raises
    ------
    ProxyError : submitit or Slurm's commands are missing, or a setting is wrong.
    """

    name = "slurm"
    boot = "slurm"  # jobs live on other machines: this one's restart ends none of them

    def __init__(self, study: Study, ledger: Ledger) -> None:
        settings = slurm_settings(study.launch.slurm or {})
        self.poll_seconds = settings.poll_seconds
        self._study = study
        self._ledger = ledger
        self._most_pending = settings.max_pending
        self._executor = _executor(study, settings)
        # Names tell the jobs of one study from those of another, also of a study in another folder.
        self._prefix = f"causalmix-{hashlib.sha256(str(study.path).encode()).hexdigest()[:8]}"
        self._states: dict[str, str] = {}
        self._looked = -1e9

    def free_slots(self, alive: Sequence[JobRecord]) -> list[str]:
        """As many as may still wait in the cluster's queue."""
        states = self._look()
        waiting = sum(states.get(job.remote or "", "PENDING") in _WAITING for job in alive)
        return [SLOT] * max(0, self._most_pending - waiting)

    def oom_count(self) -> int | None:
        """Unknown: memory runs out on another machine, and Slurm says so."""
        return None

    def start(self, job: JobRecord, argv: Sequence[str]) -> Ended | None:
        """Submit a job under a name of its own, so that it is found again if its number was not kept."""
        from submitit.core.utils import FailedJobError, FailedSubmissionError
        from submitit.helpers import CommandFunction

        os.environ.update(base_environment())  # sbatch hands the environment on
        log = self._study.log_of_job(job.id)
        log.parent.mkdir(parents=True, exist_ok=True)
        command = CommandFunction(["/bin/sh", "-c", _WITH_LOG, str(log), *argv], verbose=False)
        self._executor.update_parameters(name=self._job_name(job.id))
        try:
            remote = str(self._executor.submit(command).job_id)
        except (FailedJobError, FailedSubmissionError) as error:
            return Ended(None, "other", f"Slurm refused the job: {' '.join(str(error).split())[-300:]}")
        note_remote(self._ledger, job.id, remote)
        self._looked = -1e9
        return None

    def poll(self, job: JobRecord) -> Ended | None:
        """How a job ended, or None while the cluster has it in its queue."""
        states = self._look()
        remote = job.remote
        if remote is None:
            found = find_jobs_by_name(self._job_name(job.id))
            if not found:
                gone = time.time() - job.started > _UNLISTED_SECONDS
                reason = "The supervisor ended before it was submitted."
                return Ended(None, "interrupted", reason, spent=False) if gone else None
            note_remote(self._ledger, job.id, found[-1])
            return None
        if remote in states:
            return None
        state = state_after_end(remote)
        if state in ALIVE or (state is None and time.time() - job.started < _UNLISTED_SECONDS):
            return None
        return ended_of(state, remote)

    def forget(self, job: JobRecord) -> None:
        """Nothing is kept."""

    def stop(self, job: JobRecord, *, hard: bool) -> None:
        """``scancel``: Slurm sends TERM, and KILL after its own KillWait."""
        if job.remote is not None:
            cancel_job(job.remote, hard=hard)

    def _job_name(self, job: int) -> str:
        return f"{self._prefix}-{job}"

    def _look(self) -> dict[str, str]:
        """Slurm's states of the jobs in its queue, not older than half the time between polls."""
        if time.monotonic() - self._looked > self.poll_seconds / 2:
            self._states = queued_states(self._prefix)
            self._looked = time.monotonic()
        return self._states


def ended_of(state: str | None, remote: str) -> Ended:
    """What a state that Slurm gave a finished job means for its runs; None where Slurm has forgotten it."""
    if state == "OUT_OF_MEMORY":
        return Ended(None, "out of memory", f"Slurm ended job {remote} because memory ran out.")
    if state in {"TIMEOUT", "DEADLINE"}:
        return Ended(None, "other", f"Slurm ended job {remote} at its time limit; give it more minutes.")
    if state in {"NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "REVOKED"}:
        return Ended(None, "interrupted", f"Slurm took the node from job {remote} ({state}).", spent=False)
    if state == "CANCELLED":
        return Ended(None, "killed", f"Slurm job {remote} was cancelled.")
    said = f" ({state})" if state else ""
    return Ended(
        None, "other", f"Slurm job {remote} ended{said} without a result; see its output in jobs/slurm."
    )


def _executor(study: Study, settings: SlurmSettings) -> Any:
    try:
        import submitit
    except ImportError:
        raise ProxyError("Slurm needs submitit: pip install 'causalmix[slurm]'.") from None
    try:
        executor = submitit.AutoExecutor(folder=study.path / "jobs" / "slurm", cluster="slurm")
        executor.update_parameters(
            **{_PARAMETERS[name]: value for name, value in settings.parameters.items()}
        )
    except (RuntimeError, ValueError, TypeError, NameError) as error:
        raise ProxyError(f"Slurm cannot be used here: {error}") from None
    return executor
