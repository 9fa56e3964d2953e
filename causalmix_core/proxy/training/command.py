"""Any trainer by its own command: it gets the run's data as a file and leaves its outcomes in another.

The command is a list of words or one line, in which ``{data}``, ``{run_dir}``, ``{run}``, ``{seed}`` and the
entries of ``settings["values"]`` are replaced. No shell reads it. Outcomes come from ``outcomes.json`` in the
run directory, or from the file that ``settings["result"]`` names: plain ``{"name": number}``, or what lm-eval
writes (``{"results": {task: {"acc,none": number}}}``).
"""

from __future__ import annotations

import json
import math
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training.job import CommandFailed, Outcome, Result
from causalmix_core.proxy.training.run_data import materialised, tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from causalmix_core.proxy.training.job import Job

DEFAULT_RESULT = "outcomes.json"
# Words in an outcome's name that say that less is better, where the settings do not say.
LOWER = ("loss", "perplexity", "bpb", "bits_per_byte", "nll", "error")
_TAIL = 400  # characters of the trainer's last words in the reason


def run_command(job: Job) -> Result:
    """Materialise the run, run the command, read its outcomes.

    Raises
    ------
    CommandFailed : it could not be started, or ended with an error; with its last words.
    ProxyError : the template or the outcomes cannot be read.
    """
    data = materialised(job)
    words = filled(job.settings.get("command"), _values(job, data.path))
    log = job.folder / "command.txt"
    try:
        with log.open("wb") as out:
            done = subprocess.run(  # noqa: S603 - the user's own trainer, by the user's own settings
                words,
                cwd=job.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
            )
    except OSError as problem:
        raise CommandFailed(f"{words[0]} could not be started: {problem.strerror}.") from problem
    if done.returncode:
        tail = log.read_bytes()[-_TAIL:].decode("utf-8", "replace").strip()
        raise CommandFailed(f"{words[0]} ended with status {done.returncode}: {tail or 'it said nothing'}")
    outcomes = read_outcomes(
        job.folder / str(job.settings.get("result", DEFAULT_RESULT)), job.settings.get("directions", {})
    )
    return Result(
        outcomes=outcomes,
        tokens=tokens_of(job, data.path),
        device=str(job.settings.get("device", "the command's own")),
        model_sha256=str(job.settings.get("model_sha256", "")),
        data_sha256=data.sha256,
        seed=int(job.run["order_seed"]),
        extra={"command": words},
    )


def filled(template: object, values: Mapping[str, str]) -> list[str]:
    """The words of a command with placeholders replaced, each staying one word whatever is in it.

    Raises
    ------
    ProxyError : no command, or a placeholder that has no value.
    """
    words = shlex.split(template) if isinstance(template, str) else template
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise ProxyError(f"The command is {template!r}; give one line or a list of words.")
    try:
        return [word.format_map(dict(values)) for word in words]
    except (KeyError, ValueError, IndexError) as problem:
        known = ", ".join(f"{{{name}}}" for name in values)
        raise ProxyError(
            f"The command has a placeholder that is not known ({problem}); there are {known}. Write {{{{ for a brace."
        ) from problem


def read_outcomes(path: Path, directions: Mapping[str, str]) -> dict[str, Outcome]:
    """Outcomes by name; ``directions`` says "higher" or "lower" (is better) where the name does not.

    Raises
    ------
    ProxyError : no file, no JSON, no numbers, or a number that is none.
    """
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise ProxyError(f"The command left no outcomes in {path.name}: {problem}") from problem
    numbers = _flat(found)
    if not numbers:
        raise ProxyError(f'{path.name} holds no outcomes; write {{"name": number}} or what lm-eval writes.')
    for name, value in numbers.items():
        if not math.isfinite(value):
            raise ProxyError(f"{path.name} says that {name} is {value}; an outcome is a number.")
    return {name: Outcome(value, _higher(name, directions), "") for name, value in numbers.items()}


def _flat(found: Any) -> dict[str, float]:
    results = found.get("results") if isinstance(found, dict) else None
    if isinstance(results, dict):
        return {
            f"{task}_{metric.split(',')[0]}": float(value)
            for task, metrics in results.items()
            if isinstance(metrics, dict)
            for metric, value in metrics.items()
            if _is_number(value) and "stderr" not in metric
        }
    if isinstance(found, dict):
        return {str(name): float(value) for name, value in found.items() if _is_number(value)}
    return {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _higher(name: str, directions: Mapping[str, str]) -> bool:
    said = directions.get(name)
    if said not in (None, "higher", "lower"):
        raise ProxyError(f"The direction of {name} is {said!r}; write higher or lower.")
    return said == "higher" if said else not any(word in name.lower() for word in LOWER)


def _values(job: Job, data: Path) -> dict[str, str]:
    own = {str(name): str(value) for name, value in dict(job.settings.get("values", {})).items()}
    return {
        **own,
        "data": str(data),
        "run_dir": str(job.folder),
        "run": job.name,
        "seed": str(job.run["order_seed"]),
    }
