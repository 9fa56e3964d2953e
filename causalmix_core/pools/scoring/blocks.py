"""Scoring the blocks of one worker: documents are streamed, one block is held at a time."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.scoring.measures import open_measurer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.document import Document
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.job import Block, ScoreJob
    from causalmix_core.pools.scoring.measures import Measurer

    # Given the documents (and parts of them) that were done since the last call.
    Report = Callable[[float], None]


def score_blocks(job: ScoreJob, blocks: Sequence[Block], report: Report, worker: int = 0) -> None:
    """Score these blocks and keep each as a file; a block appears whole or not at all.

    Raises
    ------
    PoolSourceError : the pool or a model cannot be used.
    """
    pool, measurer = open_pool(job.pool_dir), open_measurer(job.models, worker)
    for domain in sorted({block.domain for block in blocks}):
        wanted = {block.number: block for block in blocks if block.domain == domain}
        for number, previous, documents in _stream(pool, job, domain, max(wanted)):
            if number in wanted:
                columns = _columns(measurer, documents, previous, report)
                columns["document"] = number * job.block + np.arange(len(documents), dtype=np.float64)
                write_atomically(job.out / wanted[number].file, _packed(columns))


def _stream(
    pool: Pool, job: ScoreJob, domain: int, last: int
) -> Iterator[tuple[int, str | None, list[Document]]]:
    """(number, text of the document before, documents) of blocks 0 to ``last``."""
    entry = pool.entries[domain]
    most = entry.documents if job.sample is None else min(job.sample, entry.documents)
    stream = pool.documents(entry.name)
    previous: str | None = None
    for number in range(last + 1):
        documents = list(islice(stream, min(job.block, most - number * job.block)))
        yield number, previous, documents
        previous = documents[-1].text
    if (last + 1) * job.block >= entry.documents:
        for _ in stream:  # the end of the file, where its hash is compared
            pass


def _columns(
    measurer: Measurer, documents: list[Document], previous: str | None, report: Report
) -> dict[str, NDArray[np.float64]]:
    told = 0.0

    def tick(part: float) -> None:
        nonlocal told
        report((part - told) * len(documents))
        told = part

    measured = measurer.measure(documents, tick=tick)
    tick(1.0)
    texts = [previous, *(document.text for document in documents)]
    return {
        "document": np.empty(0),
        "bytes": np.array([len(document.text.encode()) for document in documents], dtype=np.float64),
        # In hash order equal texts stand side by side.
        "duplicate": np.array([a == b for a, b in zip(texts[1:], texts, strict=False)], dtype=np.float64),
        **measured,
    }


def _packed(columns: dict[str, NDArray[np.float64]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd", use_dictionary=False)
    return out.getvalue()


def read_block(path: Path, count: int) -> dict[str, NDArray[np.float64]]:
    """Column -> (count,) values of a block.

    Raises
    ------
    PoolSourceError : the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(path.read_bytes()))
        found = {name: np.asarray(table[name].to_numpy(), dtype=np.float64) for name in table.column_names}
        sound = table.num_rows == count and "duplicate" in found and "bytes" in found
    except (pa.ArrowException, ValueError, TypeError):
        sound, found = False, {}
    if not sound:
        raise PoolSourceError(f"{path} is damaged; delete it and score again, all else is kept.")
    return found
