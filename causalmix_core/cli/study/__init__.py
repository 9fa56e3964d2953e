"""``study``: a declared study, from its plan to its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.study import analyse, cost, report, run, verify

if TYPE_CHECKING:
    import argparse

_COMMANDS = (cost, run, analyse, verify, report)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's own commands."""
    parser = commands.add_parser("study", help="make, verify and report a study that a plan declares")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_command(inner)
