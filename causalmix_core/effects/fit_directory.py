"""A fit on disk: the table, the settings, and the model as plain arrays; never a pickle.

    runs.csv, runs.meta.json   the canonical table
    config.json                the settings
    fit.json                   hashes of the above, of the model, and of the fit as a whole
    model.npz                  arrays of the model, absent where a forest is inside
    checks.json                what the checks found, once they were made (see checks/)

``load_fit`` uses the arrays only when every hash agrees; otherwise, and for forests, it refits
from table and settings, which gives the same numbers. Hashes guard against files that do not
belong together, not against somebody who may write all of them: the worst that such a person can
do is to change numbers, as with any table.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core import __version__
from causalmix_core.effects.arrays import engine_arrays, engine_from_arrays
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.estimators.registry import REGISTRY
from causalmix_core.effects.fit import Fit, fit, fit_hash, fit_notes
from causalmix_core.effects.heterogeneity import Heterogeneity
from causalmix_core.errors import ConfigError, FitDirectoryError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.effects.engine import Engine
    from causalmix_core.evidence.table import RunsTable

RUNS, META, CONFIG, RECORD, MODEL = "runs.csv", "runs.meta.json", "config.json", "fit.json", "model.npz"
CHECKS = "checks.json"
GAIN = "gain.json"


def save_fit(fitted: Fit, directory: Path) -> None:
    """Write a fit; the record comes last, so a directory with a record is complete."""
    from causalmix_core.evidence import write_runs

    directory.mkdir(parents=True, exist_ok=True)
    (directory / RECORD).unlink(missing_ok=True)
    write_runs(fitted.table, directory)
    write_atomically(directory / CONFIG, _json(fitted.config.to_json()))
    arrays = engine_arrays(fitted.engine)
    record = {
        "fit_sha256": fitted.sha256,
        "table_sha256": fitted.table.sha256,
        "config_sha256": fitted.config.sha256,
        "model_sha256": None,
        "version": __version__,
        "method": fitted.method,
        "summary": fitted.summary,
        "estimator": fitted.estimator,
        "heterogeneity": None if fitted.heterogeneity is None else dataclasses.asdict(fitted.heterogeneity),
    }
    if arrays is None:
        (directory / MODEL).unlink(missing_ok=True)
    else:
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **arrays)
        write_atomically(directory / MODEL, stream.getvalue())
        record["model_sha256"] = hashlib.sha256(stream.getvalue()).hexdigest()
    write_atomically(directory / RECORD, _json(record))


def may_be_overwritten(directory: Path) -> bool:
    """True when there is nothing but a fit in the directory, also one that was cut short."""
    return not directory.exists() or {path.name for path in directory.iterdir()} <= {
        RUNS,
        META,
        CONFIG,
        RECORD,
        MODEL,
        CHECKS,
        GAIN,
    }


def is_fit_directory(directory: Path) -> bool:
    """True when the directory holds a complete fit."""
    return (directory / RECORD).is_file() and (directory / RUNS).is_file()


def load_fit(directory: Path) -> Fit:
    """Read a fit, refitting when it has no arrays or its hashes do not agree.

    Raises
    ------
    FitDirectoryError
        If the directory does not hold a readable fit.
    """
    from causalmix_core.evidence import read_runs

    if not is_fit_directory(directory):
        raise FitDirectoryError(
            f"{directory} holds no fit; make one with: fit RUNS --outcome NAME --out {directory}"
        )
    record, config = _read_json(directory / RECORD), _read_config(directory / CONFIG)
    table = read_runs(directory / RUNS)
    if record.get("fit_sha256") != fit_hash(table.sha256, config):
        refitted = fit(table, config)
        note = f"{directory.name} was changed after it was fitted; it was fitted anew."
        return dataclasses.replace(refitted, notes=(*refitted.notes, note))
    engine = _read_engine(directory / MODEL, record.get("model_sha256"))
    if engine is None:
        return fit(table, config)
    return _assemble(table, config, engine, record)


def _assemble(table: RunsTable, config: FitConfig, engine: Engine, record: dict[str, Any]) -> Fit:
    try:
        estimator, asked = record["estimator"], record["heterogeneity"]
        found = None if asked is None else Heterogeneity(**asked)
        notes = fit_notes(table, config, found)
    except (KeyError, TypeError, ValueError):
        return fit(table, config)
    if estimator not in REGISTRY:
        return fit(table, config)
    return Fit(table, config, engine, table.outcome(config.outcome), notes, estimator, found)


def _read_engine(path: Path, wanted: Any) -> Engine | None:
    if not path.is_file():
        return None
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != wanted:
        return None
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return engine_from_arrays(dict(stored))
    except (KeyError, ValueError, zipfile.BadZipFile):
        return None


def _read_config(path: Path) -> FitConfig:
    try:
        return FitConfig.from_json(_read_json(path))
    except ConfigError as error:
        raise FitDirectoryError(f"{path} cannot be used: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FitDirectoryError(f"{path} cannot be read ({error}); fit the table again.") from error
    if not isinstance(values, dict):
        raise FitDirectoryError(f"{path} does not hold a JSON object; fit the table again.")
    return values


def _json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
