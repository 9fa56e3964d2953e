"""The shipped study as tests need it: where it lies and some of its pools. None of its content is typed in a test."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from causalmix_core.store import SAMPLE_RUNS

if TYPE_CHECKING:
    from causalmix_core.evidence import RunsTable

STUDY = SAMPLE_RUNS


def _pools() -> tuple[str, ...]:
    with STUDY.open(encoding="utf-8", newline="") as file:
        return tuple(dict.fromkeys(row["pool_id"] for row in csv.DictReader(file)))


POOLS = _pools()  # names of its pools, in the table's order
POOL = POOLS[7]


@cache
def study() -> RunsTable:
    """Its table."""
    from causalmix_core.evidence import read_runs

    return read_runs(STUDY)
