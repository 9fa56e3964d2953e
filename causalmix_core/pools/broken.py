"""Places of a source that gave no document: kept with file, line and reason, never passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class BrokenLog:
    """Writes one line of JSON per broken place: ``{"domain", "file", "line", "reason"}``.

    Parameters
    ----------
    path : file to write; must not exist.
    domain : whose source is read.
    strict : stop at the first broken place.
    """

    def __init__(self, path: Path, domain: str, *, strict: bool = False) -> None:
        self._out = path.open("xb")
        self._domain = domain
        self._strict = strict
        self.count = 0
        self.first: str | None = None

    def add(self, file: str, line: int, reason: str) -> None:
        """Keep one place; ``line`` counts from 1 (rows in Parquet).

        Raises
        ------
        PoolSourceError : the log is strict.
        """
        place = f"{file}, line {line}: {reason}"
        if self._strict:
            raise PoolSourceError(f"{place}; mend it, or leave out --strict to go on without it.")
        self.count += 1
        self.first = self.first or place
        entry = {"domain": self._domain, "file": file, "line": line, "reason": reason}
        # Escaped: a file's name need not be valid UTF-8.
        self._out.write(json.dumps(entry).encode() + b"\n")

    def __enter__(self) -> BrokenLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()
