"""Progress of a long command on stderr."""

from __future__ import annotations

import math
import sys
import time

from causalmix_core.delivery.numbers import duration

# A line a thousandth of the work would only be in the way.
_SECONDS_BETWEEN_TERMINAL = 0.1
_SECONDS_BETWEEN_LOG = 2.0
# Before that, what is left is a guess from too little.
_SECONDS_BEFORE_GUESS = 2.0
_PART_BEFORE_GUESS = 0.03


class Progress:
    """Callable (done 0..1, phase): percent, phase, elapsed time and, once it can be told, time left.

    Where ``done`` falls back, another piece of work has begun. What is left is told from the pace since a
    piece's first report, so that what was done earlier does not count as quick.

    On a terminal one line is rewritten. Elsewhere it is silent, unless asked to speak: then a
    line for each new phase and every two seconds, as a log wants it.
    """

    def __init__(self, *, speak: bool) -> None:
        self._terminal = sys.stderr.isatty()
        self._speaks = speak or self._terminal
        self._start = self._piece = time.monotonic()
        self._first = self._done = math.inf
        self._width = 0
        self._last_phase = ""
        self._last_time = self._start

    @property
    def speaks(self) -> bool:
        """Whether anybody sees a report."""
        return self._speaks

    def __call__(self, done: float, phase: str) -> None:
        """Report."""
        now = time.monotonic()
        if done < self._done:
            self._piece, self._first = now, done
        self._done = done
        if not self._speaks or not self._is_due(done, phase, now):
            return
        self._last_phase, self._last_time = phase, now
        line = f"{100 * done:3.0f} %  {phase}  {duration(now - self._start)}{self._left(done, now)}"
        if not self._terminal:
            print(line, file=sys.stderr, flush=True)
            return
        print(f"\r{line.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def _is_due(self, done: float, phase: str, now: float) -> bool:
        between = _SECONDS_BETWEEN_TERMINAL if self._terminal else _SECONDS_BETWEEN_LOG
        return done >= 1.0 or phase != self._last_phase or now - self._last_time >= between

    def _left(self, done: float, now: float) -> str:
        elapsed, did = now - self._piece, done - self._first
        if did < _PART_BEFORE_GUESS or done >= 1.0 or elapsed < _SECONDS_BEFORE_GUESS:
            return ""
        return f", about {duration(elapsed * (1.0 - done) / did)} left"

    def close(self) -> None:
        """Wipe the line, so that what follows starts at the margin."""
        if self._terminal and self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
