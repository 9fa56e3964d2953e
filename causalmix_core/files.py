"""Files appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and move it into place; an old file stays until then.

    Raises
    ------
    OSError : the folder is missing or not writable, or ``path`` is a folder.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())  # a rename may reach the disk before what is renamed
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
