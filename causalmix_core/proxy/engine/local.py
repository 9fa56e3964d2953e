"""Jobs as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from typing import TYPE_CHECKING

from causalmix_core.proxy.engine.claims import note_process
from causalmix_core.proxy.engine.lock import is_locked, try_lock
from causalmix_core.proxy.engine.processes import (
    boot_id,
    end_leftovers,
    is_alive,
    oom_kills,
    signal_group,
    start_tick,
)
from causalmix_core.proxy.engine.records import Ended
from causalmix_core.proxy.engine.slots import environment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.proxy.engine.ledger import Ledger
    from causalmix_core.proxy.engine.records import JobRecord
    from causalmix_core.proxy.engine.study import Study

# The process writes its own id down before it becomes the worker, and asks the kernel to end it before
# the supervisor where memory runs out. An id that cannot be written (no space) means no worker.
_BECOME = '{ echo 500 > /proc/$$/oom_score_adj; } 2>/dev/null; echo $$ > "$0" && exec "$@"'
RESTARTED = Ended(None, "interrupted", "The machine was restarted while it ran.", spent=False)
NEVER_STARTED = Ended(None, "interrupted", "The supervisor ended before its process began.", spent=False)


class LocalBackend:
    """Slots of this machine, each with at most one job.

    Parameters
    ----------
    study, ledger : whose jobs they are.
    slots : names, a name as often as it may be used at once.
    boot : which start of the machine this is; None asks the kernel.
    """

    name = "local"
    poll_seconds = 0.1

    def __init__(self, study: Study, ledger: Ledger, slots: Sequence[str], boot: str | None = None) -> None:
        self.boot = boot or boot_id()
        self._study = study
        self._ledger = ledger
        self._slots = tuple(slots)
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def free_slots(self, alive: Sequence[JobRecord]) -> list[str]:
        """Slots that no living job occupies."""
        free = list(self._slots)
        for job in alive:
            if job.slot in free:
                free.remove(job.slot)
        return free

    def oom_count(self) -> int | None:
        """The kernel's count of processes killed for memory, to compare with later."""
        return oom_kills()

    def start(self, job: JobRecord, argv: Sequence[str]) -> Ended | None:
        """Start a job's process in a session of its own, so that nothing sent to the supervisor reaches it.

        It inherits the lock of the job's folder: while any part of it lives, the lock is held, so a
        supervisor that finds no process id yet still knows that there is a process.
        """
        folder = self._study.job_dir(job.id)
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try_lock(lock)
            with self._study.log_of_job(job.id).open("ab") as log:
                child = subprocess.Popen(  # noqa: S603
                    ["/bin/sh", "-c", _BECOME, str(folder / "pid"), *argv],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment_of(job.slot),
                    start_new_session=True,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)
        self._children[job.id] = child
        note_process(self._ledger, job.id, child.pid, start_tick(child.pid))
        return None

    def poll(self, job: JobRecord) -> Ended | None:
        """How a job ended, or None while it lives. What an ended job left running is killed."""
        child = self._children.get(job.id)
        if child is not None:
            status = child.poll()
            if status is None:
                return None
            end_leftovers(child.pid, job.tick)
            return Ended(status)
        if job.boot != self.boot and not is_locked(self._study.job_dir(job.id) / "lock"):
            return RESTARTED  # a lock that is held still tells of a process on another machine
        return self._poll_adopted(job)

    def forget(self, job: JobRecord) -> None:
        """A job is settled."""
        self._children.pop(job.id, None)

    def stop(self, job: JobRecord, *, hard: bool) -> None:
        """TERM to the whole group, or KILL."""
        if job.id in self._children or is_alive(job.pid, job.tick):
            signal_group(job.pid or self._children[job.id].pid, signal.SIGKILL if hard else signal.SIGTERM)

    def _poll_adopted(self, job: JobRecord) -> Ended | None:
        """A job that another supervisor started."""
        if job.pid is not None:
            if is_alive(job.pid, job.tick):
                return None
            end_leftovers(job.pid, job.tick)
            return Ended(None)
        folder = self._study.job_dir(job.id)
        pid = 0
        with contextlib.suppress(OSError, ValueError):
            pid = int((folder / "pid").read_text())
        if is_locked(folder / "lock"):
            if pid:
                note_process(self._ledger, job.id, pid, start_tick(pid))
            return None
        return Ended(None) if pid else NEVER_STARTED
