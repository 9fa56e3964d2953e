"""Run folders that were trained elsewhere: on another machine, in a container."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import ProxyError
from causalmix_core.files import write_atomically
from causalmix_core.proxy.engine.claims import finish
from causalmix_core.proxy.engine.launching import read_designed_runs
from causalmix_core.proxy.engine.ledger import Ledger
from causalmix_core.proxy.engine.results import JOB, LOG, PROGRESS, RESULT, read_result

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from causalmix_core.proxy.engine.study import Study

_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Imported:
    """What became of the folders.

    Attributes
    ----------
    taken : ids of runs that are done now. known : that were done before; their own result stays.
    refused : (folder's name, why it was not taken).
    """

    taken: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def import_runs(study: Study, folder: Path) -> Imported:
    """Take the results of a run folder, of a folder of run folders, or of another copy of the study.

    Taken is what was trained from the very entry of this study's design. Links are not followed.

    Raises
    ------
    ProxyError : there is nothing like a run folder.
    """
    candidates = _run_folders(folder)
    design = read_designed_runs(study.path).runs
    taken, known, refused = [], [], []
    with Ledger(study.ledger_path) as ledger:
        states = ledger.states()
        for place in candidates:
            try:
                run = _checked(place, design)
                if states.get(run) == "running":
                    raise ProxyError("it is being trained here")
                if read_result(study.run_dir(run)) is None:
                    _copy(place, study.run_dir(run))
                    taken.append(run)
                else:
                    known.append(run)
            except ProxyError as error:
                refused.append((place.name, str(error)))
                continue
            ledger.submit([run], study.launch.max_tries)
            finish(ledger, run)
    return Imported(tuple(taken), tuple(known), tuple(refused))


def _run_folders(folder: Path) -> list[Path]:
    if _is_plain(folder / RESULT):
        return [folder]
    parent = folder / "runs" if (folder / "runs").is_dir() else folder
    if not parent.is_dir():
        raise ProxyError(f"{folder} is no folder; give one that holds run folders.")
    found = [
        place for place in sorted(parent.iterdir()) if not place.is_symlink() and _is_plain(place / RESULT)
    ]
    if not found:
        raise ProxyError(f"{folder} holds no finished run: no folder in it has a {RESULT}.")
    return found


def _checked(place: Path, design: Mapping[str, Any]) -> str:
    """Id of the run that a folder holds, once it was found to be one of the design."""
    result = read_result(place)
    if result is None or result.run not in design:
        raise ProxyError(f"this study has no run {result.run if result else '?'!r}")
    if not _is_plain(place / JOB):
        raise ProxyError(f"it has no {JOB}, so nobody knows what it was trained on")
    try:
        entry = json.loads((place / JOB).read_bytes())["run"]
    except (ValueError, KeyError, TypeError):
        raise ProxyError(f"its {JOB} cannot be read") from None
    if entry != design[result.run]:
        raise ProxyError(f"it was trained on another mixture than this study's {result.run}")
    return result.run


def _copy(source: Path, target: Path) -> None:
    """Copy what a run leaves, its result last: until it is there the run is not done."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (PROGRESS, LOG, RESULT):
        if _is_plain(source / name) and (source / name).stat().st_size <= _MOST_BYTES:
            write_atomically(target / name, (source / name).read_bytes())


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
