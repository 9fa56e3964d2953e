"""``study analyse NAME``: what the study's own runs say of estimators, covariates, rules and confounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.resuming import resumable
from causalmix_core.cli.study.arguments import add_study_arguments, place_of

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "analyse",
        help="compare estimators, ablations and covariates on the study's runs",
        description="Fit every estimator of the plan on the study's runs without each part of the pools, with its "
        "ablations; choose covariates, grow rules, draw the learning curve, compare chosen with random mixtures, and "
        "check the recommended fit. Writes analysis.json beside the runs table. What is done is found and not repeated.",
    )
    add_study_arguments(parser)
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Analyse, and print the main table."""
    from causalmix_core.cli.output import text_table
    from causalmix_core.study.analysis.analyse import FILE, analyse
    from causalmix_core.study.analysis.words import HEADER, lines, rows
    from causalmix_core.study.plan import read_plan

    plan = read_plan(arguments.plan)
    place = place_of(arguments, plan)
    place.claim(plan)
    with resumable(speak=arguments.progress) as progress:
        found = analyse(plan, place.tables, progress, place.work)
    print(text_table(HEADER, rows(found)))
    print("\n" + "\n".join(lines(found)))
    print(f"\nWrote {place.tables / FILE}")
    return 0
