"""``proxy ...``: the commands of a study of proxy runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.proxy import collect, control, launch, status

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of a study."""
    parser = commands.add_parser(
        "proxy",
        help="train a design's runs, here or on a cluster, and collect them",
        description="Launch a design as a study, watch, steer and collect it. Runs that finished are never lost or "
        "repeated, whatever is killed.",
    )
    own = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (launch, status, control, collect):
        command.add_command(own)
