"""Scenarios on the command line: read from a file, or made from the arguments that say the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import DEFAULT_LEVEL
from causalmix_core.cli.new_domain import new_domain_of, new_names
from causalmix_core.cli.objectives import OBJECTIVE_ARGUMENTS, floors_of, futures_of, objective_of, weights_of
from causalmix_core.cli.reading import read_file
from causalmix_core.cli.supplying import DEFAULT_UNIT, domains_of, supply_of
from causalmix_core.errors import ScenarioError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from causalmix_core.cli.situation import Situation
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from causalmix_core.scenarios.scenario import Bound, Scenario

# Arguments of decide that a scenario file speaks for, with the values that mean "not given".
_SPOKEN_FOR: dict[str, object] = {
    "metric": "tv",
    "policy": "analytic",
    "level": DEFAULT_LEVEL,
    "budget": None,
    "unit": DEFAULT_UNIT,
    "supply": None,
    "max_epochs": None,
    "domains": None,
    "new_domain": None,
    **OBJECTIVE_ARGUMENTS,
}


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """--scenario and --save-scenario."""
    parser.add_argument(
        "--scenario",
        metavar="SCENARIO.json",
        type=Path,
        help="decide this scenario; it holds pool, anchor, radius and all else that is asked for",
    )
    parser.add_argument(
        "--save-scenario",
        metavar="SCENARIO.json",
        type=Path,
        help="write what these arguments ask for as a scenario, to compare or to decide again",
    )


def read_scenario(path: Path, fit: Fit) -> Scenario:
    """The scenario in a file, for the target size of this fit.

    Raises
    ------
    ScenarioError : not a scenario, or not one of the fit's table; names the file.
    """
    from causalmix_core.scenarios.codec import check_scenario, from_json

    try:
        scenario = from_json(read_file(path))
        check_scenario(scenario, fit.table)
    except ScenarioError as problem:
        raise ScenarioError(f"{path}: {problem}") from problem
    return scenario.aimed(fit.target)


def write_scenario(path: Path, scenario: Scenario) -> None:
    """Write a scenario so that :func:`read_scenario` gives it back.

    Raises
    ------
    OSError : the file cannot be written.
    """
    from causalmix_core.delivery.canonical_json import canonical_json
    from causalmix_core.files import write_atomically
    from causalmix_core.scenarios.codec import to_json

    write_atomically(path, canonical_json(to_json(scenario)))


def scenario_at(arguments: argparse.Namespace, situation: Situation) -> Scenario:
    """The scenario that the arguments ask for, or the one of --scenario.

    Raises
    ------
    ScenarioError : both are given, or neither says how far to move.
    """
    from causalmix_core.scenarios.scenario import Scenario, anchor_kind

    if situation.scenario is not None:
        _refuse_both(arguments)
        return situation.scenario
    if arguments.radius is None:
        raise ScenarioError(
            "How far may the mixture move? Give --radius, such as --radius 0.15, or --scenario."
        )
    table = situation.fit.table
    known = (*table.domains, *new_names(arguments))
    name = arguments.anchor or ("mean" if table.natural is None else "natural")
    kind = anchor_kind(name)
    return Scenario(
        anchor=kind,
        entered=tuple(map(float, situation.anchor)) if kind == "entered" else (),
        radius=arguments.radius,
        metric=arguments.metric,
        policy=arguments.policy,
        level=arguments.level,
        bounds=_bounds(arguments, known),
        pool=_pool(arguments, situation),
        objective=objective_of(arguments),
        weights=weights_of(arguments, situation),
        floors=floors_of(arguments, situation),
        supply=supply_of(arguments, known),
        domains=domains_of(arguments),
        futures=futures_of(arguments, situation),
        new_domain=new_domain_of(arguments, table),
    )


def _refuse_both(arguments: argparse.Namespace) -> None:
    names = ("pool", "anchor", "radius", "bounds", *_SPOKEN_FOR)
    given = [
        name for name in names if getattr(arguments, name, _SPOKEN_FOR.get(name)) != _SPOKEN_FOR.get(name)
    ]
    if given:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ScenarioError(f"The scenario says what to decide; leave out {options}, or --scenario.")


def _pool(arguments: argparse.Namespace, situation: Situation) -> PoolChoice:
    from causalmix_core.evidence.pool_state import pool_names
    from causalmix_core.scenarios.pool_choice import PoolChoice

    target = tuple(situation.fit.target.items())
    if arguments.pool is None:
        return PoolChoice(target=target)
    if arguments.pool in pool_names(situation.fit.table):
        return PoolChoice("table", pool_id=arguments.pool, target=target)
    label = Path(arguments.pool).stem[:100]
    return PoolChoice("file", values=tuple(map(float, situation.pool)), label=label, target=target)


def _bounds(arguments: argparse.Namespace, domains: Sequence[str]) -> tuple[Bound, ...]:
    from causalmix_core.decision.bounds import parse_bounds
    from causalmix_core.scenarios.scenario import Bound

    asked: bytes | dict[str, object] = read_file(arguments.bounds) if arguments.bounds else {}
    limits, locked = parse_bounds(asked, tuple(domains))
    found = [
        Bound(name, lock=True) if name in locked else Bound(name, *limits[name])
        for name in domains
        if name in locked or name in limits
    ]
    return tuple(bound for bound in found if not bound.free)
