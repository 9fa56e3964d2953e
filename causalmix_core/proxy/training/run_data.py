"""The documents of one run, as a file that any trainer reads, and those it is measured on."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.tokenizer_folder import TOKENIZER_FILE, TOKENIZER_FOLDER, open_tokenizer
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.design.materialise import materialise
from causalmix_core.proxy.design.storage import parse_run, read_design
from causalmix_core.proxy.engine.study import open_study

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.materialise import Materialised
    from causalmix_core.proxy.training.job import Job

DATA = "data.jsonl"


def pool_of(job: Job) -> Pool:
    """The pool that a study was launched on.

    Raises
    ------
    ProxyError : it was launched without one.
    """
    named = open_study(job.study).launch.pool
    if not named:
        raise ProxyError("The study does not say where its pool lies; launch it with --pool POOL_DIR.")
    return open_pool(named)


def materialised(job: Job) -> Materialised:
    """Write the run's documents in their order into its folder, the same bytes as often as asked."""
    design, pool = read_design(job.study), pool_of(job)
    own = pool.folder / TOKENIZER_FOLDER
    source = pool if design.settings.unit == "documents" else tokenise(pool.folder, own)
    return materialise(parse_run(job.run), design, source, job.folder / DATA)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The materialised documents of a run, which fit in memory because a run's budget does."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def tokens_of(job: Job, path: Path) -> int:
    """Tokens of the run's documents by the pool's own tokenizer; 0 where it has none to count with."""
    folder = pool_of(job).folder / TOKENIZER_FOLDER
    if not (folder / TOKENIZER_FILE).is_file():
        return 0
    tokenizer = open_tokenizer(folder)
    return sum(len(ids) for ids in tokenizer.encode([row["text"] for row in read_rows(path)]))


def held_out_documents(pool: Pool, count: int) -> dict[str, list[str]]:
    """Domain -> the first ``count`` of its held-out documents, in the pool's fixed order."""
    return {
        domain: [d.text for d in islice((d for d in pool.documents(domain) if d.split == "val"), count)]
        for domain in pool.domains
    }
