"""A plan as files: what a launcher of runs reads, in the columns of the runs table.

``docs/RUNS_TABLE.md`` describes the columns. A row is a design, made ``repeats`` times with seeds of its own; its state
is there so that the finished runs, with their scores, can join the table they were planned for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.shares_csv import Cell, csv_bytes
from causalmix_core.delivery.yaml_text import yaml_block
from causalmix_core.errors import ExportError
from causalmix_core.planning.choices import TARGET

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.planning.course import Course
    from causalmix_core.planning.plan import Plan, PlannedRun

SCHEMA = "causalmix/plan@1"
ASSIGNMENT = "designed"
FORMATS = (".csv", ".yaml", ".yml", ".json")


def plan_format(path: Path) -> str:
    """The format that a file's name asks for, one of ``FORMATS``.

    Raises
    ------
    ExportError : another ending.
    """
    if path.suffix.lower() not in FORMATS:
        raise ExportError(f"--out {path} has no ending that says its format; end it in .csv, .yaml or .json.")
    return path.suffix.lower()


def plan_bytes(fit: Fit, plan: Plan, ending: str) -> bytes:
    """The file of one of ``FORMATS``; equal plans give equal bytes."""
    if ending == ".csv":
        return plan_csv(fit, plan)
    if ending == ".json":
        return canonical_json(plan_json(fit, plan))
    return ("\n".join(yaml_block(plan_json(fit, plan))) + "\n").encode("ascii")


def plan_csv(fit: Fit, plan: Plan) -> bytes:
    """A row a design: run_id, pool_id, repeats, assignment, shares, and the pool's state."""
    header = (
        "run_id",
        "pool_id",
        "repeats",
        "assignment",
        *(f"share_{domain}" for domain in plan.domains),
        *fit.table.covariate_columns,
    )
    rows: list[tuple[Cell, ...]] = [
        (_name(number), pool_name(fit, design), design.repeats, ASSIGNMENT, *_floats(design.shares), *_floats(design.state))
        for number, design in enumerate(plan.designs, start=1)
    ]  # fmt: skip
    return csv_bytes(header, rows)


def plan_json(fit: Fit, plan: Plan) -> dict[str, Any]:
    """The plan with what it is for and what it is expected to bring; outcome units, higher is better."""
    return {
        "schema": SCHEMA,
        "table": fit.table.sha256,
        "fit": fit.sha256,
        "outcome": fit.outcome.name,
        "criterion": plan.criterion,
        "pools": plan.pools,
        "seed": plan.seed,
        "runs": plan.n_runs,
        "designs": [
            {
                "run_id": _name(number),
                "pool_id": pool_name(fit, design),
                "repeats": design.repeats,
                "assignment": ASSIGNMENT,
                "shares": dict(zip(plan.domains, _floats(design.shares), strict=True)),
                "state": dict(zip(fit.table.covariate_columns, _floats(design.state), strict=True)),
            }
            for number, design in enumerate(plan.designs, start=1)
        ],
        "recommended_now": dict(zip(plan.domains, _floats(plan.recommended), strict=True)),
        "reference": dict(zip(plan.domains, _floats(plan.anchor), strict=True)),
        "gain_now": plan.gain,
        "level": plan.level,
        "expected": {"planned": _course(plan.planned), "random": _course(plan.random)},
        "runs_to_settle": {"planned": plan.settles, "random": plan.random_settles},
        "exact": plan.exact,
    }


def pool_name(fit: Fit, design: PlannedRun) -> str:
    """The id of the pool to run on: the table's own where the target is one of its pools, else "target"."""
    table = fit.table
    if design.pool != TARGET or table.pool_ids is None or not table.states.shape[1]:
        return design.pool
    same = np.flatnonzero((table.states == design.state).all(axis=1))
    return table.pool_ids[int(same[0])] if same.size else TARGET


def _name(number: int) -> str:
    return f"plan-{number:03d}"


def _floats(values: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in values]


def _course(course: Course) -> dict[str, Any]:
    return {
        "runs": [int(runs) for runs in course.runs],
        "gain_se": _floats(course.gain_se),
        "regret": _floats(course.regret),
    }
