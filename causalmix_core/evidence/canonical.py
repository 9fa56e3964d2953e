"""The one way a runs table is written and hashed: equal content, equal bytes, equal hash.

The canonical ``runs.csv`` is a machine format: text stands in it exactly as it was read, also where
a spreadsheet would take it for a formula. Tables for people are made in ``delivery``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence.roles import guess_role
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

RUNS_FILE = "runs.csv"
META_FILE = "runs.meta.json"


def content_hash(table: RunsTable) -> str:
    """SHA-256 (64 hex digits) of what a fit can depend on.

    In: domains, shares, covariates, states, outcomes with direction and unit, scores, run ids, pool
    ids, assignment, natural shares. Out: name, description, default outcome, provenance, issues.
    """
    words = {
        "version": 1,
        "domains": table.domains,
        "covariates": [[c.column, c.name, c.domain] for c in table.covariates],
        "outcomes": [[o.name, o.higher_is_better, o.unit] for o in table.outcomes],
        "run_ids": table.run_ids,
        "pool_ids": table.pool_ids,
        "assignment": table.assignment,
        "natural": table.natural is not None,
    }
    digest = hashlib.sha256(json.dumps(words, separators=(",", ":")).encode())
    for values in (table.shares, table.states, table.scores, table.natural):
        if values is not None:
            # Adding 0 turns -0 into 0, which is the same number in other bytes.
            digest.update(np.ascontiguousarray(values + 0.0, dtype="<f8").tobytes())
    return digest.hexdigest()


def table_csv(table: RunsTable) -> bytes:
    """The table as CSV in its own direction (losses as losses); floats read back exactly; LF, UTF-8."""
    own = table.scores * np.array([outcome.sign for outcome in table.outcomes]) + 0.0
    columns: dict[str, Sequence[str]] = {"run_id": table.run_ids}
    if table.pool_ids is not None:
        columns["pool_id"] = table.pool_ids
    if table.assignment is not None:
        columns["assignment"] = table.assignment
    _add(columns, [f"share_{domain}" for domain in table.domains], table.shares)
    _add(columns, table.covariate_columns, table.states)
    _add(columns, [f"y_{outcome.name}" for outcome in table.outcomes], own)
    columns.update(table.provenance)
    for name in ("run_id", "pool_id", "assignment", *table.provenance):
        if name in columns:
            columns[name] = [_cell(text) for text in columns[name]]
    lines = [",".join(map(_cell, columns)), *map(",".join, zip(*columns.values(), strict=True)), ""]
    return "\n".join(lines).encode()


def _cell(text: str) -> str:
    """Quoted where it must be; also around a carriage return, which Python's own writer leaves bare."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def _add(columns: dict[str, Sequence[str]], names: Sequence[str], values: NDArray[np.float64]) -> None:
    for j, name in enumerate(names):
        columns[name] = [repr(value) for value in values[:, j].tolist()]


def table_meta(table: RunsTable) -> bytes:
    """The sidecar that belongs to :func:`table_csv`, as JSON."""
    meta = {
        "title": table.name,
        "description": table.description,
        "default_outcome": table.default_outcome,
        "outcomes": {
            o.name: {"direction": "higher" if o.higher_is_better else "lower", "unit": o.unit}
            for o in table.outcomes
        },
        "natural": None
        if table.natural is None
        else dict(zip(table.domains, table.natural.tolist(), strict=True)),
        "natural_label": table.natural_label,
        # Text whose name looks like data must not become data when the file is read again.
        "roles": {c: "provenance" for c in table.provenance if guess_role(c) != "provenance"},
    }
    return (json.dumps(meta, ensure_ascii=False, indent=2) + "\n").encode()


def write_runs(table: RunsTable, directory: str | PathLike[str]) -> Path:
    """Write ``runs.csv`` and ``runs.meta.json`` into ``directory``; returns the path of the first.

    Each file appears whole or not at all.
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / META_FILE, table_meta(table))
    write_atomically(folder / RUNS_FILE, table_csv(table))
    return folder / RUNS_FILE
