"""The rows of a run on disk: ``rows/<run id>.npz``, plain arrays, hashed by content."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

FOLDER = "rows"
ORDER = "order"


@dataclass(frozen=True, eq=False)
class RunRows:
    """What a run is trained on, row by row.

    Attributes
    ----------
    picks : for each domain (n_k, 3): domain that the text comes from, row, what is done to it.
    order : (n,) domain whose next pick stands at each place of the run.
    """

    picks: tuple[Rows, ...]
    order: Rows

    def in_order(self) -> Rows:
        """(n, 3) picks in the order of training."""
        found = np.empty((len(self.order), 3), dtype=np.int64)
        for k, own in enumerate(self.picks):
            found[self.order == k] = own
        return found


def rows_hash(rows: RunRows) -> str:
    """SHA-256 of the picks and their order, independent of how they are packed."""
    digest = hashlib.sha256()
    for array in (*rows.picks, rows.order):
        digest.update(str(array.shape).encode() + np.ascontiguousarray(array, dtype="<i8").tobytes())
    return digest.hexdigest()


def write_rows(folder: Path, run_id: str, rows: RunRows) -> None:
    """Write one run's rows below a design's folder: an array ``NN`` a domain, by index, and ``order``."""
    packed = io.BytesIO()
    arrays: dict[str, Any] = {f"{k:02d}": own for k, own in enumerate(rows.picks)}
    arrays[ORDER] = rows.order
    np.savez_compressed(packed, **arrays)
    write_atomically(folder / FOLDER / f"{run_id}.npz", packed.getvalue())


def read_rows(folder: Path, run_id: str, domains: Sequence[str], sha256: str) -> RunRows:
    """Read one run's rows.

    Raises
    ------
    DesignError : the file is missing, no such archive, or its content does not fit the run's hash.
    """
    path = folder / FOLDER / f"{run_id}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            rows = RunRows(tuple(stored[f"{k:02d}"] for k in range(len(domains))), stored[ORDER])
    except FileNotFoundError:
        raise DesignError(f"{path} is missing; draw the design again.") from None
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise DesignError(f"{path} does not hold rows ({error}); draw the design again.") from None
    if rows_hash(rows) != sha256:
        raise DesignError(f"{path} was changed after the design was drawn; draw the design again.")
    return rows
