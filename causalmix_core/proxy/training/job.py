"""What a worker is told and what it leaves: job.json, progress.jsonl, result.json or failure.json.

A run is done when its result.json is there, which is written beside its place and renamed: a killed
worker leaves a whole result or none.
"""

from __future__ import annotations

import errno
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from causalmix_core.errors import CausalMixError, ProxyError
from causalmix_core.files import write_atomically
from causalmix_core.proxy.training.loop import LossIsNaN

JOB, PROGRESS, RESULT, FAILURE = "job.json", "progress.jsonl", "result.json", "failure.json"
WorkerKind = Literal["tiny", "sft", "command"]
FailureKind = Literal["nan", "out of memory", "disk full", "input", "command", "other"]


class CommandFailed(ProxyError):
    """A trainer's own command ended with an error."""


@dataclass(frozen=True)
class Job:
    """One run to be trained.

    Attributes
    ----------
    folder : its run directory. kind : which worker. run : the design's entry of it. study : folder of the
    study, which holds design.json and rows/. settings : of the worker, the same for all runs of a study.
    """

    folder: Path
    kind: WorkerKind
    run: dict[str, Any]
    study: Path
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        """The run's id in the design."""
        return str(self.run["id"])


@dataclass(frozen=True)
class Outcome:
    """One number that a run is judged by."""

    value: float
    higher_is_better: bool
    unit: str


@dataclass(frozen=True)
class Result:
    """What a finished run says of itself.

    Attributes
    ----------
    outcomes : by name. tokens : trained on, without padding. device : where. model_sha256 : of what training
    started from. data_sha256 : of exactly what it was trained on. seed : of the order of the data.
    """

    outcomes: dict[str, Outcome]
    tokens: int
    device: str
    model_sha256: str
    data_sha256: str
    seed: int
    extra: dict[str, Any] = field(default_factory=dict)


def read_job(folder: Path) -> Job:
    """Read ``folder``/job.json.

    Raises
    ------
    ProxyError : it is missing, no JSON, or lacks an entry.
    """
    try:
        found = json.loads((folder / JOB).read_bytes())
        return Job(folder, found["kind"], found["run"], Path(found["study"]), found["settings"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ProxyError(f"{folder.name}/{JOB} is no job: {problem!r}. Launch the run again.") from problem


class Reporter:
    """Appends what a run has reached to its progress.jsonl, a line at a time."""

    def __init__(self, folder: Path, tokens_a_step: int) -> None:
        self._path, self._tokens, self._start = folder / PROGRESS, tokens_a_step, time.monotonic()

    def __call__(self, step: int, steps: int, loss: float, tokens: int | None = None) -> None:
        """Say that ``step`` of ``steps`` is done; ``loss`` in nats per token, ``tokens`` where steps differ in them."""
        line = {
            "step": step,
            "steps": steps,
            "loss": loss,
            "tokens": step * self._tokens if tokens is None else tokens,
            "time": round(time.monotonic() - self._start, 3),
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def write_result(job: Job, result: Result, seconds: float) -> None:
    """Leave the result; from now on the run is done."""
    said = {
        "run": job.name,
        "outcomes": {name: vars(outcome) for name, outcome in sorted(result.outcomes.items())},
        "tokens": result.tokens,
        "seconds": round(seconds, 3),
        "device": result.device,
        "model_sha256": result.model_sha256,
        "data_sha256": result.data_sha256,
        "versions": versions(),
        "seed": result.seed,
        **result.extra,
    }
    write_atomically(job.folder / RESULT, json.dumps(said, indent=1, sort_keys=True).encode())


def write_failure(folder: Path, problem: BaseException) -> None:
    """Leave why a run failed."""
    said = {"kind": failure_kind(problem), "reason": str(problem) or type(problem).__name__}
    write_atomically(folder / FAILURE, json.dumps(said, indent=1, sort_keys=True).encode())


def failure_kind(problem: BaseException) -> FailureKind:
    """What sort of failure a problem is: some are worth another try, wrong input is not."""
    if isinstance(problem, LossIsNaN):
        return "nan"
    if isinstance(problem, CommandFailed):
        return "command"
    if isinstance(problem, CausalMixError):
        return "input"
    if isinstance(problem, MemoryError) or "out of memory" in str(problem).lower():
        return "out of memory"
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk full"
    return "other"


def versions() -> dict[str, str]:
    """Versions of what decides a run's numbers."""
    from importlib.metadata import PackageNotFoundError, version

    from causalmix_core import __version__

    found = {"causalmix": __version__}
    for package in ("torch", "transformers", "tokenizers", "trl"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
