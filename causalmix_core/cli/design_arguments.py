"""What ``design`` can be asked for."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import cast

from causalmix_core.cli.arguments import finite, seed, size
from causalmix_core.proxy.design.names import KINDS, SAMPLERS, SHARPNESS, SamplerName


def whole(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def count(text: str) -> int:
    """A whole number of at least 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def sampler_names(text: str) -> tuple[SamplerName, ...]:
    """Names of samplers with commas between."""
    asked = [name.strip() for name in text.split(",")]
    strange = [name for name in asked if name not in SAMPLERS]
    if strange:
        raise argparse.ArgumentTypeError(
            f"there is no sampler {strange[0]!r}; choose among {', '.join(SAMPLERS)}"
        )
    return cast("tuple[SamplerName, ...]", tuple(asked))


def names(text: str) -> tuple[str, ...]:
    """Names of domains with commas between."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def kinds(text: str) -> dict[str, float]:
    """``dup=.3,garble=.2``: kinds of damage and how often each is drawn."""
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name.strip() not in KINDS:
            raise argparse.ArgumentTypeError(
                f"there is no damage {name.strip()!r}; choose among {', '.join(KINDS)}"
            )
        found[name.strip()] = finite(number or "1")
    return found


def speed(text: str) -> float | Path:
    """Tokens a second, or a study whose runs were measured."""
    return (
        size(text) if re.match(r"[0-9.]+[0-9a-zA-Z.+-]*$", text) and not Path(text).is_dir() else Path(text)
    )


def prefix(text: str) -> str:
    """The beginning of the runs' ids."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,30}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a letter followed by at most 30 letters, digits or hyphens"
        )
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All but the pool and the place to write to."""
    _add_mixtures(parser)
    _add_pools(parser)
    _add_text(parser)
    _add_cost(parser)
    parser.add_argument("--seed", type=seed, default=0, help="default: %(default)s")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.add_argument("--json", action="store_true", help="print the design's hash and cost as JSON")


def _add_mixtures(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("mixtures")
    group.add_argument("--runs", type=whole, default=48, help="mixtures to draw (default: %(default)s)")
    group.add_argument(
        "--sampler",
        metavar="NAMES",
        type=sampler_names,
        default=("dirichlet",),
        help=f"{', '.join(SAMPLERS)}; several with commas take turns, a round over the pools each (default: dirichlet)",
    )
    group.add_argument(
        "--concentration", type=finite, default=1.0, help="of dirichlet and sobol (default: %(default)s)"
    )
    group.add_argument(
        "--min-share",
        type=finite,
        default=0.0,
        help="of every domain, 0 to less than 1/domains (default: %(default)s)",
    )
    group.add_argument(
        "--favoured", metavar="DOMAINS", type=names, default=(), help="chosen: more of them in good pools"
    )
    group.add_argument(
        "--fallback", metavar="DOMAINS", type=names, default=(), help="chosen: more of them in bad pools"
    )
    group.add_argument(
        "--centre",
        metavar="FILE",
        type=Path,
        help="around: JSON {domain: share} to draw around, such as an anchor (default: the pool's own shares)",
    )
    group.add_argument(
        "--sharpness", type=finite, default=SHARPNESS, help="around: how close to it (default: %(default)g)"
    )
    group.add_argument(
        "--orders",
        type=whole,
        default=1,
        help="orders of text that the pools take in turn (default: %(default)s, all runs share one)",
    )
    group.add_argument(
        "--from",
        dest="plan",
        metavar="PLAN",
        type=Path,
        help="take the mixtures from a table with share_ columns, such as a plan",
    )
    group.add_argument(
        "--replicates",
        type=count,
        default=0,
        help="further runs that repeat a mixture in another order of text, to measure the noise (default: %(default)s)",
    )
    group.add_argument("--prefix", type=prefix, default="r", help="of the runs' ids (default: %(default)s)")


def _add_pools(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("pools")
    group.add_argument(
        "--pools",
        type=count,
        default=0,
        help="states of the pool to draw, 0: only as it is (default: %(default)s)",
    )
    group.add_argument(
        "--kinds",
        metavar="KINDS",
        type=kinds,
        help="damage to draw, such as dup=.3,garble=.2 (default: all kinds)",
    )
    group.add_argument(
        "--states", metavar="FILE", type=Path, help="JSON {pool: {domain: state}} instead of drawn states"
    )
    group.add_argument(
        "--like",
        metavar="DESIGN_DIR",
        type=Path,
        help="pools, lengths and order of text as in an earlier design",
    )
    group.add_argument(
        "--extend",
        metavar="DESIGN_DIR",
        type=Path,
        help="as --like, and begin with that design's runs, so that its study can be added to",
    )


def _add_text(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("text")
    group.add_argument(
        "--windows", type=whole, default=500, help="token windows of a run (default: %(default)s)"
    )
    group.add_argument("--documents", type=whole, help="count documents instead, so many in a run")
    group.add_argument(
        "--seq", type=whole, default=256, help="tokens a window predicts (default: %(default)s)"
    )
    group.add_argument(
        "--set-aside",
        type=count,
        default=64,
        help="rows of each domain kept for covariates (default: %(default)s)",
    )
    group.add_argument(
        "--max-epochs",
        type=whole,
        default=1,
        help="how often a run may use a row of text (default: %(default)s)",
    )
    group.add_argument("--tokenizer", metavar="DIR", type=Path, help="default: the pool's own")


def _add_cost(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cost estimate")
    group.add_argument(
        "--params", type=size, help="of the model, such as 0.5B (default: the pool's base model)"
    )
    group.add_argument(
        "--speed",
        metavar="TOKENS|STUDY_DIR",
        type=speed,
        help="tokens a second of one run, or a study to measure it by",
    )
    group.add_argument("--slots", type=whole, default=1, help="runs at a time (default: %(default)s)")
    group.add_argument(
        "--document-tokens", type=size, help="mean tokens of a document, where documents are counted"
    )
