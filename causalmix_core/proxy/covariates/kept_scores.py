"""Scores of texts that were made once: what a model says of a text never changes."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Row = NDArray[np.float64]

FOLDER = "scored"  # in the pool's folder
KEY_BYTES = 32


@dataclass(eq=False)
class KeptScores:
    """Text key -> values, on disk between calls; where nothing can be kept, scores are made anew.

    Attributes
    ----------
    path : the file. names : of the values.
    """

    path: Path
    names: tuple[str, ...]
    _rows: dict[bytes, Row] = field(default_factory=dict)

    def __getitem__(self, key: bytes) -> Row:
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def add(self, key: bytes, row: Row) -> None:
        """Put one text's (len(names),) values in."""
        self._rows[key] = row

    def keep(self) -> None:
        """Write all to disk, whole or not at all; the order of scoring does not show."""
        keys = sorted(self._rows)
        packed = io.BytesIO()
        np.savez_compressed(
            packed,
            names=np.array(self.names),
            keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES),
            values=np.array([self._rows[key] for key in keys]).reshape(-1, len(self.names)),
        )
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            write_atomically(self.path, packed.getvalue())


def open_kept(pool_dir: Path, made_by: Mapping[str, Any], names: tuple[str, ...]) -> KeptScores:
    """What earlier calls scored with the same models and limits; nothing where that cannot be read."""
    told = json.dumps(dict(made_by), sort_keys=True).encode()
    path = pool_dir / FOLDER / f"{hashlib.sha256(told).hexdigest()[:16]}.npz"
    kept = KeptScores(path, names)
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        with np.load(path, allow_pickle=False) as found:
            keys, values = found["keys"], found["values"]
            sound = tuple(found["names"].tolist()) == names and values.shape == (len(keys), len(names))
        if sound and keys.dtype == np.uint8:
            kept._rows.update(zip(map(bytes, keys), values, strict=True))
    return kept
