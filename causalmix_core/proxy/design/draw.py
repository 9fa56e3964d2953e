"""Drawing a design: pools, mixtures, whole counts, replicates and rows, each from its own seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.canonical import design_hash, plain_design
from causalmix_core.proxy.design.counts import largest_remainder
from causalmix_core.proxy.design.design import Design, Run
from causalmix_core.proxy.design.picks import Picker
from causalmix_core.proxy.design.row_files import read_rows, rows_hash
from causalmix_core.proxy.design.rows import draw_rows
from causalmix_core.proxy.design.states import draw_state, healthy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from causalmix_core.proxy.design.design import Settings
    from causalmix_core.proxy.design.mixtures import Mixtures
    from causalmix_core.proxy.design.picks import Stock
    from causalmix_core.proxy.design.row_files import RunRows
    from causalmix_core.proxy.design.states import PoolState

MOST_RUNS = 100_000


@dataclass(frozen=True, eq=False)
class Draft:
    """A design with the rows of its runs, ready to be written.

    Attributes
    ----------
    design : without a folder.
    rows : run id -> rows.
    """

    design: Design
    rows: dict[str, RunRows]


def draw_pools(
    settings: Settings, pools: int, kinds: Mapping[str, float] | None = None
) -> dict[str, PoolState]:
    """``pools`` states p000, p001, ...; with 0 one healthy pool."""
    if pools < 0 or pools > MOST_RUNS:
        raise DesignError(f"The number of pools is {pools}; give 0 (one healthy pool) to {MOST_RUNS:,}.")
    if pools == 0:
        return {"p000": healthy(settings.domains)}
    names = [f"p{i:03d}" for i in range(pools)]
    return {name: draw_state(settings.domains, settings.pools_seed, name, kinds) for name in names}


def draw_design(
    stock: Stock,
    pool_sha256: str,
    settings: Settings,
    pools: Mapping[str, PoolState],
    mixtures: Mixtures,
    *,
    replicates: int = 0,
    repeats: tuple[int, ...] | None = None,
    orders: int = 1,
    seed: int = 0,
    prefix: str = "r",
    earlier: Design | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Draft:
    """Lay out the runs and draw the rows of each.

    Parameters
    ----------
    stock : the text that rows are drawn from.
    replicates : how many further runs repeat a mixture on its pool in another order of text: evenly spread over the runs,
        a second time around where there are more of them than runs.
    repeats : how often each mixture is made, where a plan says so; instead of ``replicates``.
    orders : how many orders of text the pools take in turn, >= 1. With 1 all runs that are no repeats share one: any two can
        be compared, and what is learnt is in part that order's own luck. With more, runs of one pool still share theirs.
    seed : that the mixtures were drawn by, kept in the design.
    prefix : the runs are called ``<prefix>0000``, ...
    earlier : a design on disk with the same settings and pools, whose runs come first and are kept as they are; the new
        ones are numbered on.

    Raises
    ------
    DesignError : a domain is smaller than some share asks, or too many runs.
    """
    plan = _repeats(len(mixtures.shares), replicates) if repeats is None else _listed(repeats)
    if len(plan) > MOST_RUNS:
        raise DesignError(f"The design has {len(plan):,} runs; {MOST_RUNS:,} is the most.")
    picker = Picker(stock, settings)
    if not 1 <= orders <= MOST_RUNS:
        raise DesignError(f"The number of orders of text is {orders}; give 1 to {MOST_RUNS:,}.")
    turn = {pool: number % orders for number, pool in enumerate(pools)}
    runs, rows = _kept(earlier)
    known = len(runs)
    for number, (mixture, replicate) in enumerate(plan):
        order = turn[mixtures.pools[mixture]] + orders * replicate
        run = _run(f"{prefix}{known + number:04d}", mixtures, mixture, replicate, order, settings)
        if run.id in rows:
            raise DesignError(f"The earlier design has a run {run.id} already; give another prefix.")
        drawn = draw_rows(picker, pools[run.pool], run.pool, run.counts, run.order_seed)
        runs.append(replace(run, rows_sha256=rows_hash(drawn)))
        rows[run.id] = drawn
        if progress is not None:
            progress((number + 1) / len(plan), f"drawing run {number + 1:,} of {len(plan):,}")
    plain = plain_design(pool_sha256, settings, seed, dict(pools), tuple(runs))
    return Draft(Design(pool_sha256, settings, seed, dict(pools), tuple(runs), design_hash(plain)), rows)


def _kept(earlier: Design | None) -> tuple[list[Run], dict[str, RunRows]]:
    """The runs of an earlier design and their rows."""
    if earlier is None or earlier.folder is None:
        return [], {}
    domains = earlier.settings.domains
    rows = {run.id: read_rows(earlier.folder, run.id, domains, run.rows_sha256) for run in earlier.runs}
    return list(earlier.runs), rows


def _run(name: str, mixtures: Mixtures, place: int, replicate: int, order: int, settings: Settings) -> Run:
    shares = mixtures.shares[place]
    counts = largest_remainder(shares, settings.examples)
    return Run(
        id=name,
        pool=mixtures.pools[place],
        mixture=dict(zip(settings.domains, (float(share) for share in shares), strict=True)),
        counts=dict(zip(settings.domains, counts.tolist(), strict=True)),
        unit=settings.unit,
        replicate=replicate,
        order_seed=settings.order_of(order),
        assignment=mixtures.assignments[place],
        rows_sha256="",
    )


def _repeats(runs: int, replicates: int) -> list[tuple[int, int]]:
    """(mixture, number of the repeat) of every run: all once, then the repeats."""
    if replicates < 0:
        raise DesignError(f"The number of replicates is {replicates}; give 0 or more.")
    plan = [(mixture, 0) for mixture in range(runs)]
    for done in range(0, replicates, runs):
        some = min(runs, replicates - done)
        chosen = np.floor((np.arange(some) + 0.5) * runs / some).astype(int)
        plan += [(int(mixture), done // runs + 1) for mixture in chosen]
    return plan


def _listed(repeats: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(mixture, number) for mixture, times in enumerate(repeats) for number in range(times)]
