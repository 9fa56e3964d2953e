"""``pool tokenise``: a pool's documents as streams of tokens, kept in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.pool.show import print_pool
from causalmix_core.cli.resuming import resumable

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "tokenise",
        help="count a pool's tokens and keep them",
        description="Turn the documents into tokens and keep them in POOL_DIR/tokens. Studies do that by "
        "themselves; the command does it beforehand. What is there is not made again.",
    )
    parser.add_argument("pool", metavar="POOL_DIR", type=Path, help="the pool")
    parser.add_argument(
        "--tokenizer",
        metavar="DIR",
        type=Path,
        help="folder with tokenizer.json, e.g. a checkpoint's (default: POOL_DIR/tokenizer)",
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tokenise, and say what is there."""
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.pools.tokenizer_folder import TOKENIZER_FOLDER
    from causalmix_core.pools.tokens import tokenise

    with resumable(speak=arguments.progress) as progress:
        tokenise(arguments.pool, arguments.tokenizer or arguments.pool / TOKENIZER_FOLDER, progress)
    print_pool(open_pool(arguments.pool))
    return 0
