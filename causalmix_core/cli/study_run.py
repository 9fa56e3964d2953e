"""``study run NAME``: the study's own runs, from text to a runs table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.resuming import resumable
from causalmix_core.cli.study_arguments import add_study_arguments, add_training_arguments, means_of, place_of

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

    plan = read_plan(arguments.plan)
    place = place_of(arguments, plan)
    print(f"{plan.name}: plan {plan.sha256}")
    with resumable(speak=arguments.progress) as progress:
        make_runs(plan, place, means_of(arguments), progress)
    return 0
