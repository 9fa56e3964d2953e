"""--objective, --wanted, --worth, --outcome-weights, --floor and --future: what a decision is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import finite
from causalmix_core.cli.output import text_table
from causalmix_core.cli.progress import Progress
from causalmix_core.cli.reading import read_file
from causalmix_core.decision.objective import OBJECTIVES
from causalmix_core.errors import ObjectiveError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.checks.check import Checkup
    from causalmix_core.cli.situation import Situation
    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.objective import Floor, Objective
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.panel import Panel
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from causalmix_core.scenarios.scenario import Scenario

# Arguments, with the values that mean "not given".
OBJECTIVE_ARGUMENTS: dict[str, object] = {
    "objective": "mean_gain",
    "wanted": None,
    "worth": 0.0,
    "outcome_weights": None,
    "floor": [],
    "future": [],
}


def add_objective(parser: argparse.ArgumentParser) -> None:
    """The arguments named above."""
    group = parser.add_argument_group("what is asked for")
    group.add_argument(
        "--objective",
        choices=OBJECTIVES,
        default="mean_gain",
        help="expected gain, lower end of its interval, least change for --wanted, or worst of several pools "
        "(default: %(default)s)",
    )
    group.add_argument("--wanted", metavar="GAIN", type=finite, help="gain that least_change is to reach")
    group.add_argument(
        "--worth",
        metavar="GAIN",
        type=finite,
        default=0.0,
        help="least gain worth having: keep the anchor where even the best surely gains less (default: %(default)s)",
    )
    group.add_argument(
        "--outcome-weights",
        metavar="WEIGHTS.json|a=1,b=0.5",
        help="raise this weighted sum of outcomes in place of the fit's own; higher is better, "
        "so a negative weight wants an outcome low",
    )
    group.add_argument(
        "--floor",
        metavar="OUTCOME[>=GAIN]",
        action="append",
        default=[],
        help="an outcome that must not fall further than this (default: 0); repeatable; "
        "'OUTCOME>=GAIN surely' holds the lower end of its interval",
    )
    group.add_argument(
        "--future",
        metavar="POOL",
        action="append",
        default=[],
        help="a further pool that maximin must serve, as --pool takes it; repeatable",
    )


def objective_of(arguments: argparse.Namespace) -> Objective:
    """The objective that the arguments ask for.

    Raises
    ------
    ObjectiveError : a wanted gain that is missing or not asked for, or futures that mean nothing.
    """
    from causalmix_core.decision.objective import Objective

    if getattr(arguments, "future", []) and arguments.objective != "maximin":
        raise ObjectiveError("Further pools mean something to maximin alone; leave --future out.")
    return Objective(
        getattr(arguments, "objective", "mean_gain"),
        getattr(arguments, "wanted", None),
        getattr(arguments, "worth", 0.0),
    )


def weights_of(arguments: argparse.Namespace, situation: Situation) -> tuple[tuple[str, float], ...]:
    """The weights that the arguments ask for, closed to absolute values that add to 1; empty without."""
    from causalmix_core.evidence.weighted import closed_weights, parse_weights

    given = getattr(arguments, "outcome_weights", None)
    if given is None:
        return ()
    inline = "=" in given and not Path(given).is_file()
    return closed_weights(
        situation.fit.table, parse_weights(given if inline else bytes(read_file(Path(given))))
    )


def floors_of(arguments: argparse.Namespace, situation: Situation) -> tuple[Floor, ...]:
    """The floors that the arguments ask for.

    Raises
    ------
    ObjectiveError : an outcome that the table lacks or that has two floors, or a floor that is no number.
    """
    floors = tuple(_floor(text) for text in getattr(arguments, "floor", []))
    known = [outcome.name for outcome in situation.fit.table.outcomes]
    names = [floor.outcome for floor in floors]
    for name in names:
        if name not in known:
            raise ObjectiveError(
                f"There is no outcome {name!r} to hold: {situation.fit.table.name} has {', '.join(known)}."
            )
        if names.count(name) > 1:
            raise ObjectiveError(f"The outcome {name} has two floors: give it one.")
    return floors


def _floor(text: str) -> Floor:
    from causalmix_core.decision.objective import Floor

    name, limit, value = text.partition(">=")
    least, sure = value.strip(), False
    if not limit and name.rstrip().endswith(" surely"):
        name, sure = name.rstrip().removesuffix(" surely"), True
    if least.endswith(" surely"):
        least, sure = least.removesuffix(" surely").strip(), True
    try:
        return Floor(name.strip(), float(least) if limit else 0.0, sure)
    except ValueError:
        raise ObjectiveError(
            f"The floor of {name.strip()} is {least!r}; write OUTCOME>=NUMBER, such as {name.strip()}>=0."
        ) from None


def futures_of(arguments: argparse.Namespace, situation: Situation) -> tuple[PoolChoice, ...]:
    """The further pools that the arguments name."""
    from causalmix_core.evidence.pool_state import pool_names, resolve_pool
    from causalmix_core.scenarios.pool_choice import PoolChoice

    fit = situation.fit
    target, known, choices = tuple(fit.target.items()), pool_names(fit.table), []
    for name in getattr(arguments, "future", []):
        if name in known:
            choices.append(PoolChoice("table", pool_id=name, target=target))
            continue
        state = tuple(map(float, resolve_pool(name, fit.table, fit.target)))
        choices.append(PoolChoice("file", values=state, label=Path(name).stem[:100], target=target))
    return tuple(choices)


def panel_at(situation: Situation, scenario: Scenario) -> Panel:
    """The fits that the scenario decides by; further ones are made now, with progress on stderr."""
    from causalmix_core.cli.new_domain import leave_out
    from causalmix_core.scenarios.decide import panel_of

    progress = Progress(speak=False)
    try:
        return panel_of(situation.fit, scenario, progress, leave_out=leave_out)
    finally:
        progress.close()


def correction_at(directory: Path, situation: Situation, panel: Panel) -> Correction:
    """The correction of gains in what is raised: kept beside the fit, or measured for weighted outcomes."""
    from causalmix_core.checks.gain import measure_correction
    from causalmix_core.cli.deciding import correction_of

    if panel.raised.seen is situation.fit:
        return correction_of(directory, situation.fit)
    return measure_correction(panel.raised)


def checkup_at(directory: Path, situation: Situation, panel: Panel) -> Checkup:
    """The checks of what is raised: kept with the fit, or made now for weighted outcomes."""
    from causalmix_core.checks.checkup import check_fit
    from causalmix_core.cli.checking import checkup_of

    if panel.raised.seen is situation.fit:
        return checkup_of(directory, situation.fit)
    progress = Progress(speak=False)
    try:
        return check_fit(panel.raised, progress=progress)
    finally:
        progress.close()


def print_answer(panel: Panel, decision: Decision) -> None:
    """The verdict, before everything else."""
    from causalmix_core.delivery.answer import answer_sentences, objective_phrase

    outcome = panel.raised.outcome
    for sentence in answer_sentences(outcome, decision):
        print(sentence)
    if decision.objective.kind != "mean_gain":
        print(f"asked for: {objective_phrase(decision.objective, outcome)}")
    print()


def print_outcomes(decision: Decision, scenario: Scenario) -> None:
    """Win, lose or unsure for each outcome, and the gain at each further pool."""
    from causalmix_core.delivery.answer import (
        FUTURE_COLUMNS,
        OUTCOME_COLUMNS,
        future_rows,
        outcome_rows,
        outcomes_sentence,
    )

    if decision.outcomes:
        print(f"\n{text_table(OUTCOME_COLUMNS, outcome_rows(decision))}\n{outcomes_sentence(decision)}")
    if decision.futures:
        names = tuple(
            choice.pool_id or choice.label or f"pool {i + 2}" for i, choice in enumerate(scenario.futures)
        )
        print(f"\n{text_table(FUTURE_COLUMNS, future_rows(decision, names))}")
