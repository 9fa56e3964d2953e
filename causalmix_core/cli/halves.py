"""``halves RUNS``: runs whose mixture was chosen against runs whose mixture was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_drop_incomplete, seed
from causalmix_core.cli.output import print_json, text_table

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "halves",
        help="say what choosing the mixtures did to the effects",
        description="Average slopes from runs whose mixture was drawn, and from runs whose mixture was chosen, with and "
        "without what the pool's state foretells. The table has to say which run is which (column assignment).",
    )
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the runs table")
    parser.add_argument("--outcome", metavar="NAME", help="outcome to look at (default: the table's own)")
    parser.add_argument("--seed", type=seed, default=0, help="of folds and resamples (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_drop_incomplete(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare and print."""
    from causalmix_core.evidence import read_runs
    from causalmix_core.study.halves import (
        HALVES_HEADER,
        halves_json,
        halves_of,
        halves_rows,
        halves_sentence,
    )

    table = read_runs(arguments.runs, drop_incomplete=arguments.drop_incomplete)
    found = halves_of(table, arguments.outcome, arguments.seed)
    if arguments.json:
        print_json(halves_json(found))
        return 0
    print(f"Average slopes with standard errors, {found.unit}, higher is better.\n")
    print(text_table(HALVES_HEADER, halves_rows(found)))
    print(f"\n{halves_sentence(found)}")
    return 0
