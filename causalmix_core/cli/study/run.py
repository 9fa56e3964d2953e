"""``study run NAME``: the study's own runs, from text to a runs table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.resuming import resumable
from causalmix_core.cli.study.arguments import add_study_arguments, add_training_arguments, means_of, place_of
from causalmix_core.delivery.numbers import thousands

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "run",
        help="make the study's runs",
        description="Build the text, lay the plan's runs out, train them and write the runs table. What is done is found "
        "and not repeated.",
    )
    add_study_arguments(parser)
    add_training_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make what is not made yet."""
    from causalmix_core.study.making import make_runs
    from causalmix_core.study.plan import read_plan
    from causalmix_core.study.tables import RUNS, write_runs_table

    plan = read_plan(arguments.plan)
    place = place_of(arguments, plan)
    print(f"{plan.name}: plan {plan.sha256}")
    with resumable(speak=arguments.progress) as progress:
        stage = make_runs(plan, place, means_of(arguments), progress)
        table = write_runs_table(plan, place, stage)
    improved = [cell == "1" for cell in table.provenance["beats_start"]]
    print(f"{place.tables / RUNS}: {thousands(table.n_runs)} runs, table {table.sha256}")
    print(f"{100 * sum(improved) / len(improved):.0f} % of the runs end better than they started.")
    return 0
