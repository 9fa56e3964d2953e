"""What decide and explain both need: how far and by which policy to move, and the decision itself."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_level, finite, seed
from causalmix_core.cli.objectives import correction_at, panel_at
from causalmix_core.cli.scenario_arguments import scenario_at
from causalmix_core.cli.supplying import add_supply

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from causalmix_core.cli.situation import Situation
    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.prices import Relaxation
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.panel import Panel
    from causalmix_core.scenarios.scenario import Scenario


def add_decision(parser: argparse.ArgumentParser, radius: float | None = None) -> None:
    """--radius (needed unless a default is given), --metric, --policy, limits of shares and supply, --level, --seed."""
    default = "" if radius is None else " (default: %(default)s)"
    parser.add_argument(
        "--radius",
        type=finite,
        default=radius,
        help=f"how far the mixture may move; in tv, the share of the data{default}",
    )
    parser.add_argument("--metric", choices=("tv", "kl", "l2"), default="tv", help="default: %(default)s")
    parser.add_argument(
        "--policy", choices=("analytic", "search"), default="analytic", help="default: %(default)s"
    )
    parser.add_argument(
        "--bounds",
        metavar="BOUNDS.json",
        type=Path,
        help='absolute shares, e.g. {"web": [0.1, 0.4], "code": {"lock": true}, "math": {"min": 0.1}}',
    )
    add_supply(parser)
    add_level(parser)
    parser.add_argument("--seed", type=seed, default=0, help="seed of the search (default: %(default)s)")


def decide_at(arguments: argparse.Namespace, situation: Situation, panel: Panel | None = None) -> Decision:
    """The decision that these arguments ask for; without a ``panel`` its fits are made where some are needed."""
    from causalmix_core.scenarios.decide import decide_scenario

    scenario = scenario_at(arguments, situation)
    fits = panel or panel_at(situation, scenario)
    correction = correction_at(arguments.fit_dir, situation, fits)
    return decide_scenario(situation.fit, scenario, correction, arguments.seed, panel=fits)


def without_new_domain(arguments: argparse.Namespace, situation: Situation) -> Decision:
    """The decision as if the pool had no domain but those that runs have seen."""
    from causalmix_core.scenarios.decide import decide_scenario

    scenario = scenario_at(arguments, situation).without_new_domain()
    correction = correction_of(arguments.fit_dir, situation.fit)
    return decide_scenario(situation.fit, scenario, correction, arguments.seed, judged=False)


def decided(directory: Path, fit: Fit, scenario: Scenario, seed: int) -> tuple[Fit, Decision]:
    """The fit of what a scenario raises, and its decision by the fit of a folder."""
    from causalmix_core.cli.situation import situation_of
    from causalmix_core.scenarios.decide import decide_scenario

    situation = situation_of(fit, scenario)
    panel = panel_at(situation, scenario)
    correction = correction_at(directory, situation, panel)
    return panel.raised, decide_scenario(fit, scenario, correction, seed, panel=panel)


def solver_at(
    arguments: argparse.Namespace, situation: Situation, panel: Panel | None = None
) -> Callable[[Region], Decision]:
    """What decides as these arguments ask, in any region."""
    from causalmix_core.scenarios.decide import solver

    scenario = scenario_at(arguments, situation)
    fits = panel or panel_at(situation, scenario)
    correction = correction_at(arguments.fit_dir, situation, fits)
    return solver(situation.fit, scenario, correction, arguments.seed, panel=fits)


def floors_at(
    arguments: argparse.Namespace, situation: Situation, made: Decision, panel: Panel
) -> list[tuple[Relaxation, Callable[[], Decision]]]:
    """Each binding floor of an outcome a step lower, with what decides then."""
    from causalmix_core.scenarios.decide import floors_looser

    correction = correction_at(arguments.fit_dir, situation, panel)
    scenario = scenario_at(arguments, situation)
    return floors_looser(situation.fit, scenario, made, correction, arguments.seed, panel=panel)


def region_at(arguments: argparse.Namespace, situation: Situation) -> Region:
    """The region that these arguments ask for."""
    from causalmix_core.scenarios.decide import region_of

    scenario = scenario_at(arguments, situation)
    return region_of(situation.fit.table, scenario, situation.fit.config.outcome)


def correction_of(directory: Path, fit: Fit) -> Correction:
    """The correction of gains kept beside a fit, measured and kept where there is none."""
    from causalmix_core.checks.gain import measure_correction
    from causalmix_core.checks.stored import load_correction, save_correction

    kept = load_correction(directory, fit)
    if kept is not None:
        return kept
    measured = measure_correction(fit)
    with contextlib.suppress(OSError):  # a folder that cannot be written serves all the same
        save_correction(measured, fit, directory)
    return measured
