"""Scenarios as bytes: one canonical JSON text for each, which names it, and strict reading.

Equal scenarios give equal bytes and equal ids; all fields are written, so that a later default
cannot change what an older file says. Only a new domain is left out where there is none, so that
scenarios from before there were any keep their ids.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from causalmix_core.decision.objective import Floor
from causalmix_core.decision.region import WIDEST, Metric
from causalmix_core.decision.result import PolicyName
from causalmix_core.decision.supply import Supply
from causalmix_core.errors import ScenarioError
from causalmix_core.evidence.entered import json_object
from causalmix_core.scenarios.new_domain import NewDomain, check_new_domain
from causalmix_core.scenarios.plain import Names, plain, rebuilt
from causalmix_core.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.pool_choice import PoolChoice

SCHEMA = "causalmix/scenario@1"
REMEDY = "give a file that decide --save-scenario or the Mixture lab wrote"
_NAMES: Names = (
    ("Floor", Floor),
    ("Metric", Metric),
    ("NewDomain", NewDomain),
    ("PolicyName", PolicyName),
    ("Supply", Supply),
)


def to_json(scenario: Scenario) -> dict[str, Any]:
    """The scenario as a JSON object, marked with its schema."""
    fields = plain(scenario)
    if scenario.new_domain is None:
        del fields["new_domain"]
    return {"schema": SCHEMA, **fields}


def from_json(data: bytes | Mapping[str, object]) -> Scenario:
    """The scenario that :func:`to_json` wrote; fields that are missing take their defaults.

    Raises
    ------
    ScenarioError : not such an object, or a field that is unknown, of another type or out of its
        range; named.
    """
    values = dict(json_object(data, "scenario", REMEDY, ScenarioError))
    schema = values.pop("schema", None)
    if schema != SCHEMA:
        raise ScenarioError(f"The scenario does not say that it is {SCHEMA}; {REMEDY}.")
    scenario: Scenario = rebuilt(Scenario, values, "The scenario", _NAMES)
    _check_ranges(scenario)
    return scenario


def canonical_bytes(value: Scenario | Mapping[str, Any]) -> bytes:
    """Compact JSON with sorted keys, floats as Python's ``repr``, UTF-8; no newline at the end.

    Raises
    ------
    ValueError : a number is not finite, or text cannot be written as UTF-8.
    """
    content = to_json(value) if isinstance(value, Scenario) else value
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def scenario_id(scenario: Scenario) -> str:
    """``"sc-"`` and the SHA-256 of the canonical bytes."""
    return "sc-" + hashlib.sha256(canonical_bytes(scenario)).hexdigest()


def check_scenario(scenario: Scenario, table: RunsTable) -> None:
    """Return when every name in the scenario is one of the table's and every list has its length.

    Raises
    ------
    ScenarioError : naming what the table does not have.
    """
    outcomes = [o.name for o in table.outcomes]
    domains, choices = list(table.domains), [scenario.pool, *scenario.futures]
    bounded = [b.domain for b in scenario.bounds]
    if scenario.new_domain is not None:
        check_new_domain(scenario.new_domain, table)
    named_domains = list(scenario.named_domains(table))
    _known(bounded, named_domains, "bounds the domain", table)
    _known(scenario.domains, domains, "is for the domain", table)
    _known([name for name, _ in scenario.weights], outcomes, "weighs the outcome", table)
    _known([floor.outcome for floor in scenario.floors], outcomes, "has a floor for the outcome", table)
    if scenario.supply is not None:
        named = [name for name, _ in (*scenario.supply.available, *scenario.supply.epochs)]
        _known(named, named_domains, "has a supply of the domain", table)
    if scenario.anchor == "natural" and table.natural is None:
        raise ScenarioError(f"The scenario starts from natural shares, which {table.name} does not know.")
    if scenario.anchor == "entered" and len(scenario.entered) != len(domains):
        raise ScenarioError(
            f"The scenario's anchor has {len(scenario.entered)} shares, and {table.name} has {len(domains)} domains."
        )
    for choice in choices:
        _check_pool(choice, table)


def _check_pool(choice: PoolChoice, table: RunsTable) -> None:
    from causalmix_core.evidence.pool_state import pool_names

    columns = list(table.covariate_columns)
    _known([name for name, _ in (*choice.own, *choice.target)], columns, "shifts the covariate", table)
    names = [c.name for c in table.covariates]
    _known([name for name, _ in choice.whole], names, "shifts the covariate", table)
    if choice.kind == "table":
        _known([choice.pool_id], list(pool_names(table)), "is for the pool", table)
    if choice.kind == "file" and len(choice.values) != len(columns):
        raise ScenarioError(
            f"The scenario's pool has {len(choice.values)} values, and {table.name} has {len(columns)} covariates."
        )


def _known(
    named: list[str] | tuple[str, ...], known: list[str] | tuple[str, ...], what: str, table: RunsTable
) -> None:
    strange = next((name for name in named if name not in known), None)
    if strange is not None:
        raise ScenarioError(
            f"The scenario {what} {strange!r}, which {table.name} does not have; it belongs to another table."
        )


def _check_ranges(scenario: Scenario) -> None:
    most = WIDEST[scenario.metric]
    if not 0.0 <= scenario.radius <= most:
        raise ScenarioError(
            f"The scenario: radius is {scenario.radius:g}; in {scenario.metric} give a number from 0 to {most:.4g}."
        )
    if not 0.0 < scenario.level < 1.0:
        raise ScenarioError(f"The scenario: level is {scenario.level:g}; give a number between 0 and 1.")
    shares = [("entered", share) for share in scenario.entered]
    shares += [(f"bound of {b.domain}", share) for b in scenario.bounds for share in (b.floor, b.cap)]
    for what, share in shares:
        if not 0.0 <= share <= 1.0:
            raise ScenarioError(f"The scenario: {what} is {share:g}; shares are from 0 to 1.")
    bounded = [b.domain for b in scenario.bounds]
    for what, names in (("bounds", bounded), ("domains", list(scenario.domains))):
        if len(set(names)) != len(names):
            raise ScenarioError(f"The scenario: {what} names a domain twice.")
