"""Which files a domain's patterns mean, and what kind each is."""

from __future__ import annotations

import glob
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.sources.spec import DomainSource

Kind = Literal["json lines", "parquet", "text"]
_ENDINGS: dict[str, Kind] = {
    ".jsonl": "json lines",
    ".ndjson": "json lines",
    ".json": "json lines",
    ".parquet": "parquet",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
}


@dataclass(frozen=True)
class SourceFile:
    """One file: its path, how it is called in messages, its kind, its bytes on disk."""

    path: Path
    label: str
    kind: Kind
    size: int

    def sha256(self) -> str:
        """Hash of its bytes; reads all of it."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(domain: DomainSource, folder: Path) -> tuple[SourceFile, ...]:
    """The domain's files, sorted, each once.

    Raises
    ------
    PoolSourceError : a pattern that matches no file, or a file of an unknown kind.
    """
    found: dict[Path, SourceFile] = {}
    for pattern in domain.files:
        matches = [pattern] if (folder / pattern).is_file() else _matches(pattern, folder)
        if not matches:
            raise PoolSourceError(
                f"Domain {domain.name!r}: no file matches {pattern!r} in {folder.absolute()}; check the pattern."
            )
        for label in matches:
            path = folder / label
            found.setdefault(
                path.resolve(), SourceFile(path, label, _kind(label, domain), path.stat().st_size)
            )
    return tuple(sorted(found.values(), key=lambda file: file.label))


def _matches(pattern: str, folder: Path) -> list[str]:
    names = glob.glob(pattern, root_dir=folder, recursive=True)
    return sorted(name for name in names if (folder / name).is_file())


def _kind(label: str, domain: DomainSource) -> Kind:
    plain = label.lower().removesuffix(".gz")
    for ending, kind in _ENDINGS.items():
        if plain.endswith(ending) and not (kind == "parquet" and plain != label.lower()):
            return kind
    raise PoolSourceError(
        f"Domain {domain.name!r}: {label} is of no kind that can be read; the endings are "
        f"{', '.join(_ENDINGS)}, and .gz behind those of text."
    )
