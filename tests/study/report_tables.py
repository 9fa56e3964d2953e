"""Small tables of a made study, as its commands would leave them, for the tests of its report."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.study.plan import StudyPlan, parse_plan

PLAN = b"""
schema: causalmix/study-plan@1
name: tiny
title: Three domains
question: Does the state of the pool matter?
text: {megabytes: 1}
base: {size: 0.1M, tokens: 200000, seed: 0}
scorer: {size: 0.1M, tokens: 300000, seed: 1}
covariates: [duplicate_rate]
runs: {windows: 50, seq: 64, set_aside: 8, batch: 4, peak: 0.004}
outcome:
  name: bpb_weighted
  weights: {code: 0.5, math: 0.3, wiki: 0.2}
pools: {count: 6, seed: 1, damage: {dup: 0.75, boiler: 0.25}}
mixtures: {per_pool: 2, samplers: [dirichlet, chosen], concentration: 1.0, favoured: [code], fallback: [wiki]}
replicates: 3
exclude: [failed]
fit: {estimator: recommended, seed: 0}
verification:
  seed: 2
  orders: 2
  radii: [0.4]
  groups:
    mild: {pools: 3, quality: [0.7, 1.0]}
    ordinary: {pools: 3}
    unseen damage: {pools: 3, damage: {garble: 1.0}}
  held_out_domain: wiki
  methods: [equal, weights, regmix, quality, recommended, recommended-0.4, domain-held-out-0.4]
  predictor: recommended
oracle: {pools: {ordinary: 2}, rounds: 2, candidates: 3, seed: 3}
scale:
  methods: [equal, weights, recommended-0.4]
  cases:
    budget-4x: {windows: 200, pools: {ordinary: 3}, orders: 1}
    two-domains: {domains: [code, math], weights: {code: 0.5, math: 0.5}, pools: {ordinary: 3}, orders: 1}
"""
USES = {"equal": "nothing", "weights": "nothing", "regmix": "runs", "quality": "hidden quality"}
# Thousandths of a bit per byte over the anchor, before noise.
GAINS = {
    "equal": -20.0, "weights": 0.0, "natural": -15.0, "regmix": -8.0, "quality": 6.0, "recommended": 14.0,
    "recommended-0.4": 12.0, "domain-held-out-0.4": 9.0,
}  # fmt: skip
NOISE = 1.5
LUCK = 8.0  # what the study's own order of text adds to recommended mixtures


def write_tables(
    folder: Path,
    plan_text: bytes = PLAN,
    later: tuple[str, ...] = ("verification", "oracle", "scale", "analysis"),
    gains: dict[str, float] | None = None,
) -> StudyPlan:
    """Write the tables of a plan into a folder: the study's own runs, and of the ``later`` parts those that are named."""
    plan = parse_plan(plan_text, "plan.yaml")
    made = _Maker(plan, {**GAINS, **(gains or {})})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_bytes(plan_text)
    (folder / "plan.json").write_bytes(canonical_json({"name": plan.name, "plan_sha256": plan.sha256}))
    made.runs(folder)
    if "verification" in later:
        made.verification(folder)
    if "own order" in later:
        write_csv(folder / "own_order.csv", made.own_order())
    if "oracle" in later:
        write_csv(folder / "oracle.csv", made.oracle())
    if "scale" in later:
        write_csv(folder / "scale.csv", made.scale())
    if "analysis" in later:
        (folder / "analysis.json").write_bytes(canonical_json(analysis_of(plan)))
    return plan


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """Rows as the study writes them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())


def rewrite(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change every row of a table."""
    with path.open() as file:
        rows = [change(dict(row)) for row in csv.DictReader(file)]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


