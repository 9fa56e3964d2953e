"""A design asked for in one go, by the command line or the page: from a folder of text to runs and their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.tokenizer_folder import TOKENIZER_FOLDER
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.design.design import SET_ASIDE, Settings
from causalmix_core.proxy.design.draw import draw_design, draw_pools
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.planned import read_planned
from causalmix_core.proxy.design.rows import check_pool, document_stock, prepare, window_stock
from causalmix_core.proxy.design.states import read_states
from causalmix_core.proxy.design.storage import read_design, write_design
from causalmix_core.proxy.design.window_stock import WindowStock

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.document_stock import DocumentStock
    from causalmix_core.proxy.design.draw import Draft
    from causalmix_core.proxy.design.mixtures import Mixtures
    from causalmix_core.proxy.design.states import PoolState

    Progress = Callable[[float, str], None]
    Stock = WindowStock | DocumentStock


@dataclass(frozen=True)
class DesignRequest:
    """What a design is to be.

    Attributes
    ----------
    pool_dir : the pool of text.
    runs, law, seed : how many mixtures are drawn, how, and from which seed.
    plan : a table of mixtures instead of drawn ones. replicates : repeats of drawn mixtures.
    orders : how many orders of text the pools take in turn; with 1 all runs share one.
    pools, kinds : how many pool states are drawn (0: the pool as it is), of which damage.
    states : JSON file of pool states instead of drawn ones.
    like : an earlier design whose pools, lengths and orders of text are taken over; with ``extend`` its runs too.
    windows, documents : length of a run; documents where not None.
    seq, set_aside, max_epochs : see :class:`~causalmix_core.proxy.design.design.Settings`.
    tokenizer : folder of the tokenizer, None: the pool's own. prefix : of the runs' ids.
    """

    pool_dir: Path
    runs: int = 48
    law: Law = field(default_factory=Law)
    seed: int = 0
    plan: Path | None = None
    replicates: int = 0
    orders: int = 1
    pools: int = 0
    kinds: dict[str, float] | None = None
    states: Path | None = None
    like: Path | None = None
    extend: bool = False
    windows: int = 500
    documents: int | None = None
    seq: int = 256
    set_aside: int = SET_ASIDE
    max_epochs: int = 1
    tokenizer: Path | None = None
    prefix: str = "r"


@dataclass(frozen=True, eq=False)
class Laid:
    """A design that was drawn, the rows of its runs, and the text that they are from."""

    draft: Draft
    stock: Stock

    @property
    def design(self) -> Design:
        """The design."""
        return self.draft.design

    def available(self) -> tuple[int, ...]:
        """Rows of each domain that runs can train on: those that are not set aside."""
        return tuple(size - len(self.stock.aside(k)) for k, size in enumerate(self.stock.sizes))


def lay_out(request: DesignRequest, progress: Progress | None = None) -> Laid:
    """Draw the design; nothing is written but the pool's tokens.

    Raises
    ------
    DesignError, PoolSourceError, TableError : see the parts; each names what is wrong and how to mend it.
    """
    pool = open_pool(request.pool_dir)
    earlier = None if request.like is None else _earlier(request, pool)
    settings, pools = _settings(request, pool, earlier)
    stock = open_stock(pool, settings, request.tokenizer, progress)
    mixtures, repeats = _mixtures(request, settings, pools, natural_shares(stock))
    draft = draw_design(
        stock, pool.sha256, settings, pools, mixtures, replicates=request.replicates, repeats=repeats,
        orders=request.orders,
        seed=request.seed, prefix=request.prefix, earlier=earlier if request.extend else None, progress=progress,
    )  # fmt: skip
    return Laid(draft, stock)


def keep(laid: Laid, folder: Path, progress: Progress | None = None) -> Design:
    """Make the damaged windows that the runs need, and write the design; ``folder`` is new or empty."""
    if isinstance(laid.stock, WindowStock):
        prepare(laid.draft.rows.values(), laid.design, laid.stock, progress)
    return write_design(laid.design, laid.draft.rows, folder, progress)


def open_stock(
    pool: Pool, settings: Settings, tokenizer: Path | None = None, progress: Progress | None = None
) -> Stock:
    """The text that runs of these settings draw from; tokenised where windows are counted.

    Raises
    ------
    DesignError : a domain has not one whole window or training document.
    """
    stock: Stock
    if settings.unit == "documents":
        stock = document_stock(pool, settings)
    else:
        place = tokenizer or pool.folder / TOKENIZER_FOLDER
        stock = window_stock(tokenise(pool.folder, place, progress), settings, place)
    for name, size in zip(settings.domains, stock.sizes, strict=True):
        if not size:
            raise DesignError(
                f"The domain {name!r} has no whole {settings.unit[:-1]} to train on; give it more text."
            )
    return stock


def natural_shares(stock: Stock) -> NDArray[np.float64]:
    """(K,) shares that the domains have by themselves, in the unit of the runs."""
    sizes = np.array(stock.sizes, dtype=float)
    shares: NDArray[np.float64] = sizes / sizes.sum()
    return shares


def _earlier(request: DesignRequest, pool: Pool) -> Design:
    earlier = read_design(request.like or Path())
    check_pool(earlier, pool.sha256)
    if request.plan is None and request.seed == earlier.seed:
        raise DesignError(
            f"The design in {request.like} was drawn from the seed {earlier.seed} too, and so would its mixtures be; "
            "give another seed."
        )
    return earlier


def _settings(
    request: DesignRequest, pool: Pool, earlier: Design | None
) -> tuple[Settings, dict[str, PoolState]]:
    if earlier is not None:
        return earlier.settings, earlier.pools
    settings = Settings(
        pool.domains,
        unit="windows" if request.documents is None else "documents",
        examples=request.windows if request.documents is None else request.documents,
        seq=request.seq,
        set_aside=request.set_aside,
        max_epochs=request.max_epochs,
        pools_seed=request.seed,
        order_seed=request.seed,
    )
    if request.states is not None:
        return settings, read_states(request.states, pool.domains)
    return settings, draw_pools(settings, request.pools, request.kinds)


def _mixtures(
    request: DesignRequest, settings: Settings, pools: dict[str, PoolState], natural: NDArray[np.float64]
) -> tuple[Mixtures, tuple[int, ...] | None]:
    if request.plan is None:
        return draw_mixtures(request.law, request.runs, settings.domains, pools, natural, request.seed), None
    if request.replicates:
        raise DesignError(
            "A plan says itself how often its runs are made (column repeats); leave --replicates out."
        )
    planned = read_planned(request.plan, settings.domains)
    return planned.on(tuple(pools)), planned.repeats
