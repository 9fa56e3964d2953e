"""Scoring of pools: tokens a second, and memory at 1,000 and 10,000 documents.

Needs a pool with its base in the folder that ``CAUSALMIX_POOL`` names; a checkpoint in ``CAUSALMIX_CHECKPOINT`` is
measured too. On a machine with a graphics card the models run there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.printing import print_table

if TYPE_CHECKING:
    from causalmix_core.pools.document import Document

POOL, CHECKPOINT = "CAUSALMIX_POOL", "CAUSALMIX_CHECKPOINT"
DOCUMENTS = (1_000, 10_000)
WORDS = 60
SECONDS = 10.0  # of measuring, about
# A command, then the most bytes that its process held. Linux hands ru_maxrss down from whoever started the process,
# so its own account is read there.
MEASURED = """
import pathlib, resource, sys
from causalmix_core.cli.main import main
assert main(sys.argv[1:]) == 0
own = pathlib.Path("/proc/self/status")
if own.exists():
    print(next(int(line.split()[1]) * 1024 for line in own.read_text().splitlines() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run() -> None:
    where = os.environ.get(POOL)
    if not where:
        print(f"\nScoring: skipped, because {POOL} names no pool (corpus build, then corpus base, make one).")
        return
    import torch

    pool_dir = Path(where)
    checkpoint = os.environ.get(CHECKPOINT)
    folders = [("base", pool_dir / "base"), *([("checkpoint", Path(checkpoint))] if checkpoint else [])]
    print("\n## Scoring documents of all domains by a causal language model")
    print_table(
        ["model", "device", "parameters", "documents", "tokens", "tokens / s"],
        [_throughput(name, folder, pool_dir) for name, folder in folders],
    )
    if not checkpoint:
        print(f"\nA model of one's own: not run, {CHECKPOINT} names none.")
    if not torch.cuda.is_available():
        print("\nOn a graphics card: not run, this machine has none.")
    print(f"\n## Peak memory of pool score by the base, documents of {WORDS} words, one process")
    print_table(["documents", "MB", "seconds"], [_memory(count, pool_dir / "base") for count in DOCUMENTS])


def _throughput(name: str, folder: Path, pool_dir: Path) -> list[object]:
    """A row: processor seconds of one thread, or seconds on a card, tokenising included."""
    from causalmix_core.pools.scoring.causal import open_causal
    from causalmix_core.pools.scoring.device import pick_device

    device = pick_device()
    scorer = open_causal(folder, device)
    clock = time.perf_counter if device.is_gpu else time.process_time
    done, tokens = 0, 0
    scorer.score(scorer.encoder.encode(_documents(pool_dir, 0, 1)))
    start = clock()
    while clock() - start < SECONDS:
        documents = _documents(pool_dir, done, 256 if device.is_gpu or name == "base" else 1)
        if not documents:
            break
        texts = scorer.encoder.encode(documents)
        scorer.score(texts)
        done, tokens = done + len(documents), tokens + sum(len(text.ids) for text in texts)
    rate = tokens / (clock() - start)
    count = sum(parameter.numel() for parameter in scorer.model.parameters())
    told = f"{device.name} {device.dtype}" + ("" if device.is_gpu else ", one thread")
    return [name, told, f"{count:,}", done, tokens, f"{rate:,.0f}"]


def _documents(pool_dir: Path, skip: int, count: int) -> list[Document]:
    """Documents of the domains in turn."""
    from causalmix_core.pools.pool import open_pool

    pool = open_pool(pool_dir)
    each, first = -(-count // len(pool.domains)), skip // len(pool.domains)
    return [
        document
        for domain in pool.domains
        for document in islice(pool.documents(domain), first, first + each)
    ]


def _memory(count: int, base: Path) -> list[object]:
    """A row: a process of its own, what it held at most as the system counts it."""
    from causalmix_core.pools.sources.read import read_pool
    from causalmix_core.pools.sources.spec import Fields, spec_of_pairs

    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    vocabulary = ["".join(letters[rng.integers(26, size=rng.integers(2, 9))]) for _ in range(2_000)]
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "made.jsonl"
        with source.open("w") as out:
            for _ in range(count):
                text = " ".join(vocabulary[i] for i in rng.integers(2_000, size=WORDS))
                out.write(json.dumps({"text": text}) + "\n")
        read_pool(spec_of_pairs("made", [f"made={source}"], Fields()), Path(scratch) / "pool")
        command = ["pool", "score", f"{scratch}/pool", "--model", str(base), "--out", f"{scratch}/scores"]
        start = time.perf_counter()
        child = subprocess.run(
            [sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True
        )
        seconds = time.perf_counter() - start
    return [f"{count:,}", int(child.stdout.splitlines()[-1]) / 1e6, seconds]
