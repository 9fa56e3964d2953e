"""What is to be scored, in blocks of documents, and where each block's scores are kept.

``SCORES_DIR`` holds ``settings.json`` (what the scores were made from: other settings need another folder),
``blocks/DD-BBBBBBB.parquet`` (domain DD, documents 256 B and on, a row each) and, once all are there, ``scores.json`` and
``state.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool_file import pretty_json

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.measures import Models

SCHEMA = "causalmix/scores@1"
SETTINGS_FILE = "settings.json"
BLOCKS = "blocks"
BLOCK_DOCUMENTS = 256


@dataclass(frozen=True)
class ScoreJob:
    """A pool to score.

    Attributes
    ----------
    pool_dir : the pool. out : folder of the scores.
    models : what to score with.
    sample : documents of each domain, the first in hash order, which is a fair sample; None: all.
    block : documents that are scored and kept together.
    """

    pool_dir: Path
    out: Path
    models: Models
    sample: int | None = None
    block: int = BLOCK_DOCUMENTS


@dataclass(frozen=True)
class Block:
    """Documents ``number * size`` and on of a domain, ``count`` of them."""

    domain: int
    number: int
    count: int

    @property
    def file(self) -> str:
        """Path of its scores within the folder of the scores."""
        return f"{BLOCKS}/{self.domain:02d}-{self.number:07d}.parquet"


def blocks_of(pool: Pool, job: ScoreJob) -> tuple[Block, ...]:
    """All blocks, in the order of the pool."""
    found = []
    for entry in pool.entries:
        count = entry.documents if job.sample is None else min(job.sample, entry.documents)
        for start in range(0, count, job.block):
            found.append(Block(entry.index, start // job.block, min(job.block, count - start)))
    return tuple(found)


def settings_of(pool: Pool, job: ScoreJob) -> dict[str, Any]:
    """All that decides the scores' values."""
    return {
        "schema": SCHEMA,
        "pool_sha256": pool.sha256,
        **job.models.hashes(),
        "sample": job.sample,
        "block": job.block,
        "loss_tokens": job.models.limits.loss,
        "entropy_tokens": job.models.limits.entropy,
        "dtype": job.models.precision(),
    }


def begin(out: Path, settings: dict[str, Any]) -> None:
    """Make the folder of the scores, or go on with one of the same settings.

    Raises
    ------
    PoolSourceError : it holds scores made with other settings, or something else.
    """
    path = out / SETTINGS_FILE
    if path.exists():
        try:
            before = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            before = None
        if not isinstance(before, dict):
            raise PoolSourceError(f"{path} cannot be read; score into another folder.")
        odd = [name for name in settings if before.get(name) != settings[name]]
        if odd:
            raise PoolSourceError(
                f"{out} holds scores made with another {odd[0]} ({before.get(odd[0])!r}, not {settings[odd[0]]!r}); "
                "give another folder."
            )
    elif out.exists() and (not out.is_dir() or any(not path.name.startswith(".") for path in out.iterdir())):
        raise PoolSourceError(f"{out} holds something else than scores; give a new folder.")
    # In this order, so that shards that begin together do not take each other's folder for something else.
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(path, pretty_json(settings))
    (out / BLOCKS).mkdir(exist_ok=True)
