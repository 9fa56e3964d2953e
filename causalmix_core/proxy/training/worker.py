"""One worker process: the runs it was given, one after the other; one that fails does not stop the rest."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from causalmix_core.errors import CausalMixError, ProxyError
from causalmix_core.proxy.training.job import RESULT, read_job, write_failure, write_result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from causalmix_core.proxy.training.job import Job, Result

    Trainer = Callable[[Job], Result]

# What a run may die of without taking its process along.
SURVIVABLE = (
    CausalMixError,
    OSError,
    RuntimeError,
    ValueError,
    ArithmeticError,
    LookupError,
    MemoryError,
    TypeError,
)


def train_runs(folders: Sequence[Path], told: Callable[[str], None]) -> int:
    """Train the runs of ``folders`` (each with a job.json) in order; how many of them failed.

    A run that has its result already is passed over. ``told`` gets one line a run.
    """
    trainers: dict[str, Trainer] = {}
    failed = 0
    for folder in folders:
        if (folder / RESULT).exists():
            continue
        start = time.monotonic()
        try:
            job = read_job(folder)
            if job.kind not in trainers:
                trainers[job.kind] = _trainer(job)
            write_result(job, trainers[job.kind](job), time.monotonic() - start)
        except SURVIVABLE as problem:
            failed += 1
            told(f"{folder.name}: failed: {problem}")
            with contextlib.suppress(OSError):  # a full disk has no room for the reason either
                write_failure(folder, problem)
        else:
            told(f"{folder.name}: done in {time.monotonic() - start:.1f} s")
    return failed


def _trainer(job: Job) -> Trainer:
    """What trains runs of a kind; it keeps what all runs of a study share."""
    if job.kind == "tiny":
        from causalmix_core.proxy.training.tiny import TinyTrainer

        return TinyTrainer(job.study, job.settings)
    if job.kind == "sft":
        from causalmix_core.proxy.training.sft import train_sft

        return train_sft
    if job.kind == "command":
        from causalmix_core.proxy.training.command import run_command

        return run_command
    raise ProxyError(f"There is no worker {job.kind!r}: choose tiny, sft or command.")
