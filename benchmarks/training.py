"""Tiny runs: seconds, share of what the processor can multiply, and how much of the outcome is the mixture's.

Needs a pool with its base (``corpus build``, ``corpus base``) in the folder that ``CAUSALMIX_POOL`` names. On a
machine with a graphics card it prints stacked models against one by one too, and with a checkpoint in
``CAUSALMIX_CHECKPOINT`` the tokens a second of fine-tuning it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.printing import print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.pools.tokens import TokenisedPool

POOL, CHECKPOINT = "CAUSALMIX_POOL", "CAUSALMIX_CHECKPOINT"
WINDOWS = 500  # of 256 tokens: a run of 128,000 tokens
MIXTURES, REPEATS = 12, 6
STACKS = (8, 32, 128)
MATRIX = 1024


def run() -> None:
    """Print what this machine can: processor always, graphics card where there is one."""
    where = os.environ.get(POOL)
    if not where:
        print(
            f"\nTraining: skipped, because {POOL} names no pool (corpus build, then corpus base, make one)."
        )
        return
    import torch

    torch.set_num_threads(1)
    from causalmix_core.pools.tokens import tokenise

    pool_dir = Path(where)
    pool = tokenise(pool_dir, pool_dir / "tokenizer")
    peak = matmul_peak("cpu")
    print(f"\n## Tiny models on one thread (matrix product of {MATRIX}: {peak:.0f} GFLOP/s)")
    print_table(
        ["size", "tokens / CPU-s", "GFLOP/s", "of the peak"],
        [throughput(size, pool, peak) for size in ("0.1M", "0.5M", "1M")],
    )
    _runs(pool_dir)
    if torch.cuda.is_available():
        _stacked(pool)
    else:
        print("\nStacked models on a graphics card: not run, this machine has none.")


def matmul_peak(device: str) -> float:
    """GFLOP/s of the best of a few products of two square matrices."""
    import torch

    a, b = torch.randn(2, MATRIX, MATRIX, device=device)
    best = min(_seconds(lambda: a @ b, device) for _ in range(12))
    return 2.0 * MATRIX**3 / best / 1e9


def _seconds(work: Callable[[], Any], device: str) -> float:
    """CPU seconds of this thread, or seconds until the card has finished."""
    import torch

    if device == "cpu":
        start = time.process_time()
        work()
        return time.process_time() - start
    torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - start


def throughput(size: str, pool: TokenisedPool, peak: float) -> list[object]:
    """A row: median step of a batch of 4 x 256 tokens."""
    from causalmix_core.proxy.training.architecture import flops_per_token, new_model
    from causalmix_core.proxy.training.base import equal_windows
    from causalmix_core.proxy.training.loop import train
    from causalmix_core.proxy.training.schedule import Recipe

    model = new_model(size, pool.vocabulary, 0)
    windows = equal_windows(pool, 160, 0)
    train(model, windows[:16], Recipe())
    seconds = _seconds(lambda: train(model, windows, Recipe()), "cpu")
    rate = windows[:, 1:].size / seconds
    speed = rate * flops_per_token(model) / 1e9
    return [size, rate, speed, speed / peak]


def _runs(pool_dir: Path) -> None:
    """Real runs of a design with repeats, as a worker makes them."""
    from causalmix_core.pools.tokens import tokenise
    from causalmix_core.proxy.design.design import Settings
    from causalmix_core.proxy.design.draw import draw_design, draw_pools
    from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
    from causalmix_core.proxy.design.rows import window_stock
    from causalmix_core.proxy.design.storage import write_design
    from causalmix_core.proxy.engine.launching import launch_study, read_designed_runs
    from causalmix_core.proxy.engine.study import Launch
    from causalmix_core.proxy.training.job import read_job
    from causalmix_core.proxy.training.tiny import TinyTrainer

    pool = tokenise(pool_dir, pool_dir / "tokenizer")
    settings = Settings(pool.domains, examples=WINDOWS, max_epochs=2)
    states, natural = draw_pools(settings, 0), np.full(len(pool.domains), 1.0 / len(pool.domains))
    mixtures = draw_mixtures(Law(), MIXTURES, pool.domains, states, natural, seed=0)
    draft = draw_design(
        window_stock(pool, settings), pool.pool_sha256, settings, states, mixtures, replicates=REPEATS
    )
    with tempfile.TemporaryDirectory() as scratch:
        design = write_design(draft.design, draft.rows, Path(scratch) / "design")
        launch = Launch("tiny", pool=str(pool_dir), pool_sha256=pool.pool_sha256, design_sha256=design.sha256)
        study, _ = launch_study(read_designed_runs(design.folder or Path()), Path(scratch) / "study", launch)
        trainer = TinyTrainer(study.path, {})
        seconds, outcomes = [], {}
        for one in design.runs:
            job = read_job(study.run_dir(one.id))
            start = time.process_time()
            outcomes[one.id] = trainer(job).outcomes
            seconds.append(time.process_time() - start)
    print(
        f"\n## Runs of {WINDOWS * 256:,} tokens of the 0.1M model, one thread, measured on held-out text included"
    )
    print(f"CPU seconds a run: median {statistics.median(seconds):.2f}, worst {max(seconds):.2f}")
    print(
        f"\n## Variance of the outcome that is the mixture's ({MIXTURES} mixtures, {REPEATS} of them twice)"
    )
    first = {tuple(run.mixture.values()): run.id for run in design.runs if run.replicate == 0}
    pairs = [(first[tuple(run.mixture.values())], run.id) for run in design.runs if run.replicate]
    rows = []
    for name in outcomes[design.runs[0].id]:
        values = {run: found[name].value for run, found in outcomes.items()}
        noise = np.mean([(values[a] - values[b]) ** 2 / 2.0 for a, b in pairs])
        total = np.var([values[run] for run in first.values()], ddof=1)
        rows.append([name, float(np.sqrt(total)), float(np.sqrt(noise)), 1.0 - float(noise / total)])
    print_table(["outcome", "sd over mixtures", "sd of repeats", "mixture's part"], rows)


def _stacked(pool: TokenisedPool) -> None:
    """Models trained side by side on the card, against one after the other."""
    from causalmix_core.proxy.training.architecture import flops_per_token, new_model
    from causalmix_core.proxy.training.base import equal_windows
    from causalmix_core.proxy.training.loop import train
    from causalmix_core.proxy.training.schedule import Recipe
    from causalmix_core.proxy.training.stacked import train_stacked

    recipe, peak = Recipe(batch=16), matmul_peak("cuda")
    rows = []
    for size in ("0.1M", "1M", "10M"):
        windows = equal_windows(pool, 16 * 24, 0)
        model = new_model(size, pool.vocabulary, 0).cuda()
        train(model, windows[:64], recipe)
        loop = _seconds(lambda m=model, w=windows: train(m, w, recipe), "cuda")
        cost = windows[:, 1:].size * flops_per_token(model) / 1e9
        rows.append([size, "loop", 1.0 / loop, cost / loop / peak, 1.0])
        for count in STACKS:
            models = [new_model(size, pool.vocabulary, seed).cuda() for seed in range(count)]
            train_stacked(models, [windows[:64]] * count, recipe)
            seconds = _seconds(lambda m=models, w=windows, c=count: train_stacked(m, [w] * c, recipe), "cuda")
            rows.append([size, count, count / seconds, count * cost / seconds / peak, loop * count / seconds])
    print(
        f"\n## Stacked models on {_card()} (float32 product: {peak:.0f} GFLOP/s; {16 * 24 * 256:,} tokens each)"
    )
    print_table(["size", "models", "models / s", "of the peak", "times the loop"], rows)


def _card() -> str:
    import torch

    return str(torch.cuda.get_device_name(0))
