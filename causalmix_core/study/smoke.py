"""A small part of the verification trained again from the text on, and held against the shipped rows."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import StudyError
from causalmix_core.study.making import make_text
from causalmix_core.study.rivals.names import ANCHOR, EQUAL, FREE
from causalmix_core.study.tables import read_study_runs
from causalmix_core.study.verification.predictions import PREDICTIONS, read_predictions
from causalmix_core.study.verification.verify import RESULTS, main_round, train_choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from causalmix_core.evidence import RunsTable
    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]

POOLS = 2
METHODS = (EQUAL, ANCHOR, f"{FREE}-0.4")
ALLOWED = 3.0  # standard deviations of the noise between orders of text
STAGE = "smoke"


@dataclass(frozen=True)
class Agreement:
    """How far runs that were trained again lie from the shipped ones.

    Attributes
    ----------
    runs : trained again. noise : sd of the outcome between orders of one mixture, in outcome units.
    worst : largest absolute difference of the outcome; ``where`` : pool, method and order of it.
    """

    runs: int
    noise: float
    worst: float
    where: str

    @property
    def holds(self) -> bool:
        """True when no difference is beyond the noise."""
        return self.worst <= ALLOWED * self.noise


def smoke(plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None) -> Agreement:
    """Build text and base, train two pools' choices in all orders, and compare with verification.csv.

    Raises
    ------
    StudyError : no verification was shipped, or runs failed.
    """
    if not (place.tables / RESULTS).exists():
        raise StudyError(f"{place.tables / RESULTS} is missing; `study verify {plan.name}` makes it.")
    predictions = read_predictions(place.tables / PREDICTIONS)
    make_text(plan, place, means, progress, scorer=False)
    shutil.rmtree(place.stage(STAGE).folder, ignore_errors=True)
    rows = train_choices(plan, place, means, part_of(predictions), progress, main_round(plan, STAGE))
    return agreement(
        plan,
        rows,
        shipped_rows(place.tables / RESULTS),
        order_noise(read_study_runs(place.tables), plan.outcome),
    )


def part_of(predictions: Mapping[str, Any]) -> dict[str, Any]:
    """The choices of a few methods for the first pool of each of the first groups."""
    first: dict[str, str] = {}
    for name, said in predictions["pools"].items():
        first.setdefault(said["group"], name)
    pools = {
        name: {
            "group": group,
            "choices": {m: c for m, c in predictions["pools"][name]["choices"].items() if m in METHODS},
        }
        for group, name in list(first.items())[:POOLS]
    }
    return {**predictions, "pools": pools}


def shipped_rows(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """(pool, method, order) -> row of verification.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["pool_id"], row["method"], row["order"]): row for row in csv.DictReader(file)}


def order_noise(table: RunsTable, outcome: str) -> float:
    """Standard deviation of an outcome between orders of text for one mixture on one pool, from the study's repeats.

    Raises
    ------
    StudyError : the study has no repeats.
    """
    score = table.score(outcome)
    groups: dict[tuple[str, tuple[float, ...]], list[float]] = {}
    for row, key in enumerate(zip(table.pool_ids or (), map(tuple, table.shares.tolist()), strict=True)):
        groups.setdefault(key, []).append(float(score[row]))
    repeats = [found for found in groups.values() if len(found) > 1]
    if not repeats:
        raise StudyError(f"{table.name} has no repeated runs, so its noise is not known.")
    squares = sum(((np.array(found) - np.mean(found)) ** 2).sum() for found in repeats)
    return float(np.sqrt(squares / sum(len(found) - 1 for found in repeats)))


def agreement(
    plan: StudyPlan,
    rows: list[dict[str, str]],
    shipped: Mapping[tuple[str, str, str], Mapping[str, str]],
    noise: float,
) -> Agreement:
    """Compare rows with the shipped ones of the same pool, method and order."""
    column = f"y_{plan.outcome}"
    differences = {
        (row["pool_id"], row["method"], row["order"]): abs(
            float(row[column]) - float(shipped[row["pool_id"], row["method"], row["order"]][column])
        )
        for row in rows
    }
    where = max(differences, key=differences.__getitem__)
    return Agreement(
        len({row["run_id"] for row in rows}),
        noise,
        differences[where],
        ", order ".join([" ".join(where[:2]), where[2]]),
    )
