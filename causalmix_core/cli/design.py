"""``design POOL_DIR``: which proxy runs to make, with which mixtures of which text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.design_arguments import add_arguments
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.progress import Progress
from causalmix_core.cli.reading import read_file
from causalmix_core.errors import DesignError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.proxy.design.request import DesignRequest, Laid

# Arguments that go into the request as they are.
PLAIN = (
    *("runs", "seed", "plan", "replicates", "orders", "pools", "kinds", "states", "windows", "documents"),
    *("seq", "set_aside", "max_epochs", "tokenizer", "prefix"),
)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "design",
        help="lay out proxy runs: mixtures, pool states, the very rows of text",
        description="Draw mixtures for proxy runs on states of a pool of text, turn them into whole numbers of examples, "
        "and keep the rows of text that each run trains on.",
    )
    parser.add_argument("pool_dir", metavar="POOL_DIR", type=Path, help="the pool of text")
    add_arguments(parser)
    add_out(parser, "DESIGN_DIR", "folder to write: a new or empty one")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw, keep, and say what was drawn and what it costs."""
    from causalmix_core.proxy.design.estimate import measured_speed
    from causalmix_core.proxy.design.request import keep, lay_out

    if isinstance(arguments.speed, Path):
        arguments.speed = measured_speed(arguments.speed)
    progress = Progress(speak=arguments.progress)
    try:
        laid = lay_out(_request(arguments), progress)
        keep(laid, arguments.out, progress)
    finally:
        progress.close()
    _print(arguments, laid)
    return 0


def _request(arguments: argparse.Namespace) -> DesignRequest:
    from causalmix_core.proxy.design.mixtures import Law
    from causalmix_core.proxy.design.request import DesignRequest

    law = Law(
        arguments.sampler,
        arguments.concentration,
        arguments.min_share,
        arguments.favoured,
        arguments.fallback,
        () if arguments.centre is None else _centre(arguments.centre),
        arguments.sharpness,
    )
    return DesignRequest(
        arguments.pool_dir,
        law=law,
        like=arguments.extend or arguments.like,
        extend=arguments.extend is not None,
        **{name: getattr(arguments, name) for name in PLAIN},
    )


def _centre(file: Path) -> tuple[tuple[str, float], ...]:
    """(domain, share) pairs of a JSON file."""
    from causalmix_core.evidence.entered import json_object, number

    found = json_object(read_file(file), f"centre {file}", "write one share per domain, by name", DesignError)
    how = "give a share such as 0.25"
    return tuple(
        (name, number(value, f"{file}, the share of {name}", how, DesignError))
        for name, value in found.items()
    )


def _print(arguments: argparse.Namespace, laid: Laid) -> None:
    from causalmix_core.proxy.design.estimate import base_params, estimate
    from causalmix_core.proxy.design.words import (
        cost_sentence,
        design_sentence,
        law_sentences,
        state_sentence,
    )

    design = laid.design
    params = arguments.params or base_params(arguments.pool_dir)
    speed = arguments.speed
    costed = design.settings.unit == "windows" or arguments.document_tokens is not None
    cost = (
        estimate(
            design,
            params,
            tokens_per_second=speed,
            slots=arguments.slots,
            tokens_per_document=arguments.document_tokens,
        )
        if costed
        else None
    )
    if arguments.json:
        told = None if cost is None else {**vars(cost), "params": params, "tokens_per_second": speed}
        print_json(
            {"design": design.sha256, "runs": len(design.runs), "pools": len(design.pools), "cost": told}
        )
        return
    print(f"{arguments.out}: {design_sentence(design)}")
    for sentence in (*law_sentences(design), state_sentence(design)):
        print(sentence)
    print(text_table(*_table(laid)))
    if cost is not None:
        print(cost_sentence(cost, params, speed, arguments.slots))
    print(f"design {design.sha256}")


def _table(laid: Laid) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A row a domain: its share over the runs, and the most that a run asks for of what there is."""
    design, there = laid.design, laid.available()
    shares = design.shares()
    rows: list[tuple[str, ...]] = []
    for k, name in enumerate(design.settings.domains):
        most = max(run.counts[name] for run in design.runs)
        low, mean, high = (
            f"{100 * v:.1f} %" for v in (shares[:, k].min(), shares[:, k].mean(), shares[:, k].max())
        )
        rows.append((name, low, mean, high, f"{most:,}", f"{there[k]:,}"))
    return ("domain", "least", "mean", "most", f"{design.settings.unit} at most", "there are"), rows
