"""The tables of a study as the report reads them: checked against the plan and against each other."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError
from causalmix_core.study.plan import parse_plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from causalmix_core.study.plan import StudyPlan

Row = dict[str, str]

NEEDED = ("plan.yaml", "plan.json", "proxy_runs.csv", "proxy_runs.meta.json", "hidden_state.csv", "made.json")
LATER = (
    "verification_pools.csv",
    "predictions.json",
    "verification.csv",
    "own_order.csv",
    "oracle.csv",
    "scale.csv",
    "scale_predictions*.json",
    "analysis.json",
)


@dataclass(frozen=True)
class StudyTables:
    """What lies in the tables folder; a part that was not run is None.

    Attributes
    ----------
    files : name -> SHA-256 of every table there is. domains : in the tables' order. hidden : pool -> its row.
    """

    plan: StudyPlan
    files: Mapping[str, str]
    domains: tuple[str, ...]
    runs: list[Row]
    hidden: dict[str, Row]
    made: Mapping[str, Any]
    new_pools: dict[str, Row] | None
    predictions: Mapping[str, Any] | None
    verification: list[Row] | None
    own_order: list[Row] | None
    oracle: list[Row] | None
    scale: list[Row] | None
    analysis: Mapping[str, Any] | None

    @property
    def outcome(self) -> str:
        """Column of the plan's outcome."""
        return f"y_{self.plan.outcome}"


def read_tables(folder: Path) -> StudyTables:
    """Read a tables folder.

    Raises
    ------
    StudyError : a needed table is missing, none can be read, or two of them are of different studies.
    """
    there = _Folder(folder)
    plan = parse_plan(there.bytes("plan.yaml"), "plan.yaml")
    _same("plan.json", there.json("plan.json").get("plan_sha256"), "plan.yaml", plan.sha256)
    made = there.json("made.json")
    _same("made.json", made.get("plan_sha256"), "plan.yaml", plan.sha256)
    runs = there.rows("proxy_runs.csv")
    predictions, verification = there.json_or("predictions.json"), there.rows_or("verification.csv")
    if predictions is not None:
        _check_predictions(predictions, made, plan, verification)
    states, scale = there.rows_or("verification_pools.csv"), there.rows_or("scale.csv")
    _check_scale(scale, there.kept_predictions())
    own_order = there.rows_or("own_order.csv")
    _check_rows("own_order.csv", own_order, predictions)
    return StudyTables(
        plan,
        there.hashes(),
        tuple(name.removeprefix("share_") for name in runs[0] if name.startswith("share_")),
        runs,
        {row["pool_id"]: row for row in there.rows("hidden_state.csv")},
        made,
        {row["pool_id"]: row for row in states} if states is not None else None,
        predictions,
        verification,
        own_order,
        there.rows_or("oracle.csv"),
        scale,
        there.json_or("analysis.json"),
    )


def _check_predictions(
    predictions: Mapping[str, Any], made: Mapping[str, Any], plan: StudyPlan, rows: list[Row] | None
) -> None:
    """That they are what was written before the verification, for these runs."""
    _same("predictions.json", predictions.get("plan_sha256"), "plan.yaml", plan.sha256)
    _same("predictions.json", predictions.get("runs_sha256"), "made.json", made.get("runs_sha256"), "runs")
    body = {key: value for key, value in predictions.items() if key != "sha256"}
    own = hashlib.sha256(canonical_json(body)).hexdigest()
    _same("predictions.json", predictions.get("sha256"), "its own content", own, "content")
    _check_rows("verification.csv", rows, predictions)


def _check_rows(file: str, rows: list[Row] | None, predictions: Mapping[str, Any] | None) -> None:
    """That every row names these predictions."""
    own = (predictions or {}).get("sha256")
    for number, row in enumerate(rows or (), 2):
        said = row.get("predictions_sha256")
        _same(f"{file}, row {number}", said, "predictions.json", own, "predictions")


def _check_scale(rows: list[Row] | None, known: Mapping[str, str]) -> None:
    """That every row of scale names predictions that are kept here."""
    for number, row in enumerate(rows or (), 2):
        if row.get("predictions_sha256") not in known:
            raise StudyError(
                f"scale.csv, row {number} names the predictions {str(row.get('predictions_sha256'))[:12]}; kept here are "
                f"{', '.join(f'{name} ({sha[:12]})' for sha, name in known.items()) or 'none'}. Make the tables again from one plan."
            )


def _same(one: str, said: object, other: str, found: object, what: str = "plan") -> None:
    if said != found:
        raise StudyError(
            f"{one} names the {what} {str(said)[:12]}, {other} has {str(found)[:12]}: they are of different studies, or one "
            "was changed by hand. Make the tables again from one plan."
        )


@dataclass(frozen=True)
class _Folder:
    path: Path

    def bytes(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            raise StudyError(
                f"{self.path / name} is missing; an earlier command of the study writes it."
            ) from None

    def json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self.bytes(name))
        except ValueError as error:
            raise StudyError(f"{self.path / name} is no JSON ({error}).") from None
        if not isinstance(found, dict):
            raise StudyError(f"{self.path / name} holds no JSON object.")
        return found

    def rows(self, name: str) -> list[Row]:
        try:
            found = list(csv.DictReader(io.StringIO(self.bytes(name).decode("utf-8"), newline="")))
        except (UnicodeDecodeError, csv.Error) as error:
            raise StudyError(f"{self.path / name} is no table ({error}).") from None
        if not found:
            raise StudyError(f"{self.path / name} has no rows.")
        for number, row in enumerate(found, 2):
            if None in row or None in row.values():
                raise StudyError(f"{self.path / name}, row {number} has more or fewer cells than the header.")
        return found

    def json_or(self, name: str) -> dict[str, Any] | None:
        return self.json(name) if (self.path / name).exists() else None

    def rows_or(self, name: str) -> list[Row] | None:
        return self.rows(name) if (self.path / name).exists() else None

    def kept_predictions(self) -> dict[str, str]:
        paths = [*self.path.glob("predictions.json"), *sorted(self.path.glob("scale_predictions*.json"))]
        return {str(self.json(path.name).get("sha256")): path.name for path in paths}

    def hashes(self) -> dict[str, str]:
        later = [path.name for pattern in LATER for path in sorted(self.path.glob(pattern))]
        return {name: hashlib.sha256(self.bytes(name)).hexdigest() for name in (*NEEDED, *later)}


def numbers(rows: list[Row], column: str) -> list[float]:
    """A column as numbers.

    Raises
    ------
    StudyError : no such column, or a cell that is no number; names column, row and cell.
    """
    found: list[float] = []
    for number, row in enumerate(rows, 2):
        try:
            found.append(float(row[column]))
        except KeyError:
            raise StudyError(f"There is no column {column!r}; there are {', '.join(row)[:300]}.") from None
        except ValueError:
            raise StudyError(f"Column {column}, row {number}: {row[column]!r} is no number.") from None
    return found
