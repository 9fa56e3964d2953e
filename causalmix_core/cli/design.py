"""``design POOL_DIR``: which proxy runs to make, with which mixtures of which text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.design_arguments import add_arguments
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.progress import Progress
from causalmix_core.errors import DesignError

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.tokens import TokenisedPool
    from causalmix_core.proxy.design.design import Design, Settings
    from causalmix_core.proxy.design.document_stock import DocumentStock
    from causalmix_core.proxy.design.draw import Draft
    from causalmix_core.proxy.design.states import PoolState
    from causalmix_core.proxy.design.window_stock import WindowStock

    Stock = WindowStock | DocumentStock


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
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.proxy.design.estimate import measured_speed
    from causalmix_core.proxy.design.rows import prepare
    from causalmix_core.proxy.design.storage import write_design
    from causalmix_core.proxy.design.window_stock import WindowStock

    pool = open_pool(arguments.pool_dir)
    if isinstance(arguments.speed, Path):
        arguments.speed = measured_speed(arguments.speed)
    progress = Progress(speak=arguments.progress)
    try:
        settings, pools, seed = _asked(arguments, pool)
        stock, natural = _stock(arguments, pool, settings, progress)
        draft = _draft(arguments, pool, settings, pools, seed, stock, natural, progress)
        if isinstance(stock, WindowStock):
            prepare(draft.rows.values(), draft.design, stock, progress)
        design = write_design(draft.design, draft.rows, arguments.out, progress)
    finally:
        progress.close()
    _print(arguments, design, stock)
    return 0


def _asked(arguments: argparse.Namespace, pool: Pool) -> tuple[Settings, dict[str, PoolState], int]:
    """Settings, pool states and seed: of the arguments, or of an earlier design."""
    from causalmix_core.proxy.design.design import Settings
    from causalmix_core.proxy.design.draw import draw_pools
    from causalmix_core.proxy.design.rows import check_pool
    from causalmix_core.proxy.design.states import read_states
    from causalmix_core.proxy.design.storage import read_design

    if arguments.like is not None:
        earlier = read_design(arguments.like)
        check_pool(earlier, pool.sha256)
        return earlier.settings, earlier.pools, arguments.seed
    settings = Settings(
        pool.domains,
        unit="windows" if arguments.documents is None else "documents",
        examples=arguments.windows if arguments.documents is None else arguments.documents,
        seq=arguments.seq,
        set_aside=arguments.set_aside,
        max_epochs=arguments.max_epochs,
        pools_seed=arguments.seed,
        order_seed=arguments.seed,
    )
    if arguments.states is not None:
        return settings, read_states(arguments.states, pool.domains), arguments.seed
    return settings, draw_pools(settings, arguments.pools, arguments.kinds), arguments.seed


def _stock(
    arguments: argparse.Namespace, pool: Pool, settings: Settings, progress: Progress
) -> tuple[Stock, NDArray[np.float64]]:
    """The text to draw from, and the shares that it has by itself."""
    import numpy as np

    from causalmix_core.pools.tokens import tokenise
    from causalmix_core.proxy.design.rows import document_stock, window_stock

    stock: Stock
    if settings.unit == "documents":
        stock = document_stock(pool, settings)
    else:
        tokenizer = arguments.tokenizer or pool.folder / "tokenizer"
        tokens: TokenisedPool = tokenise(pool.folder, tokenizer, progress)
        stock = window_stock(tokens, settings, tokenizer)
    sizes = np.array(stock.sizes, dtype=float)
    if not sizes.all():
        empty = settings.domains[stock.sizes.index(0)]
        raise DesignError(
            f"The domain {empty!r} has no whole {settings.unit[:-1]} to train on; give it more text."
        )
    return stock, sizes / sizes.sum()


def _draft(
    arguments: argparse.Namespace,
    pool: Pool,
    settings: Settings,
    pools: dict[str, PoolState],
    seed: int,
    stock: Stock,
    natural: NDArray[np.float64],
    progress: Progress,
) -> Draft:
    from causalmix_core.proxy.design.draw import draw_design
    from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
    from causalmix_core.proxy.design.planned import read_planned

    repeats = None
    if arguments.plan is not None:
        if arguments.replicates:
            raise DesignError(
                "A plan says itself how often its runs are made (column repeats); leave --replicates out."
            )
        planned = read_planned(arguments.plan, settings.domains)
        mixtures, repeats = planned.on(tuple(pools)), planned.repeats
    else:
        law = Law(
            arguments.sampler,
            arguments.concentration,
            arguments.min_share,
            arguments.favoured,
            arguments.fallback,
        )
        mixtures = draw_mixtures(law, arguments.runs, settings.domains, pools, natural, seed)
    return draw_design(
        stock, pool.sha256, settings, pools, mixtures,
        replicates=arguments.replicates, repeats=repeats, seed=seed, prefix=arguments.prefix, progress=progress,
    )  # fmt: skip


def _print(arguments: argparse.Namespace, design: Design, stock: Stock) -> None:
    from causalmix_core.proxy.design.estimate import base_params, estimate
    from causalmix_core.proxy.design.words import (
        cost_sentence,
        design_sentence,
        law_sentences,
        state_sentence,
    )

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
    print(text_table(*_table(design, stock)))
    if cost is not None:
        print(cost_sentence(cost, params, speed, arguments.slots))
    print(f"design {design.sha256}")


def _table(design: Design, stock: Stock) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A row a domain: its share over the runs, and the most that a run asks for of what there is."""
    shares = design.shares()
    rows: list[tuple[str, ...]] = []
    for k, name in enumerate(design.settings.domains):
        most = max(run.counts[name] for run in design.runs)
        low, mean, high = (
            f"{100 * v:.1f} %" for v in (shares[:, k].min(), shares[:, k].mean(), shares[:, k].max())
        )
        rows.append((name, low, mean, high, f"{most:,}", f"{stock.sizes[k] - len(stock.aside(k)):,}"))
    return ("domain", "least", "mean", "most", f"{design.settings.unit} at most", "there are"), rows
