"""``corpus base``: the model that all tiny runs of a pool start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import seed
from causalmix_core.cli.output import text_table
from causalmix_core.cli.resuming import resumable

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "base",
        help="train the model that tiny runs start from",
        description="Train a small language model on equal shares of a pool's domains, into POOL_DIR/base, or "
        "another folder. One that is there is kept.",
    )
    parser.add_argument("pool_dir", metavar="POOL_DIR", type=Path, help="a pool with its tokenizer")
    parser.add_argument("--size", default="0.1M", help="0.1M, 0.5M, 1M, 3M or 10M (default: %(default)s)")
    parser.add_argument(
        "--tokens",
        type=int,
        default=200_000,
        help="to train on; early enough that most runs still improve on it (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder of the model, such as one that scores pools or a start of another size (default: POOL_DIR/base)",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of weights and windows (default: %(default)s)")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, and say how well the base foretells each domain."""
    from causalmix_core.proxy.training.base import make_base

    with resumable(speak=arguments.progress) as progress:
        about: dict[str, Any] = make_base(
            arguments.pool_dir, arguments.size, arguments.tokens, arguments.seed, progress, arguments.out
        )
    rows = [(domain, f"{value:.3f}") for domain, value in about["bits_per_byte"].items()]
    print(text_table(("domain", "held-out bits per byte"), rows))
    print(f"\n{about['size']} parameters, {about['tokens']:,} tokens: {str(about['sha256'])[:12]}")
    return 0
