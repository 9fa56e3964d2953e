"""A small study's runs whose law is known: what a domain is worth falls with its duplicates, a second measure says nothing."""

import csv
import json

import numpy as np

from causalmix_core.study.plan import parse_plan
from tests.study.report_tables import PLAN

DOMAINS = ("code", "math", "wiki")
WEIGHTS = np.array([0.5, 0.3, 0.2])
ANALYSIS = {
    "seed": 4,
    "estimators": ["recommended", "constant", "log-linear"],
    "curve": [24, 48, 500],
    "held_out_runs": 16,
    "tree_depth": 2,
}
EPSILON = 0.01


def plan(**changes):
    """The small plan with a part ``analysis``; ``changes`` of it."""
    text = PLAN + b"analysis: " + json.dumps({**ANALYSIS, **changes}).encode() + b"\n"
    return parse_plan(text, "tiny.yaml")


def slopes(duplicates):
    """(..., K) duplicate rates -> (..., K) true slopes in log(share + 0.01), higher is better."""
    return 0.2 * WEIGHTS * (1.0 - duplicates)


def made_rows(pools=40, repeats=0, noise=0.002, seed=0):
    """Two runs a pool: a mixture drawn at random, and one with more code where the pool is good, which is good anyway."""
    rng = np.random.default_rng(seed)
    rows = []
    for pool in range(pools):
        duplicates, idle = rng.uniform(size=(2, 3))
        good = 1.0 - float(duplicates.mean())
        for assignment in ("random", "chosen"):
            shares = rng.dirichlet(np.ones(3))
            if assignment == "chosen":
                shares = rng.dirichlet([0.3 + 10.0 * good**3, 2.0, 2.0])
            worth = float(slopes(duplicates) @ np.log(shares + EPSILON)) + good
            draws = np.random.default_rng([seed, pool, ord(assignment[0])])
            for replicate in range(1 + (repeats if pool < 2 and assignment == "random" else 0)):
                rows.append(
                    {
                        "run_id": f"{assignment}-{pool}-{replicate}",
                        "pool_id": f"p{pool:03}",
                        "assignment": assignment,
                        "replicate": replicate,
                        **{f"share_{d}": repr(float(s)) for d, s in zip(DOMAINS, shares, strict=True)},
                        **{f"x_{d}__duplicate_rate": repr(float(x)) for d, x in zip(DOMAINS, duplicates, strict=True)},
                        **{f"x_{d}__idle": repr(float(x)) for d, x in zip(DOMAINS, idle, strict=True)},
                        "y_bpb_weighted": repr(3.0 - worth + noise * float(draws.normal())),
                    }
                )  # fmt: skip
    return rows


def write_runs(folder, rows):
    """The folder of tables with these runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "proxy_runs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    outcomes = {"bpb_weighted": {"direction": "lower", "unit": "bits per byte"}}
    meta = {"default_outcome": "bpb_weighted", "outcomes": outcomes}
    (folder / "proxy_runs.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder
