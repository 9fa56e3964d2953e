"""The files a decision is handed over in, and the command line that gives the same again.

Nothing here knows Streamlit. The document is built by the core exactly as the command line builds
it, so that its id is the same whichever way it was made.
"""

from __future__ import annotations

import io
import shlex
import zipfile
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.checks.check import Check
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.panel import Panel
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario

# A fixed date: equal content, equal bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
NEW_DOMAIN = "new_domain.json"


def document(
    panel: Panel,
    scenario: Scenario,
    made: Decision,
    *,
    runs: RunsTable,
    reference_label: str,
    seed: int,
    created_at: str,
    note: str,
    checks: Sequence[Check],
    accepted_because: str,
) -> dict[str, Any]:
    """The mixture document of a decision.

    Raises
    ------
    DocumentError : see the delivery room.
    """
    from causalmix_core.delivery.document import build_document

    return build_document(
        panel.raised,
        scenario.pool.state(runs),
        made,
        reference_label=reference_label,
        seed=seed,
        created_at=created_at,
        note=note,
        checks=checks,
        accepted_because=accepted_because,
        weights=panel.weights,
        runs=runs,
    )


def llama_factory_zip(made: dict[str, Any], examples: int) -> bytes:
    """LLaMA-Factory's files in one archive, byte for byte the same for the same document.

    Raises
    ------
    ExportError : a number of examples out of range.
    """
    from causalmix_core.delivery.llama_factory import llama_factory_files

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in llama_factory_files(made, examples=examples).files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content)
    return packed.getvalue()


def input_files(table: RunsTable, scenario: Scenario) -> dict[str, bytes]:
    """The small JSON files that the command needs besides the runs; empty where the words do."""
    from causalmix_core.decision.supply_entry import supply_json
    from causalmix_core.evidence import pool_json

    files: dict[str, bytes] = {}
    pool = scenario.pool
    if table.covariates and (pool.kind == "file" or pool.shifted):
        files["pool.json"] = canonical_json(pool_json(table, pool.state(table)))
    if scenario.anchor == "entered":
        shares = scenario.anchor_shares(table)
        files["anchor.json"] = canonical_json(dict(zip(table.domains, map(float, shares), strict=True)))
    if scenario.bounds:
        files["bounds.json"] = canonical_json(
            {b.domain: {"lock": True} if b.lock else [b.floor, b.cap] for b in scenario.bounds}
        )
    if scenario.supply is not None and (amounts := supply_json(scenario.supply)):
        files["supply.json"] = canonical_json(amounts)
    if scenario.new_domain is not None:
        files[NEW_DOMAIN] = canonical_json(dict(scenario.new_domain.state))
    return files


def commands(table: RunsTable, config: FitConfig, scenario: Scenario, note: str, accept: str = "") -> str:
    """Two commands that make the same document from the downloaded files."""
    files = input_files(table, scenario)
    fit = [["fit", "runs.csv"], ["--outcome", config.outcome], ["--estimator", config.estimator]]
    fit += [["--no-covariates"]] * (not config.covariates)
    fit += [["--no-orthogonalisation"]] * (not config.orthogonalise)
    fit += [["--epsilon", repr(config.epsilon)]] if config.epsilon is not None else []
    for name, size in (("params", config.target_params), ("tokens", config.target_tokens)):
        fit += [[f"--target-{name}", repr(size)]] if size is not None else []
    fit += [["--folds", str(config.folds), "--seed", str(config.seed)], ["--out", "fit"]]
    decide = [["decide", "fit"]]
    if "pool.json" in files:
        decide += [["--pool", "pool.json"]]
    elif scenario.pool.kind == "table":
        decide += [["--pool", scenario.pool.pool_id]]
    decide += [["--anchor", "anchor.json" if "anchor.json" in files else scenario.anchor]]
    decide += [["--radius", repr(scenario.radius), "--metric", scenario.metric]]
    decide += [["--policy", scenario.policy, "--level", repr(scenario.level)]]
    decide += [["--bounds", "bounds.json"]] if "bounds.json" in files else []
    if scenario.new_domain is not None:
        decide += [["--new-domain", f"{scenario.new_domain.name}={NEW_DOMAIN}"]]
    decide += _supply(scenario, "supply.json" in files)
    decide += _asked(scenario)
    decide += [["--note", note]] if note else []
    decide += [["--accept", accept]] if accept else []
    decide += [["--out", "mixture.json"]]
    return "\n".join(_on_lines(parts) for parts in (fit, decide))


def _supply(scenario: Scenario, amounts: bool) -> list[list[str]]:
    """What there is to train on, as arguments."""
    supply = scenario.supply
    words = [["--domains", ",".join(scenario.domains)]] if scenario.domains else []
    if supply is None:
        return words
    words += [["--budget", repr(supply.budget), "--unit", supply.unit]]
    words += [["--max-epochs", repr(supply.max_epochs)]]
    return words + ([["--supply", "supply.json"]] if amounts else [])


def _asked(scenario: Scenario) -> list[list[str]]:
    """Objective, weights, floors and further pools, as arguments; nothing for the plain expected gain."""
    objective = scenario.objective
    words = [["--objective", objective.kind]] if objective.kind != "mean_gain" else []
    words += [["--wanted", repr(objective.wanted)]] if objective.wanted is not None else []
    words += [["--worth", repr(objective.worth)]] if objective.worth else []
    if scenario.weights:
        words += [["--outcome-weights", ",".join(f"{name}={weight!r}" for name, weight in scenario.weights)]]
    for floor in scenario.floors:
        words += [["--floor", f"{floor.outcome}>={floor.least!r}{' surely' if floor.sure else ''}"]]
    return words + [["--future", future.pool_id] for future in scenario.futures if future.kind == "table"]


def _on_lines(parts: list[list[str]]) -> str:
    """One command, a group of arguments a line."""
    return "python -m causalmix_core " + " \\\n  ".join(shlex.join(part) for part in parts)