class _Maker:
    def __init__(self, plan: StudyPlan, gains: dict[str, float]):
        self.plan, self.gains = plan, gains
        self.domains = list(plan.weights)
        self.rng = np.random.default_rng(7)
        self.predictions: dict[str, Any] = {}
        self.levels: dict[tuple[str, int], float] = {}

    def runs(self, folder: Path) -> None:
        plan = self.plan.plain
        pools = [f"p{i:03d}" for i in range(plan["pools"]["count"])]
        write_csv(folder / "hidden_state.csv", [{"pool_id": p, **self._state("dup")} for p in pools])
        rows = []
        for i, pool in enumerate(pools):
            for law in ("random", "chosen"):
                rows.append(self._run(f"r{2 * i + (law == 'chosen'):04d}", pool, law, 0, 3.2))
        for row in rows[: plan["replicates"]]:
            again = {**row, "run_id": f"{row['run_id']}b", "replicate": 1}
            again["y_bpb_weighted"] = repr(float(row["y_bpb_weighted"]) + 0.002 + 0.001 * self.rng.normal())
            rows.append(again)
        write_csv(folder / "proxy_runs.csv", rows)
        (folder / "proxy_runs.meta.json").write_text("{}\n")
        start = {f"bpb_{d}": 3.21 for d in self.domains}
        made = {
            "plan_sha256": self.plan.sha256, "pool_sha256": "1" * 64, "tokenizer_sha256": "2" * 64, "base": {}, "scorer": {},
            "start": {**start, "bpb_mean": 3.21, "bpb_weighted": 3.21}, "design_sha256": "3" * 64, "runs_sha256": "4" * 64,
            "runs": len(rows), "failed": 0, "cpu_seconds": 120.0, "versions": ["numpy 2"],
        }  # fmt: skip
        (folder / "made.json").write_bytes(canonical_json(made))

    def verification(self, folder: Path) -> None:
        asked = self.plan.verification
        pools = {
            f"{group}-{i:02d}": group for group, said in asked["groups"].items() for i in range(said["pools"])
        }
        states = [{"pool_id": p, "group": g, **self._state("garble")} for p, g in pools.items()]
        write_csv(folder / "verification_pools.csv", states)
        self.predictions = self._predictions(pools)
        (folder / "predictions.json").write_bytes(canonical_json(self.predictions))
        rows = []
        for pool, group in pools.items():
            for method in asked["methods"]:
                for order in range(asked["orders"]):
                    first = {
                        "run_id": f"{pool}-{method}-{order}",
                        "pool_id": pool,
                        "group": group,
                        "method": method,
                    }
                    rows.append(
                        {**self._outcome(first, order, self._gain(pool, group, method)), "predictions_sha256": self.predictions["sha256"]}
                    )  # fmt: skip
        write_csv(folder / "verification.csv", rows)

    def own_order(self) -> list[dict[str, Any]]:
        """In the study's own order every recommended gain is LUCK larger than elsewhere."""
        rows = []
        for pool, said in self.predictions["pools"].items():
            for method in (m for m in said["choices"] if m == "weights" or m.startswith("rec")):
                first = {
                    "run_id": f"{pool}-{method}",
                    "pool_id": pool,
                    "group": said["group"],
                    "method": method,
                }
                gain = self._gain(pool, said["group"], method) + (0.0 if method == "weights" else LUCK)
                rows.append(
                    {**self._outcome(first, 0, gain), "predictions_sha256": self.predictions["sha256"]}
                )
        return rows

    def oracle(self) -> list[dict[str, Any]]:
        asked, rows = self.plan.plain["oracle"], []
        for pool in (f"ordinary-{i:02d}" for i in range(asked["pools"]["ordinary"])):
            first = {"run_id": "o", "pool_id": pool, "group": "ordinary"}
            for number in range(asked["rounds"]):
                for candidate in range(asked["candidates"]):
                    told = {**first, "stage": "search", "round": number, "candidate": candidate}
                    rows.append(self._outcome(told, 0, 5.0))
            for order in range(self.plan.verification["orders"]):
                told = {**first, "stage": "final", "round": asked["rounds"], "candidate": 0}
                rows.append(self._outcome(told, order, 20.0))
        return rows

    def scale(self) -> list[dict[str, Any]]:
        asked, rows = self.plan.plain["scale"], []
        for case, said in asked["cases"].items():
            for pool in (f"ordinary-{i:02d}" for i in range(said["pools"]["ordinary"])):
                for method in asked["methods"]:
                    for order in range(said["orders"]):
                        first = {
                            "case": case,
                            "run_id": "s",
                            "pool_id": pool,
                            "group": "ordinary",
                            "method": method,
                        }
                        row = self._outcome(first, order, self._gain(pool, "ordinary", method))
                        rows.append({**row, "predictions_sha256": self.predictions["sha256"]})
        return rows

    def _state(self, damage: str) -> dict[str, Any]:
        quality = self.rng.beta(0.8, 0.8, len(self.domains))
        said: dict[str, Any] = {
            f"quality_{d}": repr(float(q)) for d, q in zip(self.domains, quality, strict=True)
        }
        return {**said, **{f"damage_{d}": damage for d in self.domains}}

    def _shares(self) -> dict[str, str]:
        shares = self.rng.dirichlet(np.ones(len(self.domains)))
        return {f"share_{d}": repr(float(s)) for d, s in zip(self.domains, shares, strict=True)}

    def _run(self, run: str, pool: str, law: str, replicate: int, level: float) -> dict[str, Any]:
        y = level + 0.05 * self.rng.normal()
        return {
            "run_id": run, "pool_id": pool, "assignment": law, "replicate": replicate, **self._shares(),
            **{f"x_{d}__duplicate_rate": "0.25" for d in self.domains}, **{f"y_bpb_{d}": repr(y) for d in self.domains},
            "y_bpb_mean": repr(y), "y_bpb_weighted": repr(y), "seed": 5, "tokens": 3200, "seconds": 2.5, "device": "cpu",
            "beats_start": int(y < 3.21),
        }  # fmt: skip

    def _gain(self, pool: str, group: str, method: str) -> float:
        more = 0.0 if method == "weights" else {"mild": 0.02, "extreme": 4.0}.get(group, 1.0)
        return self.gains.get(method, 3.0) * more * (0.6 + 0.4 * (int(pool[-2:]) % 3))

    def _outcome(self, first: dict[str, Any], order: int, gain: float) -> dict[str, Any]:
        level = self.levels.setdefault((first["pool_id"], order), 3.1 + 0.1 * float(self.rng.normal()))
        noise = 0.0 if first.get("method") == "weights" else NOISE * float(self.rng.normal())
        y = repr(level - (gain + noise) / 1_000.0)
        return {**first, "order": order, "seed": 9, **self._shares(), "y_bpb_mean": y, "y_bpb_weighted": y, "seconds": 2.0, "device": "cpu"}  # fmt: skip

    def _predictions(self, pools: dict[str, str]) -> dict[str, Any]:
        methods = self.plan.verification["methods"]
        about = {
            m: {"words": f"Does what {m} does", "radius": float(m[-3:]) if m[-3:-1] == "0." else None, "uses": USES.get(m, "runs and state")}
            for m in methods
        }  # fmt: skip
        said = {}
        for pool, group in pools.items():
            choices: dict[str, Any] = {}
            for method in methods:
                gain = 1.2 * self._gain(pool, group, method) / 1_000.0 + 0.001 * float(self.rng.normal())
                own = {"gain": gain, "interval": [gain - 0.006, gain + 0.006]}
                choices[method] = {
                    "mixture": dict(self.plan.weights),
                    "own": {**own, "interval": None}
                    if method == "regmix"
                    else own
                    if method.startswith("rec")
                    else None,
                    "predictor": {**own, "se": 0.003},
                }
            said[pool] = {"group": group, "choices": choices}
        body = {
            "schema": "causalmix/study-predictions@1", "plan_sha256": self.plan.sha256, "runs_sha256": "4" * 64, "pools_sha256": "5" * 64,
            "outcome": "bpb_weighted", "anchor": self.plan.weights, "methods": about, "pools": said, "level": 0.9,
        }  # fmt: skip
        return {**body, "sha256": hashlib.sha256(canonical_json(body)).hexdigest()}


