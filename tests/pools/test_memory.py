"""Reading and tokenising hold a bounded part of a pool, however much text there is."""

from __future__ import annotations

import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from causalmix_core.pools.building import BuildOptions
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from tests.pools.conftest import made_text

ROWS = 400
PIECE = 30_000


def write(path, kind: str, rows: int) -> None:
    texts = (made_text(i, 60) for i in range(rows))
    if kind == "jsonl":
        with path.open("w") as out:
            out.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    elif kind == "txt":
        with path.open("w") as out:
            out.writelines(text + "\n\n" for text in texts)
    else:
        pq.write_table(pa.table({"text": list(texts)}), path, row_group_size=200)


def peak_of_reading(tmp_path, kind: str, rows: int) -> tuple[int, int]:
    """(peak bytes, bytes of text)."""
    path = tmp_path / f"{rows}.{kind}"
    write(path, kind, rows)
    spec = spec_of_pairs("n", [f"d={path}"], Fields(per="paragraph"))
    tracemalloc.start()
    try:
        pool = read_pool(spec, tmp_path / f"pool-{rows}", BuildOptions(piece_bytes=PIECE))
        sum(len(document.text) for document in open_pool(pool.folder).documents("d"))
        return tracemalloc.get_traced_memory()[1], pool.entry("d").bytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["jsonl", "txt", "parquet"])
def test_ten_times_the_text_takes_no_more_memory(tmp_path, kind):
    peak_of_reading(tmp_path, kind, 100)  # imports and caches
    small, _ = peak_of_reading(tmp_path, kind, ROWS)
    large, size = peak_of_reading(tmp_path, kind, 10 * ROWS)
    assert size > 1_000_000
    assert large < 1.5 * small
    assert large < size
