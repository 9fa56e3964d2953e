"""What was computed, kept so that nothing is computed twice for the same runs, plan and version."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from causalmix_core import __version__
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIGITS = 16


class Kept:
    """JSON values by key, in memory and in a folder of their own.

    Parameters
    ----------
    folder : where the folders of all analyses lie; None keeps nothing on disk.
    inputs : hashes of what everything was computed from; others lead to another folder.
    """

    def __init__(self, folder: Path | None, *inputs: str) -> None:
        self._made: dict[str, Any] = {}
        self._folder: Path | None = None
        if folder is not None:
            bound = hashlib.sha256("\n".join((*inputs, __version__)).encode()).hexdigest()
            self._folder = folder / bound[:DIGITS]
            self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        """The value of ``key`` (letters, digits, dots, dashes and underscores); made where it is not there."""
        if key not in self._made:
            self._made[key] = self._read(key, make)
        return self._made[key]

    def _read(self, key: str, make: Callable[[], Any]) -> Any:
        if self._folder is None:
            return make()
        path = self._folder / f"{key}.json"
        if path.exists():
            return json.loads(path.read_bytes())
        made = make()
        write_atomically(path, canonical_json(made))
        return made
