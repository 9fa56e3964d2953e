"""One supervisor a study: a lock that the kernel gives back when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.processes import is_alive, start_tick

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 0.5  # s in which a supervisor that is being killed is gone


@dataclass(frozen=True)
class Holder:
    """The supervisor of a study: process id, start tick, machine, and when it began."""

    pid: int
    tick: str
    host: str
    since: float


def holder(path: Path) -> Holder | None:
    """Who supervises, or None. A supervisor on another machine is believed."""
    try:
        found = json.loads(path.read_bytes())
        who = Holder(int(found["pid"]), str(found["tick"]), str(found["host"]), float(found["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if who.host == socket.gethostname() and not is_alive(who.pid, who.tick):
        return None
    return who


class SupervisorLock:
    """Held as a context by the one supervisor.

    Raises
    ------
    ProxyError : another supervisor holds it; the message says which.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        # Not inherited by children: they outlive a supervisor, its lock must not.
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + _PATIENCE
        while not try_lock(self._file):
            if time.monotonic() > deadline:
                os.close(self._file)
                who = holder(self._path)
                where = f"process {who.pid} on {who.host}" if who else "another process"
                raise ProxyError(f"The study is supervised already, by {where}; one is enough.")
            time.sleep(0.05)
        me = {
            "pid": os.getpid(),
            "tick": start_tick(os.getpid()),
            "host": socket.gethostname(),
            "since": time.time(),
        }
        text = json.dumps(me).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)
        return self

    def __exit__(self, *_: object) -> None:
        os.ftruncate(self._file, 0)
        os.close(self._file)


def try_lock(file: int) -> bool:
    """Take the lock of an open file unless another holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Whether some living process holds the lock of a file."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(file)
    finally:
        os.close(file)
