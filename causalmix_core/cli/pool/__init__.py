"""``pool read|show|...``: pools of text, made of files, counted and scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.pool import read, reference, score, show, tokenise, tokenizer

if TYPE_CHECKING:
    import argparse

_COMMANDS = (read, show, tokenizer, tokenise, score, reference)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's own commands."""
    parser = commands.add_parser("pool", help="read, count and score pools of text")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_command(inner)
