"""Errands: commands of this package that outlive whoever started them, told of by their files.

A page that needs a corpus, a base model or scores starts the same commands that a terminal would, one after
another in a process of their own, and reads how far they are.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.files import write_atomically
from causalmix_core.proxy.engine.lock import try_lock
from causalmix_core.proxy.engine.processes import boot_id, is_alive, signal_group, start_tick
from causalmix_core.proxy.engine.results import tail
from causalmix_core.proxy.engine.slots import base_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ErrandState = Literal["running", "done", "failed", "lost"]
_CARD, _STEP, _CODE, _LOCK = "errand.json", "step", "code", "lock"
_PROGRESS = re.compile(r"\s*(\d{1,3}) %  (.+)")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Errand:
    """Commands in the making, or how they ended.

    Attributes
    ----------
    title : what they are for.
    state : "running", "done", "failed", or "lost" where they ended and nobody knows how (a restart, a kill).
    step, steps : which command runs or ran last, from 1, and how many there are.
    done : part of that command, 0 to 1, or None before it told.
    said : its last line: the phase while it runs, the reason where it failed.
    seconds : since the start, or that it took.
    commands : each as words after ``python -m causalmix_core``.
    """

    title: str
    state: ErrandState
    step: int
    steps: int
    done: float | None
    said: str
    seconds: float
    commands: tuple[tuple[str, ...], ...]


def start_errand(folder: Path, title: str, commands: Sequence[Sequence[str]]) -> bool:
    """Start commands one after another, up to the first that fails; False where they run already.

    Parameters
    ----------
    folder : of this errand alone; made where it lacks. commands : each as words after ``python -m causalmix_core``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not try_lock(file) or is_running(folder):
            return False
        for name in (_STEP, _CODE):
            (folder / name).unlink(missing_ok=True)
        for number in range(1, len(commands) + 1):
            _said(folder, number).write_bytes(b"")
        child = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", _script(folder, commands)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=base_environment() | _ONE_THREAD,
            start_new_session=True,
        )
        card = {
            "title": title,
            "commands": [list(command) for command in commands],
            "pid": child.pid,
            "tick": start_tick(child.pid),
            "boot": boot_id(),
            "started": time.time(),
        }
        write_atomically(folder / _CARD, json.dumps(card, indent=1, sort_keys=True).encode())
        return True
    finally:
        os.close(file)


def read_errand(folder: Path) -> Errand | None:
    """How far an errand is, or None where there was none."""
    try:
        card = json.loads((folder / _CARD).read_bytes())
        pid, commands = int(card["pid"]), tuple(tuple(map(str, words)) for words in card["commands"])
        title, started = str(card["title"]), float(card["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # Looked at before the exit status: one that ends in between has left it by now.
    alive = card.get("boot") == boot_id() and is_alive(pid, card.get("tick"))
    code, step = _number(folder / _CODE), _number(folder / _STEP) or 1
    state: ErrandState = (
        "done" if code == 0 else "failed" if code is not None else "running" if alive else "lost"
    )
    done, said = _last_words(_said(folder, step))
    ended = _changed(folder / _CODE if code is not None else _said(folder, step), started)
    seconds = (time.time() if state == "running" else ended) - started
    return Errand(title, state, step, len(commands), done, said, max(0.0, seconds), commands)


def is_running(folder: Path) -> bool:
    """Whether the errand's commands are being worked on."""
    found = read_errand(folder)
    return found is not None and found.state == "running"


def stop_errand(folder: Path) -> None:
    """End an errand that runs; what its commands keep is kept."""
    if is_running(folder):
        signal_group(int(json.loads((folder / _CARD).read_bytes())["pid"]), signal.SIGTERM)


def forget_errand(folder: Path) -> None:
    """Remove the traces of an errand that has ended."""
    if not is_running(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _script(folder: Path, commands: Sequence[Sequence[str]]) -> str:
    """A shell's text: every command, a note before each of which it is, and the exit status at the end."""
    place = [shlex.quote(str(folder / name)) for name in (_STEP, _CODE)]
    steps = [
        f"echo {number} > {place[0]} && {shlex.join((sys.executable, '-m', 'causalmix_core', *words))} "
        f"> {shlex.quote(str(_said(folder, number)))} 2>&1"
        for number, words in enumerate(commands, start=1)
    ]
    return f"{' && '.join(steps)}; echo $? > {place[1]}.part && mv {place[1]}.part {place[1]}"


def _said(folder: Path, step: int) -> Path:
    """What a command has printed."""
    return folder / f"said-{step}.txt"


def _changed(path: Path, otherwise: float) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return otherwise


def _last_words(path: Path) -> tuple[float | None, str]:
    lines = [line.strip() for line in tail(path).splitlines() if line.strip()]
    if not lines:
        return None, ""
    found = _PROGRESS.fullmatch(lines[-1])
    return (min(1.0, int(found[1]) / 100.0), found[2].strip()) if found else (None, lines[-1])


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
