"""Several processes that score one pool, each its own blocks."""

from __future__ import annotations

import multiprocessing
import os
import queue
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import CausalMixError, PoolSourceError
from causalmix_core.pools.scoring.blocks import score_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from causalmix_core.pools.scoring.job import Block, ScoreJob

_WAIT_SECONDS = 0.5


def score_in_processes(
    job: ScoreJob, blocks: Sequence[Block], processes: int, report: Callable[[float], None]
) -> None:
    """Deal the blocks out and wait; scores do not depend on how many processes there are.

    Raises
    ------
    PoolSourceError : what a process complained of, or one was killed.
    """
    if processes == 1 or len(blocks) < 2:
        score_blocks(job, blocks, report)
        return
    context = multiprocessing.get_context("spawn")  # a forked process cannot use a graphics card
    told: Any = context.Queue()
    children = [
        context.Process(target=_work, args=(job, blocks[i::processes], i, os.getpid(), told), daemon=True)
        for i in range(min(processes, len(blocks)))
    ]
    try:
        for child in children:
            child.start()
        _listen(children, told, report)
    finally:
        for child in children:
            child.terminate()
            child.join()


def _listen(children: Sequence[Any], told: Any, report: Callable[[float], None]) -> None:
    working = len(children)
    while working:
        try:
            said = told.get(timeout=_WAIT_SECONDS)
        except queue.Empty:
            if any(child.exitcode not in (None, 0) for child in children):
                raise PoolSourceError(
                    "A scoring process ended before its work did (killed, or out of memory); run the same command "
                    "with fewer --processes, what is done is kept."
                ) from None
            continue
        if isinstance(said, str):
            raise PoolSourceError(said)
        if said is None:
            working -= 1
        else:
            report(said)


def _work(job: ScoreJob, blocks: Sequence[Block], worker: int, parent: int, told: Any) -> None:
    """One process: done documents as numbers, a mistake as a sentence, None in the end."""

    def report(documents: float) -> None:
        if os.getppid() != parent:
            os._exit(1)  # whoever asked was killed
        told.put(documents)

    try:
        score_blocks(job, blocks, report, worker)
    except CausalMixError as mistake:
        told.put(str(mistake))
    except KeyboardInterrupt:
        os._exit(1)  # the parent says so
    else:
        told.put(None)
