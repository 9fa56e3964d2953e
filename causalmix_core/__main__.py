"""``python -m causalmix_core``: the command line as a process."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from causalmix_core.cli.main import main as run_command

if TYPE_CHECKING:
    from types import TracebackType


def main() -> int:
    """Run the command in ``sys.argv``; the exit status."""
    sys.excepthook = _own_fault
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code instead of ending the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return run_command(sys.argv[1:])


def _own_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    # The interpreter ends with status 1 after this hook.
    sys.__excepthook__(kind, error, trace)
    print(
        "causalmix: this is a fault of the program, not of your input; please report the lines above.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
