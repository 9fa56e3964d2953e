"""Designs on disk: ``design.json`` and ``rows/``."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import DesignError
from causalmix_core.files import write_atomically
from causalmix_core.proxy.design.canonical import canonical, design_hash, plain_design
from causalmix_core.proxy.design.design import (
    KINDS_OF_ASSIGNMENT,
    SCHEMA,
    UNITS,
    Assignment,
    Design,
    Run,
    Settings,
)
from causalmix_core.proxy.design.row_files import FOLDER, write_rows
from causalmix_core.proxy.design.states import parse_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from causalmix_core.proxy.design.row_files import RunRows

FILE = "design.json"
# Ids name files and rows of tables; nothing else may stand in them.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
CLOSED = 1e-6


def write_design(
    design: Design,
    rows: Mapping[str, RunRows],
    folder: str | PathLike[str],
    progress: Callable[[float, str], None] | None = None,
) -> Design:
    """Write a design with the rows of its runs; the same design, knowing its folder.

    ``design.json`` is written last, so that a folder that has one is whole.

    Raises
    ------
    DesignError : the folder holds another design, or files that are none.
    """
    place = Path(folder)
    _refuse_foreign(place, design)
    (place / FOLDER).mkdir(parents=True, exist_ok=True)
    for number, run in enumerate(design.runs):
        write_rows(place, run.id, rows[run.id])
        if progress is not None:
            progress((number + 1) / len(design.runs), f"rows of run {number + 1:,} of {len(design.runs):,}")
    write_atomically(place / FILE, canonical(_plain(design)))
    return replace(design, folder=place)


def read_design(path: str | PathLike[str]) -> Design:
    """Read the design in a folder, or a ``design.json``.

    Raises
    ------
    DesignError : no such file, no design, values out of range, or the hash does not fit the content.
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    try:
        plain = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise DesignError(f"{file} does not exist; name a folder that the design command wrote.") from None
    except (ValueError, RecursionError) as error:
        raise DesignError(f"{file} is no JSON ({error}); draw the design again.") from None
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise DesignError(f"{file} is no design: its schema is not {SCHEMA}.")
    try:
        design = _parse(plain, file)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DesignError(f"{file} is not a whole design ({error!r}); draw it again.") from None
    if design.sha256 != design_hash({key: value for key, value in plain.items() if key != "sha256"}):
        raise DesignError(f"{file} was changed after the design was drawn; draw it again.")
    return design


def parse_run(plain: Mapping[str, Any]) -> Run:
    """One run of plain values, as :meth:`~causalmix_core.proxy.design.design.Run.to_json` gives them.

    Raises
    ------
    DesignError : an id, unit, kind of assignment, count or share that cannot be.
    KeyError, TypeError, AttributeError : keys are missing, or values of another kind.
    """
    told = plain["assignment"]
    assignment = Assignment(told["kind"], told["law"], told["log_density"])
    run = Run(
        plain["id"], plain["pool"], dict(plain["mixture"]), dict(plain["counts"]), plain["unit"],
        plain["replicate"], plain["order_seed"], assignment, plain["rows_sha256"],
    )  # fmt: skip
    if not (isinstance(run.id, str) and ID.fullmatch(run.id)):
        raise DesignError(f"A run has the id {run.id!r}; use letters, digits and hyphens, 64 at most.")
    if run.unit not in UNITS or assignment.kind not in KINDS_OF_ASSIGNMENT:
        raise DesignError(f"Run {run.id} has the unit {run.unit!r} or the assignment {assignment.kind!r}.")
    shares = list(run.mixture.values())
    if min(shares) < 0.0 or not abs(math.fsum(shares) - 1.0) <= CLOSED:
        raise DesignError(f"The mixture of run {run.id} is not of shares that sum to 1.")
    if any(type(n) is not int or n < 0 for n in run.counts.values()) or run.total == 0:
        raise DesignError(f"The counts of run {run.id} are not whole numbers of at least 0.")
    return run


def _parse(plain: dict[str, Any], file: Path) -> Design:
    told = dict(plain["settings"])
    settings = Settings(**{**told, "domains": tuple(told["domains"])})
    pools = {
        name: parse_state(state, settings.domains, f"{file}, pool {name!r}")
        for name, state in plain["pools"].items()
    }
    runs = tuple(parse_run(run) for run in plain["runs"])
    for run in runs:
        if (
            run.pool not in pools
            or tuple(run.mixture) != settings.domains
            or tuple(run.counts) != settings.domains
        ):
            raise DesignError(f"{file}: run {run.id} names a pool or domains that the design lacks.")
    if not runs or len({run.id for run in runs}) != len(runs):
        raise DesignError(f"{file} has no runs, or two with one id.")
    return Design(plain["pool_sha256"], settings, plain["seed"], pools, runs, plain["sha256"], file.parent)


def _plain(design: Design) -> dict[str, Any]:
    told = plain_design(design.pool_sha256, design.settings, design.seed, design.pools, design.runs)
    return {**told, "sha256": design.sha256}


def _refuse_foreign(place: Path, design: Design) -> None:
    """A folder may be new, empty, or hold this very design (a writing that was interrupted holds rows only)."""
    if place.exists() and not place.is_dir():
        raise DesignError(f"{place} is a file; give the name of a folder.")
    if not place.exists():
        return
    if (place / FILE).exists():
        if read_design(place).sha256 != design.sha256:
            raise DesignError(f"{place} holds another design; give another folder.")
        return
    if any(entry.name != FOLDER for entry in place.iterdir()):
        raise DesignError(f"{place} holds files that are no design; give another folder.")
