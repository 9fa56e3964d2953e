"""The lab of one machine: where its pools, designs and studies lie.

Under one root: ``pools/<id>``, ``designs/<id>``, ``studies/<id>``, ``plans/<id>.csv`` and ``errands/<key>``. Ids are of
hashes, never of what users call things. Pools that lie elsewhere are listed in ``pools.json``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import CausalMixError, PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.pool_file import POOL_FILE
from causalmix_core.proxy.engine.study import open_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.engine.study import Study

ID_LENGTH = 12
CORPUS = "default-corpus"
_KNOWN = "pools.json"
_DATA = (".jsonl", ".ndjson", ".json", ".txt", ".md", ".parquet")
_MOST_DOMAINS = 100


@dataclass(frozen=True)
class Lab:
    """Places under one root folder; nothing is made before it is written to."""

    root: Path

    @property
    def corpus(self) -> Path:
        """Folder of the default corpus."""
        return self.root / "pools" / CORPUS

    def pools(self) -> tuple[Pool, ...]:
        """Pools of this machine that can be opened: the lab's own, those that were named, those of studies."""
        folders = [folder for folder in sorted((self.root / "pools").glob("*")) if folder.is_dir()]
        folders += [
            *self._known(),
            *(Path(study.launch.pool) for study in self.studies() if study.launch.pool),
        ]
        found: dict[str, Pool] = {}
        for folder in folders:
            try:
                pool = open_pool(folder)
            except CausalMixError:
                continue  # one that is being built, or that was moved
            found.setdefault(pool.sha256, pool)
        return tuple(found.values())

    def remember(self, pool: Pool) -> None:
        """List a pool that lies elsewhere."""
        paths = list(dict.fromkeys([*map(str, self._known()), str(pool.folder.resolve())]))
        self.root.mkdir(parents=True, exist_ok=True)
        write_atomically(self.root / _KNOWN, json.dumps(paths, indent=1).encode())

    def studies(self) -> tuple[Study, ...]:
        """Studies of this machine, the one that was launched last first."""
        cards = sorted(
            (self.root / "studies").glob("*/study.json"), key=lambda card: (-card.stat().st_mtime, str(card))
        )
        found = []
        for card in cards:
            try:
                found.append(open_study(card.parent))
            except CausalMixError:
                continue
        return tuple(found)

    def design_of(self, sha256: str) -> Path:
        """Folder of the design with this hash."""
        return self.root / "designs" / sha256[:ID_LENGTH]

    def study_of(self, design_sha256: str, worker: str, settings: Mapping[str, Any]) -> Path:
        """Folder of the study of a design by a worker with these settings."""
        return self.root / "studies" / _short_hash([design_sha256, worker, dict(settings)])

    def speed_of(self, pool: Pool) -> Path:
        """Folder of the study that measures how fast this machine trains tiny runs on a pool."""
        return self.root / "speed" / pool.sha256[:ID_LENGTH]

    def read_from(self, folder: Path) -> Path:
        """Folder of the pool that is read from files in ``folder``."""
        return self.root / "pools" / _short_hash(str(folder.resolve()))

    def errand(self, key: str) -> Path:
        """Folder of an errand; ``key`` is of letters, digits and hyphens."""
        return self.root / "errands" / key

    def keep_plan(self, content: bytes) -> Path:
        """A plan that was uploaded, as a file named by its content."""
        path = self.root / "plans" / f"{hashlib.sha256(content).hexdigest()[:ID_LENGTH]}.csv"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        return path

    def _known(self) -> list[Path]:
        try:
            found = json.loads((self.root / _KNOWN).read_bytes())
        except (OSError, ValueError):
            return []
        return [Path(path) for path in found if isinstance(path, str)] if isinstance(found, list) else []


def domains_in(folder: Path) -> tuple[tuple[str, str], ...]:
    """(name, pattern of files) of each domain that a folder of text seems to hold.

    Every subfolder with data files is a domain; without any, every data file is one.

    Raises
    ------
    PoolSourceError : no folder, or no domains in it.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise PoolSourceError(f"{folder} is no folder that can be read here ({error.strerror}).") from None
    folders = [(e.name, f"{e}/*") for e in entries if e.is_dir() and any(map(_is_data, e.iterdir()))]
    found = folders or [(e.name.split(".")[0], str(e)) for e in entries if _is_data(e)]
    if not 2 <= len(found) <= _MOST_DOMAINS:
        raise PoolSourceError(
            f"{folder} holds no pool ({POOL_FILE} is missing) and {len(found)} domains of text: two or more folders, "
            f"or files, with {', '.join(_DATA)} (also .gz) are wanted, one a domain."
        )
    return tuple(found)


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.name.removesuffix(".gz").endswith(_DATA)


def _short_hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:ID_LENGTH]
