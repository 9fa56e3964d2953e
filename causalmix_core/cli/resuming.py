"""Long commands that go on where they stopped: progress, and what to say when interrupted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from causalmix_core.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def resumable(*, speak: bool) -> Iterator[Progress]:
    """Progress of work that is kept when it is interrupted; a KeyboardInterrupt then says so."""
    progress = Progress(speak=speak)
    try:
        yield progress
    except KeyboardInterrupt:
        raise KeyboardInterrupt("what is done is kept, and the same command goes on from there") from None
    finally:
        progress.close()