def figure(value: float) -> dict[str, float]:
    """A value with an interval, as the analysis writes it."""
    return {"value": value, "lower": value - 0.05, "upper": value + 0.05}


def mean(value: float) -> dict[str, float]:
    """A mean with its standard error."""
    return {"mean": value, "se": 0.02}


def analysis_of(plan: StudyPlan) -> dict[str, Any]:
    """An analysis with every part, of made numbers."""
    scores = {
        key: figure(v)
        for key, v in (("r2", 0.9), ("spearman", 0.95), ("pair_r2", 0.8), ("pairs_right", 0.85))
    }
    halves = {"all": scores, "random": scores, "chosen": None}
    row = {"name": "recommended", "title": "Own state", "conditions": True, "reads_states": True, "all_rows": scores, "random_rows": halves, "lost": figure(0.1)}  # fmt: skip
    whole = {"name": "recommended", "ablation": "none", "all_rows": scores, "random_rows": halves, "lost": None, "behind": None}  # fmt: skip
    steps = [
        {"measures": list("abcd"[:i]), "added": "abcd"[i - 1] if i else None, "spearman": mean(0.6 + 0.08 * i), "pairs_right": mean(0.7 + 0.04 * i), "gain": mean(0.08) if i else None, "candidates": []}
        for i in range(4)
    ]  # fmt: skip
    node = {"rule": "all", "last_rule": "", "depth": 0, "pools": 6, "effects": {"code": 0.002}, "spread": {"code": 0.001}, "covariate": None, "threshold": None, "low": None, "high": None}  # fmt: skip
    leaf = {**node, "last_rule": "code duplicate_rate <= 0.3", "depth": 1, "pools": 4}
    slopes = {d: {"value": 0.02, "se": 0.005, "z": 2.5} for d in plan.weights}
    return {
        "schema": "causalmix/study-analysis@1", "level": 0.95, "domains": list(plan.weights),
        "runs": {"table": 15, "used": 12, "repeats_left_out": 3, "random": 6, "chosen": 6, "pools": 6},
        "estimators": {"words": "Estimators in words.", "rows": [row], "refused": [{"name": "paper", "fitted_on": "random", "reason": "too few runs"}]},
        "ablations": {"words": "Ablations in words.", "rows": [whole, {**whole, "ablation": "without covariates", "behind": {"r2": figure(0.2), "pair_r2": None}}]},
        "covariates": {"words": "Covariates in words.", "held_out_runs": 4, "repeats": 5, "rows": [{"name": "recommended", "order": "greedy", "steps": steps, "best": 3, "enough": 2}]},
        "trees": {"words": "Trees in words.", "rows": [
            {"name": "recommended", "refused": None, "unit": "u", "anchor": plan.weights, "depth": 1, "r2": 0.6, "r2_unseen": 0.5, "sentence": "Code splits first.", "nodes": [node, leaf]},
            {"name": "paper", "refused": "no effects"}]},
        "curve": {"words": "Curve in words.", "held_out_runs": 4, "repeats": 5, "left_out": [384], "rows": [
            {"name": name, "runs": n, "r2": mean(level + n / 1000), "spearman": mean(0.8), "pairs_right": mean(level), "pair_r2": None}
            for name, level in (("recommended", 0.6), ("regmix", 0.4)) for n in (64, 128, 256)], "refused": [{"name": "paper", "runs": 64, "reason": "too few"}]},
        "confounding": {"words": "Confounding in words.", "unit": "bits per byte", "epsilon": 0.01, "domains": list(plan.weights), "rows": [
            {"name": "yardstick", "words": "The truth", "runs": 6, "slopes": {d: {**s, "z": None} for d, s in slopes.items()}, "error": None, "differences_error": None, "noise": None, "p": None},
            {"name": "chosen naive", "words": "As they are", "runs": 6, "slopes": slopes, "error": 0.5, "differences_error": 0.6, "noise": 0.2, "p": 0.002}]},
        "checks": {"words": "Checks in words.", "estimator": "recommended", "method": "m", "verdict": "PASS", "checks": [
            {"id": "c", "title": "Pairs", "status": "PASS", "value": 0.85, "threshold": 0.5, "unit": "", "sentence": "Pairs are ranked right.", "remedy": "", "details": []}]},
    }  # fmt: skip
