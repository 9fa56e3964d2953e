"""Checkup and correction of gains beside their fit, so that what follows need not compute them again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING

from causalmix_core.checks.check import Checkup
from causalmix_core.decision.correction import Correction
from causalmix_core.effects.fit_directory import CHECKS, GAIN
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.effects.fit import Fit


def save_checkup(checkup: Checkup, directory: Path) -> None:
    """Write ``checks.json`` into a fit's folder.

    Raises
    ------
    OSError : the folder cannot be written.
    """
    content = checkup.to_json()
    record = {"sha256": _hash(checkup), **content}
    text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_atomically(directory / CHECKS, f"{text}\n".encode())


def load_checkup(directory: Path, fit: Fit) -> Checkup | None:
    """The checkup kept beside a fit; None when there is none, or it is of another fit or was changed."""
    try:
        values = json.loads((directory / CHECKS).read_text(encoding="utf-8"))
        checkup = Checkup.from_json(values)
        whole = values["sha256"] == _hash(checkup)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return checkup if whole and checkup.fit_sha256 == fit.sha256 else None


def save_correction(correction: Correction, fit: Fit, directory: Path) -> None:
    """Write ``gain.json`` into a fit's folder.

    Raises
    ------
    OSError : the folder cannot be written.
    """
    record = {"fit_sha256": fit.sha256, **dataclasses.asdict(correction)}
    write_atomically(directory / GAIN, (json.dumps(record, indent=2, sort_keys=True) + "\n").encode())


def load_correction(directory: Path, fit: Fit) -> Correction | None:
    """The correction kept beside a fit; None when there is none, or it is of another fit or unreadable."""
    try:
        values = json.loads((directory / GAIN).read_text(encoding="utf-8"))
        correction = Correction(float(values["factor"]), float(values["error"]))
        own = values["fit_sha256"] == fit.sha256
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return correction if own and 0.0 <= correction.factor <= 1.0 and 0.0 <= correction.error <= 1.0 else None


def _hash(checkup: Checkup) -> str:
    return hashlib.sha256(json.dumps(checkup.to_json(), sort_keys=True).encode()).hexdigest()
