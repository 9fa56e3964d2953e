"""A study on disk: where its files are, and what was decided when it was launched."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "causalmix/study@1"
WORKERS = ("tiny", "sft", "command")
# Run ids become names of folders: nothing that a path could mean.
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Launch:
    """What a study runs and how, as ``study.json`` keeps it.

    Attributes
    ----------
    worker : "tiny", "sft" or "command".
    settings : the worker's own settings.
    pool : folder of the pool of text, as an absolute path; "" without one.
    pool_sha256, design_sha256 : what the runs were drawn from.
    chunk : runs one process trains, one after the other, >= 1.
    max_tries : attempts a run, >= 1.
    slots : such as "2xcpu"; None takes what the machine has.
    slurm : settings of the cluster (see :mod:`.slurm`), or None for this machine.
    argv : command that gets ``--run-dir DIR`` for each run; None is this package's ``train-run``.
    min_free_mb : nothing new is started while the disk has less free megabytes.
    """

    worker: str
    settings: dict[str, Any] = field(default_factory=dict)
    pool: str = ""
    pool_sha256: str = ""
    design_sha256: str = ""
    chunk: int = 16
    max_tries: int = 3
    slots: str | None = None
    slurm: dict[str, Any] | None = None
    argv: tuple[str, ...] | None = None
    min_free_mb: int = 200

    def __post_init__(self) -> None:
        if self.worker not in WORKERS:
            raise ProxyError(f"There is no worker {self.worker!r}; choose among {', '.join(WORKERS)}.")
        for name in ("chunk", "max_tries"):
            if getattr(self, name) < 1:
                raise ProxyError(f"{name} is {getattr(self, name)}; it is 1 at least.")

    def to_json(self) -> bytes:
        """The content of ``study.json``."""
        return (json.dumps({"schema": SCHEMA, **asdict(self)}, indent=2, sort_keys=True) + "\n").encode()


@dataclass(frozen=True)
class Study:
    """One study: ``path`` is its folder (absolute), ``launch`` what was decided."""

    path: Path
    launch: Launch

    @property
    def ledger_path(self) -> Path:
        """The SQLite file that is the truth."""
        return self.path / "ledger.db"

    @property
    def lock_path(self) -> Path:
        """Held by the supervisor while it lives."""
        return self.path / "supervisor.lock"

    @property
    def runs_path(self) -> Path:
        """One folder a run."""
        return self.path / "runs"

    @property
    def min_free(self) -> int:
        """Bytes that must be free before anything new is started."""
        return self.launch.min_free_mb * _MEGABYTE

    def run_dir(self, run: str) -> Path:
        """Folder of one run."""
        return self.runs_path / run_name(run)

    def job_dir(self, job: int) -> Path:
        """Folder of one job: its lock, its process id, what it said."""
        return self.path / "jobs" / f"{job:06d}"

    def log_of_job(self, job: int) -> Path:
        """What the process of a job said."""
        return self.job_dir(job) / "log.txt"


def run_name(run: str) -> str:
    """A run id that may be the name of a folder.

    Raises
    ------
    ProxyError : it may not.
    """
    if not _RUN_ID.fullmatch(run):
        raise ProxyError(
            f"The run id {run[:80]!r} cannot name a folder; use up to 64 letters, digits, - and _, such as r0001."
        )
    return run


def open_study(path: Path) -> Study:
    """A study that was launched.

    Raises
    ------
    ProxyError : the folder holds none, or its ``study.json`` was changed into something else.
    """
    file = path / "study.json"
    try:
        found = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise ProxyError(f"{path} is no study: it has no study.json; `proxy launch` makes one.") from None
    except ValueError as error:
        raise ProxyError(f"{file} is not JSON ({error}); launch the study again.") from None
    if not isinstance(found, dict) or found.pop("schema", None) != SCHEMA:
        raise ProxyError(f"{file} does not have the schema {SCHEMA}.")
    if isinstance(found.get("argv"), list):
        found["argv"] = tuple(map(str, found["argv"]))
    try:
        launch = Launch(**found)
    except TypeError as error:
        raise ProxyError(f"{file} cannot be read ({error}); launch the study again.") from None
    return Study(path.resolve(), launch)
