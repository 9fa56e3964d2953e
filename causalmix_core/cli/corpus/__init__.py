"""``corpus``: the default corpus and its base model, made on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.corpus import base, build

if TYPE_CHECKING:
    import argparse

_COMMANDS = (build, base)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's own commands."""
    parser = commands.add_parser("corpus", help="build the default corpus and its base model")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_command(inner)
