"""Parquet: the footer is checked before a single value is unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from causalmix_core.evidence.cells import frame_of
from causalmix_core.evidence.issues import refusal, shown
from causalmix_core.evidence.limits import MAX_COLUMNS
from causalmix_core.evidence.reading import check_extent

if TYPE_CHECKING:
    import pandas as pd

# A footer describes each column in each row group in some 100 bytes; 5,000 columns fit well.
# A million columns make one of 100 MB and are refused without parsing it.
MAX_FOOTER = 16_000_000
THRIFT_ELEMENTS = 20_000
THRIFT_TEXT = 8_000_000


def read(data: bytes) -> pd.DataFrame:
    """Read a Parquet file; text stays dictionary-coded until its unpacked size is known."""
    footer = int.from_bytes(data[-8:-4], "little")
    if data[-4:] != b"PAR1" or footer > len(data):
        raise refusal("unreadable", "The Parquet file is cut off.", "Write or upload it again")
    if footer > MAX_FOOTER:
        raise refusal(
            "too-many-columns",
            f"The Parquet file describes its columns in {footer / 1e6:,.0f} MB, far more than {MAX_COLUMNS:,} columns.",
            "Keep one row a proxy run and only the columns of the runs table",
        )
    try:
        return frame_of(_table(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise refusal(
            "unreadable", f"The Parquet file cannot be read ({shown(error)}).", "Write or upload it again"
        ) from None


def _table(data: bytes) -> pa.Table:
    source = pa.BufferReader(data)
    limits = {"thrift_string_size_limit": THRIFT_TEXT, "thrift_container_size_limit": THRIFT_ELEMENTS}
    try:
        metadata = pq.ParquetFile(source, **limits).metadata
    except OSError as error:
        if "size limit" not in str(error).lower():
            raise
        raise refusal(
            "too-many-columns",
            f"The Parquet file lists more than {THRIFT_ELEMENTS:,} columns or row groups.",
            f"Keep at most {MAX_COLUMNS:,} columns and write it with larger row groups",
        ) from None
    check_extent(metadata.num_rows, metadata.num_columns)
    names = [metadata.schema.column(i).path for i in range(metadata.num_columns)]
    texts = [name for i, name in enumerate(names) if metadata.schema.column(i).physical_type == "BYTE_ARRAY"]
    return pq.ParquetFile(source, read_dictionary=texts, **limits).read(use_threads=False)
