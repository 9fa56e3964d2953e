"""What a training process leaves in its run's folder: a result, a failure, its progress."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RESULT = "result.json"
FAILURE = "failure.json"
PROGRESS = "progress.jsonl"
JOB = "job.json"
LOG = "log.txt"
_MOST_BYTES = 4_000_000
_TAIL_BYTES = 8_192
_MOST_TEXT = 200


@dataclass(frozen=True)
class RunOutcome:
    """One measured outcome of a run, in its own direction."""

    value: float
    higher_is_better: bool
    unit: str


@dataclass(frozen=True)
class RunResult:
    """A finished run, as its ``result.json`` tells it.

    Attributes
    ----------
    run : id of the run.
    outcomes : name -> outcome, at least one; values are finite.
    tokens : trained tokens, >= 0.
    seconds : training time in seconds, >= 0.
    device, seed : as the worker says.
    model_sha256, data_sha256 : hashes (hex) of the model it began from and of what it was trained on; "" where the
        worker cannot know.
    versions : package -> version.
    params : parameters of the model, or None where the worker does not say.
    """

    run: str
    outcomes: Mapping[str, RunOutcome]
    tokens: int
    seconds: float
    device: str
    seed: int
    model_sha256: str
    data_sha256: str
    versions: Mapping[str, str]
    params: int | None = None


@dataclass(frozen=True)
class Failure:
    """Why an attempt ended: ``kind`` as in :class:`RunRecord`, ``reason`` a sentence."""

    kind: str
    reason: str


@dataclass(frozen=True)
class RunProgress:
    """Where a run in the making stands; ``loss`` is None before the first one."""

    step: int
    steps: int
    loss: float | None
    tokens: int


def read_result(run_dir: Path) -> RunResult | None:
    """The result of a run, or None where there is none yet.

    Raises
    ------
    ProxyError : a file is there and is no result; the message names file and key.
    """
    path = run_dir / RESULT
    found = _read_json(path)
    if found is None:
        return None
    try:
        return _result(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise ProxyError(f"{path} is no result of a run: {said}; remove it and retry the run.") from None


def read_failure(run_dir: Path) -> Failure | None:
    """Why the last attempt failed, as the worker tells it, or None."""
    try:
        found = _read_json(run_dir / FAILURE)
    except ProxyError:
        return Failure("other", "The attempt failed and could not write why.")
    if found is None:
        return None
    if not isinstance(found, dict):
        return Failure("other", "The attempt failed and did not say why.")
    return Failure(
        str(found.get("kind", "other"))[:40], str(found.get("reason", "It did not say why."))[:2_000]
    )


def read_progress(run_dir: Path) -> RunProgress | None:
    """The last whole line of the progress, or None."""
    for line in reversed(tail(run_dir / PROGRESS).splitlines()):
        try:
            found = json.loads(line)
            loss = found.get("loss")
            return RunProgress(
                int(found["step"]),
                max(1, int(found["steps"])),
                float(loss) if isinstance(loss, int | float) and math.isfinite(loss) else None,
                int(found.get("tokens", 0)),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # a line that is being written
    return None


def tail(path: Path, size: int = _TAIL_BYTES) -> str:
    """The last ``size`` bytes of a text, or ""."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size))
            return file.read(size).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ProxyError(f"{path} is larger than 4 MB; it is no file of a run.")
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise ProxyError(f"{path} is not JSON ({error}); remove it and retry the run.") from None


def _result(found: Any) -> RunResult:
    outcomes = {str(name): _outcome(str(name), value) for name, value in found["outcomes"].items()}
    if not outcomes:
        raise ValueError("it has no outcome")
    params = found.get("params")
    return RunResult(
        run=str(found["run"]),
        outcomes=outcomes,
        tokens=int(_at_least_zero("tokens", found["tokens"])),
        seconds=_at_least_zero("seconds", found["seconds"]),
        device=_short("device", found["device"]),
        seed=int(found["seed"]),
        model_sha256=_short("model_sha256", found["model_sha256"]),
        data_sha256=_short("data_sha256", found["data_sha256"]),
        versions={str(k): str(v) for k, v in found["versions"].items()},
        params=None if params is None else int(_at_least_zero("params", params)),
    )


def _outcome(name: str, found: Any) -> RunOutcome:
    value = float(found["value"])
    if not math.isfinite(value):
        raise ValueError(f"the outcome {name!r} is {value}")
    if not isinstance(found["higher_is_better"], bool):
        raise TypeError(f"higher_is_better of {name!r} is not true or false")
    return RunOutcome(value, found["higher_is_better"], str(found.get("unit", "")))


def _at_least_zero(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0 or math.isinf(value):
        raise ValueError(f"{name} is {value!r}, not a number >= 0")
    return float(value)


def _short(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT or not value.isprintable():
        raise ValueError(f"{name} is {str(value)[:80]!r}, not a text of at most {_MOST_TEXT} characters")
    return value
