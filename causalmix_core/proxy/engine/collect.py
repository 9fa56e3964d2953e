"""Collecting: the finished runs of a study as a runs table, one row a run, with where each came from."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.launching import STATES_FILE, read_designed_runs, read_states_bytes
from causalmix_core.proxy.engine.results import read_result
from causalmix_core.proxy.engine.study import open_study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from causalmix_core.evidence import RunsTable
    from causalmix_core.proxy.engine.launching import DesignedRuns
    from causalmix_core.proxy.engine.results import RunResult
    from causalmix_core.proxy.engine.study import Study


@dataclass(frozen=True)
class FinishedRun:
    """A run of the design with its result."""

    entry: Mapping[str, Any]
    result: RunResult

    @property
    def shares(self) -> dict[str, float]:
        """Domain -> share of what was trained on, by counts; the mixture asked for where there are none."""
        counts = {name: int(n) for name, n in self.entry.get("counts", {}).items()}
        total = sum(counts.values())
        if total:
            return {name: n / total for name, n in counts.items()}
        return {name: float(share) for name, share in self.entry["mixture"].items()}


def finished_runs(study: Study) -> list[FinishedRun]:
    """Runs of the design that have a result, in its order.

    Raises
    ------
    ProxyError : a result that cannot be read, or that is of another run.
    """
    found = []
    for name, entry in read_designed_runs(study.path).runs.items():
        result = read_result(study.run_dir(name))
        if result is None:
            continue
        if result.run != name:
            raise ProxyError(
                f"{study.run_dir(name)} holds the result of {result.run!r}; retry the run {name}."
            )
        found.append(FinishedRun(entry, result))
    return found


def collect(study_dir: Path) -> RunsTable:
    """The runs table of a study's finished runs, validated as any other.

    Shares are those of what was trained on. Covariates come from ``states.json`` by pool. Seed, tokens, seconds,
    device, hashes, versions and the law of assignment stand beside them as text. Tokens that differ
    between runs of one study follow from the mixture; they are named ``trained_tokens``, so that they do
    not become a covariate.

    Raises
    ------
    ProxyError : nothing has finished, runs have different outcomes, or a pool has no state.
    TableError : too few runs, or anything else that a runs table is refused for.
    """
    from causalmix_core.evidence import TableMeta, parse_runs

    study = open_study(study_dir)
    design, runs = read_designed_runs(study.path), finished_runs(study)
    if not runs:
        raise ProxyError(f"No run of {study.path} has finished yet; `proxy status` shows how far it is.")
    outcomes = runs[0].result.outcomes
    _check_outcomes(runs)
    meta = TableMeta(
        title=study.path.name,
        description=f"{len(runs)} of {len(design.runs)} designed runs; worker {study.launch.worker}.",
        outcomes={
            name: ("higher" if outcome.higher_is_better else "lower", outcome.unit)
            for name, outcome in outcomes.items()
        },
    )
    return parse_runs(_table(study, design, runs), f"{study.path.name}.csv", meta=meta)


def _table(study: Study, design: DesignedRuns, runs: Sequence[FinishedRun]) -> bytes:
    states = read_states(study)
    tokens = "tokens" if len({run.result.tokens for run in runs}) == 1 else "trained_tokens"
    rows = [_row(run, design, states, tokens) for run in runs]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(
    run: FinishedRun, design: DesignedRuns, states: Mapping[str, Mapping[str, float]], tokens: str
) -> dict[str, str]:
    entry, result = run.entry, run.result
    pool = str(entry["pool"])
    if states and pool not in states:
        raise ProxyError(f"states.json has no state of the pool {pool}; score it, or remove states.json.")
    assignment = entry.get("assignment") or {}
    density = assignment.get("log_density")
    row = {"run_id": str(entry["id"]), "pool_id": pool, "assignment": str(assignment.get("kind", "designed"))}
    row |= {f"share_{name}": repr(share) for name, share in run.shares.items()}
    row |= {name: repr(float(value)) for name, value in states.get(pool, {}).items()}
    row |= {f"y_{name}": repr(outcome.value) for name, outcome in result.outcomes.items()}
    row |= {
        "replicate": str(entry.get("replicate", 0)),
        "seed": str(result.seed),
        tokens: str(result.tokens),
        "seconds": f"{result.seconds:.3f}",
        "device": result.device,
        "model_sha256": result.model_sha256,
        "data_sha256": result.data_sha256,
        "design_sha256": design.sha256,
        "pool_sha256": design.pool_sha256,
        "versions": "; ".join(f"{name} {version}" for name, version in sorted(result.versions.items())),
        "law": str(assignment.get("law", "")),
        "log_density": "" if density is None else repr(float(density)),
    }
    if result.params is not None:
        row["params"] = str(result.params)
    return row


def read_states(study: Study) -> dict[str, dict[str, float]]:
    """Pool id -> covariate column -> value, from ``states.json``; {} without one.

    Raises
    ------
    ProxyError : it is no such file, a column does not begin with ``x_``, or pools have different columns.
    """
    path = study.path / STATES_FILE
    if not path.exists():
        return {}
    found: dict[str, dict[str, float]] = json.loads(read_states_bytes(path))
    columns: set[str] | None = None
    for pool, state in found.items():
        strange = [name for name in state if not name.startswith("x_")]
        if strange:
            raise ProxyError(
                f"{path}: {strange[0]!r} of the pool {pool} is no covariate column; it begins with x_."
            )
        if columns is not None and set(state) != columns:
            odd = sorted(columns ^ set(state))[0]
            raise ProxyError(
                f"{path}: {odd!r} is there for some pools only (see {pool}); score all pools alike."
            )
        columns = set(state)
    return found


def _check_outcomes(runs: Sequence[FinishedRun]) -> None:
    first = runs[0]
    for run in runs[1:]:
        odd = sorted(set(first.result.outcomes) ^ set(run.result.outcomes))
        if odd:
            raise ProxyError(
                f"The runs {first.result.run} and {run.result.run} do not have the same outcomes ({odd[0]!r} is in one "
                "of them only); retry the one that lacks it."
            )
        for name, outcome in run.result.outcomes.items():
            other = first.result.outcomes[name]
            if (outcome.higher_is_better, outcome.unit) != (other.higher_is_better, other.unit):
                raise ProxyError(
                    f"Direction or unit of {name!r} differ between {first.result.run} and {run.result.run}."
                )
