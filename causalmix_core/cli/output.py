"""Writing results: where they may go, checked before any work is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def check_output(out: Path, inputs: Iterable[Path] = (), option: str = "--out") -> None:
    """Refuse a file to write that is a folder, has no folder, or is one of the inputs.

    ``option`` is the argument that named it.

    Raises
    ------
    ExportError : naming the path.
    """
    if out.is_dir():
        raise ExportError(f"{option} {out} is a folder; give it the name of a file.")
    if out.exists() and not out.is_file():
        # Moving a finished file into place would put an end to a device or a pipe.
        raise ExportError(f"{option} {out} is a device or a pipe; give it the name of a file.")
    if not out.parent.is_dir():
        raise ExportError(f"{option} {out} lies in a folder that does not exist; make {out.parent} first.")
    for path in inputs:
        if out.exists() and path.exists() and out.samefile(path):
            raise ExportError(f"{option} {out} is one of the files to read; give it another name.")


def print_json(value: Any) -> None:
    """One JSON value on stdout, in ASCII so that any terminal and pipe takes it."""
    print(json.dumps(value, indent=2, allow_nan=False))


def text_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Columns aligned with spaces: the first to the left, all others to the right."""
    lines = [header, *rows]
    widths = [max(len(line[j]) for line in lines) for j in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if j == 0 else cell.rjust(width)
            for j, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
