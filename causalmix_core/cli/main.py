"""Parsing the command line and turning mistakes into one sentence and exit status 2."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from causalmix_core import __version__
from causalmix_core.cli import (
    check,
    combine,
    compare,
    compare_scenarios,
    corpus,
    decide,
    design,
    effects,
    explain,
    export,
    fit,
    frontier,
    halves,
    import_runs,
    plan_runs,
    pool,
    predict,
    proxy,
    scenarios,
    serve,
    study,
    train_run,
    transfer,
    validate,
)
from causalmix_core.errors import CausalMixError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = (
    validate,
    import_runs,
    combine,
    transfer,
    compare,
    fit,
    effects,
    explain,
    predict,
    check,
    halves,
    decide,
    frontier,
    compare_scenarios,
    scenarios,
    plan_runs,
    export,
    corpus,
    pool,
    design,
    proxy,
    serve,
    train_run,
    study,
)
_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser that complains in one sentence, like every other mistake here."""

    def error(self, message: str) -> NoReturn:
        """Leave with status 2."""
        self.exit(2, f"causalmix: {message}; see {self.prog} --help.\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; every command sets ``run``, a function of the arguments."""
    parser = _Parser(
        prog="python -m causalmix_core",
        description="Which data mixture to train on for the pool at hand, and how sure that is.",
        epilog="A path through it: validate, fit, effects, check, decide, export.",
    )
    parser.add_argument("--version", action="version", version=f"causalmix {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_command(commands)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command; the exit status. Faults of ours are not caught here."""
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as leaving:  # --help, --version, or a complaint already printed
        return int(leaving.code or 0)
    try:
        status = int(arguments.run(arguments))
        sys.stdout.flush()
    except CausalMixError as mistake:
        return _complain(str(mistake))
    except BrokenPipeError:
        # The reader (``| head``) has seen enough; silence the interpreter's own flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(_about_file(error))
    except KeyboardInterrupt as stopped:
        kept = stopped.args[0] if stopped.args else "nothing was written"
        print(f"causalmix: interrupted; {kept}.", file=sys.stderr)
        return _INTERRUPTED
    return status


def _complain(sentence: str) -> int:
    print(f"causalmix: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


def _about_file(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename is None:
        return f"A file could not be read or written: {reason}."
    return f"{error.filename} could not be read or written: {reason}; check the path and its permissions."
