"""From a run of a design to its text: the rows it draws, their token windows, and the windows for covariates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.document_stock import DocumentStock
from causalmix_core.proxy.design.picks import CLEAN, SORTED, Picker, interleave
from causalmix_core.proxy.design.row_files import RunRows, read_rows, rows_hash
from causalmix_core.proxy.design.window_stock import WindowStock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from numpy.typing import NDArray

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.tokens import TokenisedPool
    from causalmix_core.proxy.design.design import Design, Run, Settings
    from causalmix_core.proxy.design.states import PoolState

    Rows = NDArray[np.int64]

PREPARED_AT_ONCE = 2_048


def window_stock(
    pool: TokenisedPool, settings: Settings, tokenizer_dir: str | PathLike[str] | None = None
) -> WindowStock:
    """The windows that runs of these settings draw from.

    Raises
    ------
    DesignError : the settings count documents, or name other domains than the pool has.
    """
    if settings.unit != "windows":
        raise DesignError("The design counts documents; write its runs with materialise instead.")
    _check_domains(settings, pool.domains)
    place = None if tokenizer_dir is None else Path(tokenizer_dir)
    return WindowStock(pool, settings.seq, settings.set_aside, place)


def document_stock(pool: Pool, settings: Settings) -> DocumentStock:
    """The documents that runs of these settings draw from."""
    _check_domains(settings, pool.domains)
    return DocumentStock(pool, settings.set_aside)


def draw_rows(
    picker: Picker, state: PoolState, pool_id: str, counts: dict[str, int], order_seed: int
) -> RunRows:
    """The rows of a run with these counts.

    Raises
    ------
    DesignError : a domain is smaller than its share asks.
    """
    picks = picker.run(state, pool_id, counts, order_seed)
    return RunRows(tuple(picks), interleave([len(own) for own in picks], order_seed))


def rows_of(run: Run, design: Design, stock: WindowStock | DocumentStock) -> RunRows:
    """The rows of a run: as stored with the design, or drawn again where it is not on disk.

    Raises
    ------
    DesignError : stored rows are missing or changed, or rows drawn again are not those of the design.
    """
    if design.folder is not None:
        return read_rows(design.folder, run.id, design.settings.domains, run.rows_sha256)
    picker = Picker(stock, design.settings)
    rows = draw_rows(picker, design.pools[run.pool], run.pool, run.counts, run.order_seed)
    if rows_hash(rows) != run.rows_sha256:
        raise DesignError(f"The text of run {run.id} is not that of the design; draw the design again.")
    return rows


def windows_of(
    run: Run, design: Design, pool: TokenisedPool, tokenizer_dir: str | PathLike[str] | None = None
) -> Rows:
    """(n, seq + 1) token ids of a run's windows in the order of training; n the sum of its counts.

    Parameters
    ----------
    run : of ``design``. ``pool`` : the tokenised pool that the design was drawn for.
    tokenizer_dir : the pool's tokenizer, for damaged windows that are not made yet; None: ``POOL_DIR/tokenizer``.

    Raises
    ------
    DesignError : another pool, stored rows that are missing or changed, or another tokenizer.
    """
    check_pool(design, pool.pool_sha256)
    stock = window_stock(pool, design.settings, tokenizer_dir)
    return stock.windows(rows_of(run, design, stock).in_order())


def prepare(
    rows: Iterable[RunRows],
    design: Design,
    stock: WindowStock,
    progress: Callable[[float, str], None] | None = None,
) -> int:
    """Make all damaged windows of a design at once, so that its workers find them; how many it uses.

    Safe to interrupt and to repeat: windows that are there are not made again.
    """
    picker = Picker(stock, design.settings)
    aside = [
        picker.covariates(state[name], pool_id, k)
        for pool_id, state in design.pools.items()
        for k, name in enumerate(design.settings.domains)
        if len(picker.aside(k))
    ]
    picks = np.unique(np.concatenate([*(own for run in rows for own in run.picks), *aside]), axis=0)
    damaged = picks[~np.isin(picks[:, 2], (CLEAN, SORTED))]
    for start in range(0, len(damaged), PREPARED_AT_ONCE):
        stock.windows(damaged[start : start + PREPARED_AT_ONCE])
        if progress is not None:
            done = min(start + PREPARED_AT_ONCE, len(damaged))
            progress(done / len(damaged), f"damaged windows {done:,} of {len(damaged):,}")
    return len(damaged)


def covariate_windows(
    design: Design,
    pool: TokenisedPool,
    pool_id: str,
    domain: str,
    tokenizer_dir: str | PathLike[str] | None = None,
) -> Rows:
    """(s, seq + 1) token ids of the windows that describe a domain in one of the design's pools.

    Clean ones are never trained on, the same for every pool and design; damage is that of the pool. s is the setting
    ``set_aside`` or a tenth of a small domain, less where the pool is filtered, half where it is tilted (an
    approximation: the heavier half of a weighted order).

    Raises
    ------
    DesignError : another pool of text, an unknown pool id or domain, or a domain with fewer than 10 windows.
    """
    check_pool(design, pool.pool_sha256)
    if pool_id not in design.pools:
        raise DesignError(f"The design has no pool {pool_id!r}; its pools are {', '.join(design.pools)}.")
    if domain not in design.settings.domains:
        raise DesignError(
            f"The design has no domain {domain!r}; its domains are {', '.join(design.settings.domains)}."
        )
    stock = window_stock(pool, design.settings, tokenizer_dir)
    place = design.settings.domains.index(domain)
    picks = Picker(stock, design.settings).covariates(design.pools[pool_id][domain], pool_id, place)
    return stock.windows(picks)


def check_pool(design: Design, pool_sha256: str) -> None:
    """Refuse a pool of text that the design was not drawn for."""
    if design.pool_sha256 != pool_sha256:
        raise DesignError(
            f"The design was drawn for the pool {design.pool_sha256[:12]}, not for {pool_sha256[:12]}; "
            "name that pool or draw the design again."
        )


def _check_domains(settings: Settings, domains: tuple[str, ...]) -> None:
    if settings.domains != domains:
        raise DesignError(
            f"The design is for the domains {', '.join(settings.domains)}; the pool has {', '.join(domains)}."
        )
