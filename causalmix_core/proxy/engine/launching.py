"""Launching: from a design and a worker to a study whose runs are queued."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.files import write_atomically
from causalmix_core.proxy.engine.ledger import Ledger
from causalmix_core.proxy.engine.preparing import job_argv
from causalmix_core.proxy.engine.results import JOB
from causalmix_core.proxy.engine.study import Study, open_study, run_name

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.proxy.engine.study import Launch

DESIGN_FILE = "design.json"
DESIGN_SCHEMA = "causalmix/design@1"
STATES_FILE = "states.json"


@dataclass(frozen=True)
class DesignedRuns:
    """A design as the engine needs it.

    Attributes
    ----------
    path : its folder. content : ``design.json`` as bytes. runs : its entries, by run id, in order.
    sha256 : hash of the design. pool_sha256 : of the pool that it was drawn from.
    """

    path: Path
    content: bytes
    runs: dict[str, dict[str, Any]]
    sha256: str
    pool_sha256: str


@dataclass(frozen=True)
class LaunchPlan:
    """What a launch would do.

    Attributes
    ----------
    runs : runs of the design. new : of them not queued yet. pools : pool states in it.
    examples : windows or documents that all runs train on together; unit : which of the two.
    command : the first job's command.
    """

    runs: int
    new: int
    pools: int
    examples: int
    unit: str
    command: tuple[str, ...]


def read_designed_runs(path: Path) -> DesignedRuns:
    """Read a design's folder (or its ``design.json``).

    Raises
    ------
    ProxyError : no design there, another schema, no runs, a run id twice or one that cannot name a folder.
    """
    folder = path.parent if path.name == DESIGN_FILE else path
    file = folder / DESIGN_FILE
    try:
        content = file.read_bytes()
        found = json.loads(content)
    except (FileNotFoundError, NotADirectoryError):
        raise ProxyError(f"{file} is missing; the design command writes it.") from None
    except (ValueError, RecursionError) as error:
        raise ProxyError(f"{file} is not JSON ({error}); write the design again.") from None
    if not isinstance(found, dict) or found.get("schema") != DESIGN_SCHEMA:
        raise ProxyError(f"{file} does not have the schema {DESIGN_SCHEMA}; write the design again.")
    entries = found.get("runs")
    if not isinstance(entries, list) or not entries:
        raise ProxyError(f"{file} holds no runs.")
    runs: dict[str, dict[str, Any]] = {}
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise ProxyError(f"{file}: entry {i + 1} of runs has no id.")
        if run_name(entry["id"]) in runs:
            raise ProxyError(f"{file}: the run id {entry['id']} stands there twice.")
        runs[entry["id"]] = entry
    sha256 = str(found.get("sha256") or hashlib.sha256(content).hexdigest())
    return DesignedRuns(folder, content, runs, sha256, str(found.get("pool_sha256", "")))


def check_design(path: Path, pool_dir: Path) -> DesignedRuns:
    """A design whose hash fits its content, drawn from exactly this pool.

    Raises
    ------
    DesignError, PoolSourceError : no design, no pool, or changed ones. ProxyError : of another pool.
    """
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.proxy.design.storage import read_design

    design, pool = read_design(path), open_pool(pool_dir)
    if design.pool_sha256 != pool.sha256:
        raise ProxyError(
            f"The design in {path} was drawn from another pool ({design.pool_sha256[:12]}) than {pool_dir} holds "
            f"({pool.sha256[:12]}); name that pool, or draw the design again."
        )
    return read_designed_runs(path)


def plan_launch(design: DesignedRuns, study_dir: Path, launch: Launch) -> LaunchPlan:
    """What :func:`launch_study` would do; nothing is written."""
    known: set[str] = set()
    if (study_dir / "ledger.db").exists():
        with Ledger(study_dir / "ledger.db") as ledger:
            known = set(ledger.states())
    study = Study(study_dir.resolve(), launch)
    entries = design.runs.values()
    return LaunchPlan(
        runs=len(design.runs),
        new=len(set(design.runs) - known),
        pools=len({str(entry.get("pool", "")) for entry in entries}),
        examples=sum(sum(map(int, entry.get("counts", {}).values())) for entry in entries),
        unit=str(next(iter(entries)).get("unit", "examples")),
        command=tuple(job_argv(study, list(design.runs)[: launch.chunk])),
    )


def launch_study(
    design: DesignedRuns, study_dir: Path, launch: Launch, states: Path | None = None
) -> tuple[Study, int]:
    """Make the study, or add a larger design's new runs to it; the study and how many runs are new.

    Files come first and the queue last, in one transaction: a launch that was cut short is launched again.

    Parameters
    ----------
    design : the runs. study_dir : folder to make; one that holds this study is added to.
    launch : worker and engine settings. states : JSON file {pool id: {covariate column: value}}, or None.

    Raises
    ------
    ProxyError : the folder holds another study, or something else.
    """
    _refuse_other(study_dir, design, launch)
    for folder in (study_dir / "runs", study_dir / "rows", study_dir / "jobs"):
        folder.mkdir(parents=True, exist_ok=True)
    study = Study(study_dir.resolve(), launch)
    for run, entry in design.runs.items():
        rows = design.path / "rows" / f"{run}.npz"
        kept = study.path / "rows" / rows.name
        if rows.is_file() and not (kept.exists() and kept.samefile(rows)):
            shutil.copyfile(rows, kept)
        study.run_dir(run).mkdir(exist_ok=True)
        write_atomically(study.run_dir(run) / JOB, _job_json(study, entry))
    write_atomically(study.path / DESIGN_FILE, design.content)
    write_atomically(study.path / "study.json", launch.to_json())
    if states is not None:
        write_atomically(study.path / STATES_FILE, read_states_bytes(states))
    with Ledger(study.ledger_path) as ledger:
        return study, ledger.submit(design.runs, launch.max_tries)


def read_states_bytes(path: Path) -> bytes:
    """The bytes of a file of pool states, once they were found to be one.

    Raises
    ------
    ProxyError : not JSON {pool id: {covariate column: number}}.
    """
    try:
        content = path.read_bytes()
        found = json.loads(content)
        right = all(
            isinstance(value, int | float) and not isinstance(value, bool)
            for state in found.values()
            for value in state.values()
        )
    except (ValueError, AttributeError, RecursionError):
        right = False
    if not right:
        raise ProxyError(f"{path} is no file of pool states: JSON {{pool id: {{covariate column: number}}}}.")
    return content


def _job_json(study: Study, entry: dict[str, Any]) -> bytes:
    launch = study.launch
    job = {
        "kind": launch.worker,
        "run": entry,
        "study": str(study.path),
        "settings": launch.settings,
    }
    return (json.dumps(job, indent=1, sort_keys=True) + "\n").encode()


def _refuse_other(study_dir: Path, design: DesignedRuns, launch: Launch) -> None:
    """A study keeps its runs' meaning: other settings, or another mixture under a known id, need a new folder."""
    if not study_dir.exists() or (study_dir.is_dir() and not any(study_dir.iterdir())):
        return
    if not (study_dir / "study.json").exists():
        if not (study_dir / "runs").is_dir():
            raise ProxyError(f"{study_dir} holds something else than a study; give a new folder.")
        return  # a launch that was cut short
    before = open_study(study_dir).launch
    for name in ("worker", "settings", "pool_sha256"):
        if getattr(before, name) != getattr(launch, name):
            raise ProxyError(
                f"{study_dir} was launched with another {name.replace('_', ' ')}: runs of two kinds do not make "
                "one study; give a new folder, and combine the tables."
            )
    old = read_designed_runs(study_dir).runs
    for run, entry in old.items():
        if design.runs.get(run) != entry:
            raise ProxyError(
                f"{study_dir} has another run {run} than this design; give a new folder, or a design that only "
                "adds runs."
            )
