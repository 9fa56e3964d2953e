"""Reading input files without being filled up by one that never ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from causalmix_core.errors import CausalMixError

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.effects.fit import Fit

MOST_BYTES = 200_000_000


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Content of a file or pipe of at most ``most`` bytes.

    Raises
    ------
    CausalMixError : it is larger.
    OSError : it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise CausalMixError(
            f"{path} is larger than {most / 1e6:,.0f} MB; check that it is the file you mean."
        )
    return data


def open_fit(directory: Path) -> Fit:
    """The fit of FIT_DIR; what a reader should know before using it goes to stderr."""
    from causalmix_core.effects.fit_directory import load_fit

    fit = load_fit(directory)
    for note in fit.notes:
        print(f"note: {note}", file=sys.stderr)
    return fit
