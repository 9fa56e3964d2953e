"""Progress of a long command on stderr."""

from __future__ import annotations

import sys
import time

from causalmix_core.delivery.numbers import duration


class Progress:
    """Callable (done 0..1, phase): percent, phase and elapsed time.

    On a terminal one line is rewritten. Elsewhere it is silent, unless asked to speak: then a
    line for each report, as a log wants it.
    """

    def __init__(self, *, speak: bool) -> None:
        self._terminal = sys.stderr.isatty()
        self._speaks = speak or self._terminal
        self._start = time.monotonic()
        self._width = 0

    def __call__(self, done: float, phase: str) -> None:
        """Report."""
        if not self._speaks:
            return
        line = f"{100 * done:3.0f} %  {phase}  {duration(time.monotonic() - self._start)}"
        if not self._terminal:
            print(line, file=sys.stderr, flush=True)
            return
        print(f"\r{line.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def close(self) -> None:
        """Wipe the line, so that what follows starts at the margin."""
        if self._terminal and self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
