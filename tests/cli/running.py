"""What a command gives back, and commands as processes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Finished:
    """Exit status and what was printed."""

    status: int
    out: str
    err: str


def process(*words: object, code: str | None = None, **options) -> subprocess.CompletedProcess[str]:
    """Run ``python -m causalmix_core`` (or some code) as a process."""
    start = ["-m", "causalmix_core"] if code is None else ["-c", code]
    command = [sys.executable, *start, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options
    )
