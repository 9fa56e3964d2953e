"""A pool that was written: its domains, its hash, and its documents one after another."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.document import read_line
from causalmix_core.pools.pool_file import documents_file, pool_hash, read_pool_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from causalmix_core.pools.document import Document
    from causalmix_core.pools.pool_file import DomainEntry


@dataclass(frozen=True)
class Pool:
    """One pool of text, on disk.

    Attributes
    ----------
    folder : where it lies.
    name : what its maker called it.
    entries : one per domain: counts, bytes, source, licence, hashes.
    """

    folder: Path
    name: str
    entries: tuple[DomainEntry, ...]

    @property
    def domains(self) -> tuple[str, ...]:
        """Names of the domains, in the order of the pool."""
        return tuple(entry.name for entry in self.entries)

    @cached_property
    def sha256(self) -> str:
        """Hash of all documents, by domain: names what a mixture draws from."""
        return pool_hash(self.entries)

    def entry(self, domain: str) -> DomainEntry:
        """What is known of one domain.

        Raises
        ------
        PoolSourceError : the pool has no such domain; the message names those it has.
        """
        for entry in self.entries:
            if entry.name == domain:
                return entry
        raise PoolSourceError(
            f"{self.folder} has no domain {domain!r}; its domains are {', '.join(self.domains)}."
        )

    def documents(self, domain: str) -> Iterator[Document]:
        """The domain's documents, in the order of their hashes, held one at a time.

        Raises
        ------
        PoolSourceError : unknown domain, or its file is missing, cut short or changed; the last is
            known only when all of it has been read.
        """
        entry = self.entry(domain)
        path = self.folder / documents_file(entry.index)
        digest = hashlib.sha256()
        try:
            with gzip.open(path) as lines:
                for line in lines:
                    digest.update(line)
                    yield read_line(line)
        except FileNotFoundError:
            raise PoolSourceError(f"{path} is missing; build the pool again.") from None
        except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            raise PoolSourceError(f"{path} was damaged ({error}); build the pool again.") from None
        if digest.hexdigest() != entry.sha256:
            raise PoolSourceError(f"{path} was changed after it was written; build the pool again.")


def open_pool(path: str | PathLike[str]) -> Pool:
    """Open the pool in a folder; reads ``pool.json`` only.

    Raises
    ------
    PoolSourceError : there is no pool, or it was changed.
    """
    folder = Path(path)
    name, entries = read_pool_file(folder)
    return Pool(folder, name, entries)
