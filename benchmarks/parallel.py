"""Work spread over two processes; results come back in the order of the tasks, whoever was first."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Task = TypeVar("Task")
    Result = TypeVar("Result")

PROCESSES = 2


def spread(work: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
    """``work`` of every task; ``work`` is a function of a module, tasks and results are plain data."""
    # Fresh processes: a forked one inherits OpenMP's state without its threads, and may hang.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=_threads_only) as pool:
        return list(pool.map(work, tasks))


def _threads_only() -> None:
    """Keep joblib from starting processes of its own: a worker would wait five minutes for them at its end."""
    from joblib import parallel_config

    parallel_config(backend="threading")
