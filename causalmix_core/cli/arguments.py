"""Arguments that several commands share, and their ranges."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName

DEFAULT_LEVEL = 0.9
LARGEST_SEED = 2**32 - 1


def finite(text: str) -> float:
    """A finite number."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return number


def level(text: str) -> float:
    """A level strictly between 0 and 1."""
    number = finite(text)
    if not 0.0 < number < 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1 (0.9 means 90 %)")
    return number


def seed(text: str) -> int:
    """A seed that every generator takes."""
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {LARGEST_SEED}")
    return int(text)


def size(text: str) -> float:
    """A number of parameters or tokens."""
    from causalmix_core.evidence.sizes import parse_size

    found = parse_size(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size > 0 such as 1e9, 60M or 1.5B")
    return found


def estimators(text: str) -> tuple[EstimatorName, ...]:
    """Names of estimators with commas between."""
    from causalmix_core.effects.config import ESTIMATORS

    names = tuple(name.strip() for name in text.split(","))
    strange = [name for name in names if name not in ESTIMATORS]
    if strange:
        raise argparse.ArgumentTypeError(
            f"there is no estimator {strange[0]!r}; choose among {', '.join(ESTIMATORS)}"
        )
    return cast("tuple[EstimatorName, ...]", names)


def add_fit_directory(parser: argparse.ArgumentParser) -> None:
    """FIT_DIR."""
    parser.add_argument("fit_dir", metavar="FIT_DIR", type=Path, help="folder that the fit command wrote")


def add_pool(parser: argparse.ArgumentParser) -> None:
    """--pool."""
    parser.add_argument(
        "--pool",
        metavar="POOL",
        help="a JSON file {covariate column: value}, a scored pool (CSV, JSON, Parquet, .xlsx: a row a domain, a "
        "column a covariate), or a pool_id of the table (default: the runs' average)",
    )


def add_anchor(parser: argparse.ArgumentParser) -> None:
    """--anchor."""
    parser.add_argument(
        "--anchor",
        metavar="natural|equal|mean|best|FILE",
        help="mixture to start from; best is the best observed run; FILE is JSON {domain: share}, such as the mixture "
        "in production "
        "(default: natural where the table knows it, else the mean of the runs)",
    )


def add_level(parser: argparse.ArgumentParser) -> None:
    """--level."""
    parser.add_argument(
        "--level",
        type=level,
        default=DEFAULT_LEVEL,
        help="level of intervals, between 0 and 1 (default: %(default)s)",
    )


def add_drop_incomplete(parser: argparse.ArgumentParser) -> None:
    """--drop-incomplete."""
    parser.add_argument(
        "--drop-incomplete",
        action="store_true",
        help="leave out rows with missing values instead of refusing the table",
    )


def add_accept(parser: argparse.ArgumentParser) -> None:
    """--accept."""
    parser.add_argument(
        "--accept",
        metavar="REASON",
        help="why the mixture is used although a check fails; kept in the document",
    )


def add_out(parser: argparse.ArgumentParser, metavar: str, what: str) -> None:
    """--out, required."""
    parser.add_argument("--out", metavar=metavar, type=Path, required=True, help=what)
