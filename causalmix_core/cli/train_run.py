"""``train-run --run-dir DIR``: what a worker process does; runs anywhere that the study's folder is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "train-run",
        help="train runs of a study in this process",
        description="Train the runs of one or more run directories in order; one that is done is passed over.",
    )
    parser.add_argument(
        "--run-dir", metavar="DIR", type=Path, action="append", required=True, help="may be given again"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train; status 1 where a run failed."""
    from causalmix_core.proxy.training.worker import train_runs

    return 1 if train_runs(arguments.run_dir, lambda line: print(line, flush=True)) else 0
