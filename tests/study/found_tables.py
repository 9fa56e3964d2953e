"""A small folder of a study's tables, whose gains are known: written by the rules of the real ones."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.study.plan import PLANS, StudyPlan, parse_plan

if TYPE_CHECKING:
    from pathlib import Path

METHODS = ("equal", "weights", "regmix", "quality", "recommended", "recommended-0.4")
GROUPS = {"mild": 3, "ordinary": 4}
LOSS = 3.0
# Method -> gain over the anchor in the first order of the pools of "ordinary", bits per byte. The second order adds 0.002 to
# the first and takes 0.002 from the last; "mild" has a tenth of it all.
GAINS = {
    "equal": (-0.02, -0.01, -0.03, -0.02),
    "weights": (0.0, 0.0, 0.0, 0.0),
    "regmix": (0.01, -0.01, 0.0, -0.02),
    "quality": (0.05, 0.05, 0.06, 0.04),
    "recommended": (0.03, 0.05, 0.06, -0.01),
    "recommended-0.4": (0.02, 0.03, 0.04, 0.01),
}


def plan() -> StudyPlan:
    """The plan that the folder is of."""
    return parse_plan((PLANS / "flagship.yaml").read_bytes(), "flagship.yaml")


def write_tables(folder: Path, *, verified: bool = True) -> Path:
    """Write the folder, with or without predictions and verification."""
    declared = plan()
    domains = list(declared.weights)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_bytes(declared.text)
    _json(folder / "plan.json", {"name": declared.name, "plan_sha256": declared.sha256})
    made = {"plan_sha256": declared.sha256, "runs_sha256": "0" * 64, "start": {declared.outcome: 3.1}}
    _json(folder / "made.json", made)
    shares = {f"share_{d}": 1 / len(domains) for d in domains}
    runs = [
        {"run_id": f"r{i}", "pool_id": f"p{i // 2}", **shares, f"y_{declared.outcome}": LOSS}
        for i in range(4)
    ]
    _csv(folder / "proxy_runs.csv", runs)
    _json(folder / "proxy_runs.meta.json", {})
    _csv(
        folder / "hidden_state.csv",
        [{"pool_id": f"p{i}", **{f"quality_{d}": 1.0 for d in domains}} for i in range(2)],
    )
    if verified:
        _verify(folder, declared, shares)
    return folder


def gain(method: str, group: str, pool: int, order: int) -> float:
    """Gain over the anchor of one run, bits per byte."""
    scale = 1.0 if group == "ordinary" else 0.1
    shift = 0.0 if method == "weights" or order == 0 else 0.002 if pool == 0 else -0.002 if pool == 3 else 0.0
    return scale * (GAINS[method][pool] + shift)


def _verify(folder: Path, declared: StudyPlan, shares: dict[str, float]) -> None:
    places = [
        (group, pool, f"{group}-{pool:02d}") for group, count in GROUPS.items() for pool in range(count)
    ]
    predictions: dict[str, Any] = {
        "schema": "causalmix/study-predictions@1",
        "plan_sha256": declared.sha256,
        "runs_sha256": "0" * 64,
        "level": 0.9,
        "methods": {m: {"words": f"what {m} does", "radius": _radius(m), "uses": _uses(m)} for m in METHODS},
        "pools": {name: {"group": group, "choices": {m: _choice(m, group, pool) for m in METHODS}} for group, pool, name in places},
    }  # fmt: skip
    predictions["sha256"] = hashlib.sha256(canonical_json(predictions)).hexdigest()
    (folder / "predictions.json").write_bytes(canonical_json(predictions))
    rows = [
        {
            "run_id": f"{name}-{method}-{order}", "pool_id": name, "group": group, "method": method, "order": order,
            **shares, f"y_{declared.outcome}": repr(LOSS - gain(method, group, pool, order)),
            "predictions_sha256": predictions["sha256"],
        }
        for group, pool, name in places
        for method in METHODS
        for order in (0, 1)
    ]  # fmt: skip
    _csv(folder / "verification.csv", rows)


def _choice(method: str, group: str, pool: int) -> dict[str, Any]:
    if not method.startswith("recommended"):
        return {"mixture": {}, "own": None}
    promised = 2.0 * gain(method, group, pool, 0)
    return {"mixture": {}, "own": {"gain": promised, "interval": [promised - 0.03, promised + 0.03]}}


def _radius(method: str) -> float | None:
    return 0.4 if method.endswith("0.4") else None


def _uses(method: str) -> str:
    return "hidden quality" if method == "quality" else "runs and state"


def _json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
