"""Naming processes so that they are never mistaken, and ending whole groups of them.

A process id is given away again after its process ended; together with the time at which the kernel
started the process it names one process of one start of the machine.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

_PROC = Path("/proc")
_START_TICK = 19  # of the fields of /proc/PID/stat that follow the name in brackets, from 0
_SESSION = 3


def boot_id() -> str:
    """Which start of the machine this is: another text after every restart."""
    file = _PROC / "sys/kernel/random/boot_id"
    if file.exists():
        return file.read_text().strip()
    return _answer(["sysctl", "-n", "kern.boottime"])


def start_tick(pid: int) -> str | None:
    """When a process started, in the kernel's ticks since the machine's start; None where it has ended.

    A zombie (ended, but not fetched by its parent) has ended.
    """
    if _PROC.joinpath("self/stat").exists():
        fields = _stat(pid)
        return None if fields is None or fields[0] in {"Z", "X"} else fields[_START_TICK]
    answer = _answer(["ps", "-o", "stat=,lstart=", "-p", str(pid)])  # where there is no /proc (macOS)
    return None if not answer or answer.startswith("Z") else answer.split(maxsplit=1)[-1]


def is_alive(pid: int | None, tick: str | None) -> bool:
    """Whether exactly this process runs."""
    return pid is not None and tick is not None and start_tick(pid) == tick


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the group that ``pid`` leads; a group that has ended is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def end_leftovers(pid: int, tick: str | None) -> None:
    """Kill what a job's process left running in its session, once the process itself has ended.

    The kernel gives no process the id of a session that has members, so members of the session ``pid``
    are the job's own unless a process ``pid`` lives that is another one.
    """
    if not _PROC.joinpath("self/stat").exists():
        signal_group(pid, signal.SIGKILL)
        return
    leader = _stat(pid)
    if leader is not None and leader[0] not in {"Z", "X"} and leader[_START_TICK] != tick:
        return
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            fields = _stat(int(entry.name))
            if fields is not None and fields[0] not in {"Z", "X"} and fields[_SESSION] == str(pid):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(entry.name), signal.SIGKILL)


def oom_kills() -> int | None:
    """How many processes the kernel has killed for memory since its start; None where it does not say."""
    try:
        lines = (_PROC / "vmstat").read_text().splitlines()
    except OSError:
        return None
    counts = [int(line.split()[1]) for line in lines if line.startswith("oom_kill ")]
    return counts[0] if counts else None


def _stat(pid: int) -> list[str] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _answer(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip()
