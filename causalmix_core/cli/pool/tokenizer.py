"""``pool tokenizer``: a tokenizer of the pool's own text, for tiny runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "tokenizer",
        help="train a small tokenizer on a pool's text",
        description="A byte-pair tokenizer of 1,024 entries from the pool's training text, into POOL_DIR/tokenizer: what "
        "tiny runs need. The default corpus brings its own. One that is there is kept.",
    )
    parser.add_argument("pool", metavar="POOL_DIR", type=Path, help="the pool")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, and say where it is."""
    from causalmix_core.pools.corpus.tokenizer import train_tokenizer
    from causalmix_core.pools.pool import open_pool

    print(f"tokenizer: {train_tokenizer(open_pool(arguments.pool))}")
    return 0
