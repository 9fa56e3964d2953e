"""``pool.json``: what a pool holds, and the hash that names it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCHEMA = "causalmix/pool@1"
POOL_FILE = "pool.json"
DOCUMENTS = "documents"
BROKEN_FILE = "broken.jsonl"
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class DomainEntry:
    """One domain of a pool.

    Attributes
    ----------
    name : as people and mixtures call it.
    index : names its files; 0, 1, ... in the order of the pool.
    documents : how many are kept, at least 1.
    bytes : of their texts as UTF-8.
    duplicates : documents whose text had come before; left out, unless the pool keeps them.
    broken : places in the source that gave no document; ``broken.jsonl`` says which and why.
    source, licence : where the text is from and what it may be used for, as the user said.
    sha256 : of the lines of ``documents/NN.jsonl.gz``, unpacked.
    inputs_sha256 : of what the domain was made from (the source's bytes and how they were read).
    """

    name: str
    index: int
    documents: int
    bytes: int
    duplicates: int
    broken: int
    source: str
    licence: str
    sha256: str
    inputs_sha256: str


def documents_file(index: int) -> str:
    """Path, within a pool, of a domain's documents: never made of the domain's name."""
    return f"{DOCUMENTS}/{index:02d}.jsonl.gz"


def pool_hash(entries: Sequence[DomainEntry]) -> str:
    """SHA-256 of the domains' names, order and documents; not of where they came from."""
    named = [[entry.name, entry.sha256] for entry in entries]
    return hashlib.sha256(json.dumps([SCHEMA, named], separators=(",", ":")).encode()).hexdigest()


def pretty_json(value: Any) -> bytes:
    """JSON for people and programs: sorted keys, two spaces, UTF-8, LF; equal content, equal bytes."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def write_pool_file(folder: Path, name: str, entries: Sequence[DomainEntry]) -> None:
    """Write ``pool.json``, which makes the folder a pool."""
    content = {
        "schema": SCHEMA,
        "name": name,
        "domains": [asdict(entry) for entry in entries],
        "sha256": pool_hash(entries),
    }
    write_atomically(folder / POOL_FILE, pretty_json(content))


def read_pool_file(folder: Path) -> tuple[str, tuple[DomainEntry, ...]]:
    """The pool's name and its domains.

    Raises
    ------
    PoolSourceError : no pool, one of another version, or one that was changed.
    """
    path = folder / POOL_FILE
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise PoolSourceError(
            f"{folder} holds no pool ({POOL_FILE} is missing); make one with 'corpus build' or 'pool read'."
        ) from None
    except (ValueError, RecursionError) as error:
        raise PoolSourceError(f"{path} is no JSON ({error}); build the pool again.") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise PoolSourceError(f'{path} does not say "schema": "{SCHEMA}"; build the pool again.')
    try:
        entries = tuple(DomainEntry(**entry) for entry in content["domains"])
        name, digest = content["name"], content["sha256"]
    except (KeyError, TypeError) as error:
        raise PoolSourceError(
            f"{path} lacks or has a field too many ({error}); build the pool again."
        ) from None
    if not _is_sound(entries) or pool_hash(entries) != digest:
        raise PoolSourceError(f"{path} was changed after it was written; build the pool again.")
    return str(name), entries


def _is_sound(entries: Sequence[DomainEntry]) -> bool:
    """Whether everything is of its type, so that nobody meets a surprise further on."""
    return bool(entries) and all(
        entry.index == index
        and isinstance(entry.name, str)
        and all(
            isinstance(n, int) and n >= 0
            for n in (entry.documents, entry.bytes, entry.duplicates, entry.broken)
        )
        and all(isinstance(word, str) for word in (entry.source, entry.licence))
        and all(_SHA256.fullmatch(str(digest)) for digest in (entry.sha256, entry.inputs_sha256))
        for index, entry in enumerate(entries)
    )
