"""Small pools of made text, and the tokenizer trained on one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from causalmix_core.pools.pool import Pool
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs

WORDS = [
    "the",
    "cat",
    "sat",
    "on",
    "a",
    "mat",
    "and",
    "dreamt",
    "of",
    "seven",
    "grey",
    "mice",
    "under",
    "the",
    "old",
    "oak",
    "tree",
]


def made_text(number: int, words: int = 30) -> str:
    """Another text for every number."""
    return f"{number}: " + " ".join(WORDS[(number * 7 + j * j) % len(WORDS)] for j in range(words))


def write_jsonl(path: Path, records: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Pool]:
    """Read files of ``tmp_path`` into a new pool: one domain for each keyword."""

    def run(fields: Fields | None = None, options=None, out: str = "pool", **patterns: str) -> Pool:
        pairs = [f"{domain}={tmp_path / pattern}" for domain, pattern in patterns.items()]
        return read_pool(spec_of_pairs("made", pairs, fields or Fields()), tmp_path / out, options)

    return run


@pytest.fixture
def small_pool(tmp_path: Path, read) -> Pool:
    """Two domains of 60 and 40 documents."""
    write_jsonl(tmp_path / "cats.jsonl", [{"text": made_text(i)} for i in range(60)])
    write_jsonl(tmp_path / "dogs.jsonl", [{"text": made_text(i + 1000, 12)} for i in range(40)])
    return read(cats="cats.jsonl", dogs="dogs.jsonl")
