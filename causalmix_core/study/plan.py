"""A declared plan: everything a study will do, read from YAML and hashed before its first run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

PLANS = Path(__file__).resolve().parents[2] / "docs" / "studies"
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class StudyPlan:
    """A plan that was found to be one.

    Attributes
    ----------
    plain : its content, by the keys of :mod:`causalmix_core.study.schema`.
    text : the file's bytes, comments and all.
    """

    plain: Mapping[str, Any]
    text: bytes

    @property
    def name(self) -> str:
        """Short name: of its folder and of its commands."""
        return str(self.plain["name"])

    @property
    def sha256(self) -> str:
        """Hash (64 hex digits) of the content; comments and layout of the file do not count."""
        return hashlib.sha256(canonical_json(self.plain)).hexdigest()

    @property
    def outcome(self) -> str:
        """Name of the weighted outcome that the study is about."""
        return str(self.plain["outcome"]["name"])

    @property
    def weights(self) -> dict[str, float]:
        """Domain -> weight of its loss in the outcome, sum 1; of an outcome of tasks the anchor alone."""
        return closed(self.plain["outcome"]["weights"])

    @property
    def tasks(self) -> dict[str, float]:
        """Task -> weight of its unanswered questions in the outcome, sum 1; {} where the outcome is of losses."""
        tasks = self.plain["outcome"].get("tasks")
        return closed(tasks) if tasks else {}

    @property
    def worker(self) -> str:
        """What trains the runs: tiny or sft."""
        return str(self.plain["runs"].get("worker", "tiny"))

    @property
    def examples(self) -> int:
        """Windows of text (tiny) or documents (sft) that a run trains on."""
        runs = self.plain["runs"]
        return int(runs["windows"] if self.worker == "tiny" else runs["documents"])

    @property
    def own_orders(self) -> int:
        """Orders of text that the pools of the study's own runs take in turn."""
        return int(self.plain["pools"].get("orders", 1))

    @property
    def verification(self) -> Mapping[str, Any]:
        """What is said of the pools that no run has seen, and of the rivals."""
        found: Mapping[str, Any] = self.plain["verification"]
        return found

    def part(self, name: str) -> Mapping[str, Any]:
        """A part that not every plan has: oracle, scale or analysis.

        Raises
        ------
        StudyError : this plan does not have it.
        """
        if name not in self.plain:
            raise StudyError(f"The plan {self.name} says nothing of {name}; add that key to it.")
        found: Mapping[str, Any] = self.plain[name]
        return found


def closed(weights: Mapping[str, float]) -> dict[str, float]:
    """The same weights, sum 1."""
    total = sum(weights.values())
    if not total > 0.0:
        raise StudyError("The weights of the outcome are all 0; give one a number above 0.")
    return {name: float(weight) / total for name, weight in weights.items()}


def find_plan(name: str) -> Path:
    """The file of a plan: a path to one, or the name of one under docs/studies.

    Raises
    ------
    StudyError : there is none; lists the names there are.
    """
    given = Path(name)
    if given.suffix in (".yaml", ".yml"):
        return given
    for path in sorted(PLANS.glob("*.yaml")):
        if path.stem == name:
            return path
    there = ", ".join(path.stem for path in sorted(PLANS.glob("*.yaml"))) or "none"
    raise StudyError(f"There is no plan {name!r}; give a YAML file, or one of docs/studies: {there}.")


def read_plan(name: str) -> StudyPlan:
    """Read the plan of this name, or in this file.

    Raises
    ------
    StudyError : no such plan; or the key that is missing, unknown or out of range.
    """
    path = find_plan(name)
    try:
        text = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise StudyError(f"{path} is no file; name a plan in YAML.") from None
    return parse_plan(text, path.name)


def parse_plan(text: bytes, file: str) -> StudyPlan:
    """A plan from the bytes of a YAML file; errors as in :func:`read_plan`."""
    try:
        import yaml  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        raise StudyError(
            "Reading a plan needs PyYAML: pip install 'causalmix[proxy]', and run it again."
        ) from None
    from causalmix_core.study.sense import check_sense

    if len(text) > MOST_BYTES:
        raise StudyError(f"{file} has {len(text):,} bytes; a plan has {MOST_BYTES:,} at most.")
    try:
        plain = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise StudyError(f"{file} is no YAML: {' '.join(str(error).split())}.") from None
    _check_shape(plain, file)
    plan = StudyPlan(plain, text)
    check_sense(plan, file)
    return plan


def _check_shape(plain: Any, file: str) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    from causalmix_core.study.schema import SCHEMA

    fault = best_match(Draft202012Validator(SCHEMA).iter_errors(plain))
    if fault is not None:
        where = ".".join(map(str, fault.absolute_path)) or "the whole plan"
        raise StudyError(f"{file}, {where}: {fault.message[:300]}.")
