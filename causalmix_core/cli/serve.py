"""``serve STUDY_DIR``: the supervisor of a study, here or on its own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.progress import Progress
from causalmix_core.delivery.numbers import duration

if TYPE_CHECKING:
    import argparse

    from causalmix_core.proxy.engine import Study


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "serve",
        help="train the queued runs of a study",
        description="Take up a study where it stands: adopt processes that live, put back what died, train what is "
        "queued. Ends when the queue is empty or paused. Interrupted, it leaves its processes running.",
    )
    parser.add_argument("study", metavar="STUDY_DIR", type=Path)
    parser.add_argument(
        "--slots", metavar="SLOTS", help="such as 2xcpu or cuda:0,cuda:0 (default: the study's)"
    )
    parser.add_argument("--stay", action="store_true", help="wait for more when the queue is empty or paused")
    parser.add_argument(
        "--detach", action="store_true", help="in a process of its own that goes on by itself"
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Supervise; 1 when runs failed."""
    from causalmix_core.cli.proxy.status import status_lines
    from causalmix_core.proxy.engine import open_study, start_supervisor, status_of, supervise

    study = open_study(arguments.study)
    if arguments.detach:
        pid = start_supervisor(study, arguments.slots, stay=arguments.stay)
        print(f"{study.path}: supervised by process {pid}; its log is {study.path / 'supervisor.log'}.")
        return 0
    progress = Progress(speak=arguments.progress)
    try:
        supervise(study.path, arguments.slots, stay=arguments.stay, told=_Teller(study, progress))
    finally:
        progress.close()
    found = status_of(study)
    print("\n".join(status_lines(found)), flush=True)
    return int(found.counts["failed"] > 0)


class _Teller:
    """Tells the progress of a study about once a second, when somebody can see it."""

    def __init__(self, study: Study, progress: Progress) -> None:
        self._study = study
        self._progress = progress
        self._next = 0.0

    def __call__(self) -> None:
        from causalmix_core.proxy.engine import status_of

        if not self._progress.speaks or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 1.0
        found = status_of(self._study)
        left = "" if not found.eta_seconds else f", {duration(found.eta_seconds)} left"
        done = found.counts["done"] + sum(run.done for run in found.running)
        self._progress(done / max(1, found.total), f"{found.counts['done']} of {found.total} runs{left}")
