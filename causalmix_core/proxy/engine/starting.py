"""Starting a supervisor that outlives whoever started it."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.lock import holder
from causalmix_core.proxy.engine.results import tail
from causalmix_core.proxy.engine.slots import base_environment

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.proxy.engine.study import Study

_PATIENCE = 60.0


def start_supervisor(study: Study, slots: str | None = None, *, stay: bool = False) -> int:
    """Process id of the study's supervisor: the one that is there, or a new one in a session of its own.

    Raises
    ------
    ProxyError : it ended at once; the message says with which words.
    """
    who = holder(study.lock_path)
    if who is not None:
        return who.pid
    log = study.path / "supervisor.log"
    command = [sys.executable, "-m", "causalmix_core", "serve", str(study.path)]
    command += ["--slots", slots] if slots else []
    command += ["--stay"] if stay else []
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=base_environment(),
            start_new_session=True,
        )
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        who = holder(study.lock_path)
        if who is not None:
            return who.pid
        if child.poll() is not None:
            if child.returncode == 0:  # everything was done before anybody could look
                return child.pid
            raise ProxyError(f"The supervisor did not start: {_last_line(log)}")
        time.sleep(0.05)
    raise ProxyError(f"The supervisor has not taken its lock for {_PATIENCE:.0f} s; see {log}.")


def _last_line(log: Path) -> str:
    lines = tail(log).strip().splitlines()
    return lines[-1] if lines else "it said nothing"
