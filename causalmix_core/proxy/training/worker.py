"""One worker process: the runs it was given, one after the other; one that fails does not stop the rest."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from causalmix_core.errors import CausalMixError, ProxyError
from causalmix_core.proxy.training.job import RESULT, read_job, write_failure, write_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from causalmix_core.proxy.training.job import Job, Result
    from causalmix_core.proxy.training.tiny import TinyTrainer

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
    desk = _Desk(told)
    waiting: list[Job] = []
    for folder in folders:
        if (folder / RESULT).exists():
            continue
        with desk.surviving([folder]):
            job = read_job(folder)
            if desk.stack(job) == 1:
                desk.train_one(job)
            else:
                waiting.append(job)
    while waiting:
        together, waiting = _first_stack(waiting, desk)
        with desk.surviving([job.folder for job in together]):
            desk.train_together(together)
    return desk.failed


class _Desk:
    """The trainers of a process, and the count of what failed."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self.failed = 0
        self._told = told
        self._tiny: TinyTrainer | None = None

    def stack(self, job: Job) -> int:
        """How many runs like this one are trained side by side."""
        return self._tiny_trainer(job).stack if job.kind == "tiny" else 1

    def train_one(self, job: Job) -> None:
        """Train one run and leave its result."""
        start = time.monotonic()
        write_result(job, self._trainer(job)(job), time.monotonic() - start)
        self._told(f"{job.name}: done in {time.monotonic() - start:.1f} s")

    def train_together(self, jobs: list[Job]) -> None:
        """Train tiny runs side by side; each is said to have taken its part of the time."""
        start = time.monotonic()
        found = self._tiny_trainer(jobs[0]).together(jobs)
        seconds = (time.monotonic() - start) / len(jobs)
        for job, result in zip(jobs, found, strict=True):
            with self.surviving([job.folder]):
                if isinstance(result, ProxyError):
                    raise result
                write_result(job, result, seconds)
        self._told(f"{jobs[0].name} to {jobs[-1].name}: {seconds:.1f} s each, side by side")

    @contextlib.contextmanager
    def surviving(self, folders: list[Path]) -> Iterator[None]:
        """Leave the reason in the folders of runs that fail, and go on."""
        try:
            yield
        except SURVIVABLE as problem:
            self.failed += len(folders)
            for folder in folders:
                self._told(f"{folder.name}: failed: {problem}")
                with contextlib.suppress(OSError):  # a full disk has no room for the reason either
                    write_failure(folder, problem)

    def _tiny_trainer(self, job: Job) -> TinyTrainer:
        from causalmix_core.proxy.training.tiny import TinyTrainer

        if self._tiny is None:
            self._tiny = TinyTrainer(job.study, job.settings)
        return self._tiny

    def _trainer(self, job: Job) -> Trainer:
        if job.kind == "tiny":
            return self._tiny_trainer(job)
        if job.kind == "sft":
            from causalmix_core.proxy.training.sft import train_sft

            return train_sft
        if job.kind == "command":
            from causalmix_core.proxy.training.command import run_command

            return run_command
        raise ProxyError(f"There is no worker {job.kind!r}: choose tiny, sft or command.")


def _first_stack(waiting: list[Job], desk: _Desk) -> tuple[list[Job], list[Job]]:
    """The runs trained together next, all of one length, and the rest."""
    length = sum(waiting[0].run["counts"].values())
    alike = [job for job in waiting if sum(job.run["counts"].values()) == length]
    together = alike[: desk.stack(waiting[0])]
    return together, [job for job in waiting if job not in together]
