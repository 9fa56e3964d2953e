"""``combine RUNS RUNS``: tables of the same domains, one for each size, as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.import_runs import write_table
from causalmix_core.cli.output import check_output

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "combine",
        help="put runs tables of several sizes together",
        description="One runs table of two or more with the same domains, covariates and outcomes. Where their "
        "columns params or tokens differ, the size becomes a covariate. Run ids that clash get the file's name "
        "before them; equal pool ids name the same pool.",
    )
    parser.add_argument("first", metavar="RUNS", type=Path, help="runs table; the result has its title")
    parser.add_argument("more", metavar="RUNS", type=Path, nargs="+", help="further runs tables")
    add_out(parser, "RUNS.csv", "runs table to write, with RUNS.meta.json beside it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, join, check, write."""
    from causalmix_core.evidence import combine_runs, read_runs
    from causalmix_core.evidence.opening import label

    paths = [arguments.first, *arguments.more]
    check_output(arguments.out, paths)
    labels = [label(path.name) for path in paths]
    distinct = [name if labels.count(name) == 1 else f"{name}-{i}" for i, name in enumerate(labels, start=1)]
    return write_table(combine_runs([read_runs(path) for path in paths], distinct), arguments.out)
