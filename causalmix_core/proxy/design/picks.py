"""Which rows of text a run draws: exact damaged parts, common random numbers, an even interleave.

A pick is three whole numbers: the domain that the text comes from, its row, and what is done to it. Two runs with one
order seed draw the same rows in the same order from each domain, the longer draw continuing the shorter, and the
same places of a domain's draw are damaged first as its quality falls: runs differ by mixture and pool alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.states import DomainState, pool_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.proxy.design.design import Settings
    from causalmix_core.proxy.design.states import PoolState

    Rows = NDArray[np.int64]

GOLDEN = 0.6180339887498949
# What is done to a row (third number of a pick). GARBLED + p: p percent of its characters are garbled. SORTED: the row
# counts windows of the domain's text sorted by stratum.
CLEAN, SHUFFLED, BOILERPLATE, SORTED, GARBLED = 0, 1, 2, 3, 100
# First words of seeds: draws for different purposes never share a stream.
_ASIDE, _ORDER, _PLACES, _FOREIGN, _NARROW, _INTERLEAVE, _FEW = range(1, 8)
_COVARIATES = 2**32  # order seed of the rows set aside; no run can have it


class Stock(Protocol):
    """The text that rows are drawn from."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Rows of each domain."""
        ...

    def aside(self, domain: int) -> Rows:
        """Rows of a domain set aside for covariates, which no run trains on, ascending."""
        ...

    def sorted_rows(self, domain: int) -> Rows:
        """(m, 2) row and code of the domain's text in the order of its strata, without what is set aside."""
        ...

    def measured(self, domain: int, measure: str) -> NDArray[np.float64]:
        """(size,) a measure of every row."""
        ...


def set_aside(size: int, domain: int, most: int) -> Rows:
    """Rows of a domain that no run trains on, ascending: ``most``, or a tenth of a small domain.

    They depend on the domain's place and size alone, so that every design on a pool spares the same rows.
    """
    rng = np.random.default_rng([_ASIDE, domain])
    return np.sort(rng.permutation(size)[: min(most, size // 10)])


@dataclass(frozen=True, eq=False)
class Picker:
    """Draws rows from one stock under one design's settings; keeps the orders it made."""

    stock: Stock
    settings: Settings
    _orders: dict[tuple[object, ...], Rows] = field(default_factory=dict)

    def run(self, pool: PoolState, pool_id: str, counts: dict[str, int], order_seed: int) -> list[Rows]:
        """(n_k, 3) picks of each domain k, in the order in which they are drawn.

        Raises
        ------
        DesignError : a domain is smaller than its share asks; names the domain, what is needed and what there is.
        """
        return [
            self.domain(k, pool[name], pool_id, counts[name], order_seed)
            for k, name in enumerate(self.settings.domains)
        ]

    def covariates(self, state: DomainState, pool_id: str, domain: int) -> Rows:
        """(s, 3) picks of the rows set aside, damaged as the pool's are; fewer where the pool is filtered or tilted."""
        aside = self.aside(domain)
        if not len(aside):
            raise DesignError(
                f"The domain {self.settings.domains[domain]!r} has {self.stock.sizes[domain]} rows and none set aside "
                "for covariates; it needs 10 or more."
            )
        kept = self._kept(domain, state, aside)
        if state.tilt:
            kept = self._shuffled(domain, state, kept, _COVARIATES, 0)[: max(1, len(kept) // 2)]
        return self._damaged(domain, state, pool_id, kept, _COVARIATES)

    def domain(self, domain: int, state: DomainState, pool_id: str, count: int, order_seed: int) -> Rows:
        """(count, 3) picks of one domain."""
        return self._damaged(
            domain, state, pool_id, self._clean(domain, state, count, order_seed), order_seed
        )

    def aside(self, domain: int) -> Rows:
        """Rows of the domain set aside for covariates."""
        return self._once(("aside", domain), lambda: self.stock.aside(domain))

    def available(self, domain: int, state: DomainState) -> Rows:
        """Rows of the domain that runs on this pool may train on, ascending."""

        def make() -> Rows:
            own = np.ones(self.stock.sizes[domain], dtype=bool)
            own[self.aside(domain)] = False
            return self._kept(domain, state, np.flatnonzero(own))

        return self._once(("available", domain, state.keep), make)

    def _once(self, key: tuple[object, ...], make: Callable[[], Rows]) -> Rows:
        if key not in self._orders:
            self._orders[key] = make()
        return self._orders[key]

    def _kept(self, domain: int, state: DomainState, rows: Rows) -> Rows:
        """The part of ``rows`` that the state's filter keeps, ascending."""
        if state.keep is None:
            return rows
        score = self.stock.measured(domain, state.keep.by)[rows]
        best = np.argsort(-score, kind="stable")[: int(np.ceil(state.keep.fraction * len(rows)))]
        return np.sort(rows[best])

    def _clean(self, domain: int, state: DomainState, count: int, order_seed: int) -> Rows:
        """``count`` rows in the order of drawing; each epoch in an order of its own."""
        rows = self.available(domain, state)
        epochs = -(-count // len(rows)) if len(rows) else count + 1
        if epochs > self.settings.max_epochs:
            self._refuse(domain, count, len(rows))
        orders = [self._order(domain, state, rows, order_seed, epoch) for epoch in range(epochs)]
        return np.concatenate([*orders, np.empty(0, dtype=np.int64)])[:count]

    def _order(self, domain: int, state: DomainState, rows: Rows, order_seed: int, epoch: int) -> Rows:
        key = ("order", domain, order_seed, epoch, state.keep, state.tilt)
        return self._once(key, lambda: self._shuffled(domain, state, rows, order_seed, epoch))

    def _shuffled(self, domain: int, state: DomainState, rows: Rows, order_seed: int, epoch: int) -> Rows:
        """Rows in random order, heavier ones earlier: weighted draws without replacement.

        Gumbel noise on log weights (Efraimidis and Spirakis 2006 in other words), drawn for all rows of the domain,
        so that filtered and tilted pools keep the order of the healthy one as far as they can.
        """
        noise = np.random.default_rng([_ORDER, order_seed, domain, epoch]).gumbel(
            size=self.stock.sizes[domain]
        )
        keys = noise[rows]
        if state.tilt:
            score = self.stock.measured(domain, state.tilt.by)[rows]
            spread = float(score.std())
            keys = keys + state.tilt.strength * (score - score.mean()) / (spread if spread > 0.0 else 1.0)
        return rows[np.argsort(-keys, kind="stable")]

    def _damaged(self, domain: int, state: DomainState, pool_id: str, rows: Rows, order_seed: int) -> Rows:
        """Picks of clean ``rows`` with exactly the state's part of them damaged, evenly spread."""
        picks = np.column_stack([np.full_like(rows, domain), rows, np.full_like(rows, CLEAN)])
        bad = state.damaged(len(rows))
        if not bad:
            return picks
        offset = np.random.default_rng([_PLACES, order_seed, domain]).random()
        spread = (np.arange(1, len(rows) + 1) * GOLDEN + offset) % 1.0
        at = np.sort(np.argsort(spread, kind="stable")[:bad])
        picks[at] = self._replacement(domain, state, pool_id, rows[at], order_seed)
        return picks

    def _replacement(
        self, domain: int, state: DomainState, pool_id: str, rows: Rows, order_seed: int
    ) -> Rows:
        """(len(rows), 3) what stands in the damaged places, ``rows`` being what stood there."""
        own = np.full_like(rows, domain)
        if state.damage == "dup":
            few = self._few(domain, state, pool_id, order_seed == _COVARIATES)
            return np.column_stack([own, few[np.arange(len(rows)) % len(few)], np.zeros_like(rows)])
        if state.damage == "narrow":
            listed = self._narrow(domain, state, pool_id, order_seed == _COVARIATES)
            order = np.random.default_rng([_NARROW, order_seed, domain]).permutation(len(listed))
            return np.column_stack([own, listed[order[np.arange(len(rows)) % len(listed)]]])
        if state.damage == "foreign":
            return self._foreign(domain, len(rows), order_seed)
        code = {"shuffle": SHUFFLED, "boiler": BOILERPLATE}.get(state.damage or "")
        if code is None:
            code = GARBLED + round(100 * (state.amount or 0.0))
        return np.column_stack([own, rows, np.full_like(rows, code)])

    def _few(self, domain: int, state: DomainState, pool_id: str, covariates: bool) -> Rows:
        """The rows that a domain with duplicates repeats; among those set aside for its covariates."""
        rows = self._kept(domain, state, self.aside(domain)) if covariates else self.available(domain, state)
        rng = np.random.default_rng([pool_seed(self.settings.pools_seed, pool_id), _FEW, domain])
        return rng.choice(rows, size=min(int(state.amount or 1), len(rows)), replace=False)

    def _narrow(self, domain: int, state: DomainState, pool_id: str, covariates: bool) -> Rows:
        """(m, 2) row and code of neighbouring rows of one stratum; the next ones after them for covariates.

        Those are spared by this pool's damage, though its undamaged rows may hold the same text.
        """
        listed = self._once(("sorted", domain), lambda: self.stock.sorted_rows(domain))
        if not len(listed):
            listed = np.column_stack([(rows := self.available(domain, state)), np.zeros_like(rows)])
        width = max(1, min(int(state.amount or 1), len(listed) // 2))
        rng = np.random.default_rng([pool_seed(self.settings.pools_seed, pool_id), _NARROW, domain])
        first = int(rng.integers(max(1, len(listed) - 2 * width + 1)))
        if covariates and len(listed) > 1:
            first += width
        return listed[first : first + width]

    def _foreign(self, domain: int, count: int, order_seed: int) -> Rows:
        """(count, 3) clean rows of the other domains in turn, from those set aside for covariates."""
        k = len(self.settings.domains)
        found = np.zeros((count, 3), dtype=np.int64)
        for step in range(1, k):
            other = (domain + step) % k
            at = np.arange(step - 1, count, k - 1)
            rows = self.aside(other) if order_seed == _COVARIATES else self._trainable(other)
            if not len(rows):
                self._refuse(other, len(at), 0)
            order = np.random.default_rng([_FOREIGN, order_seed, domain, other]).permutation(len(rows))
            found[at, 0] = other
            found[at, 1] = rows[order[np.arange(len(at)) % len(rows)]]
        return found

    def _trainable(self, domain: int) -> Rows:
        """Rows that are not set aside, whatever a pool's filter keeps."""
        return self.available(domain, DomainState())

    def _refuse(self, domain: int, needed: int, available: int) -> None:
        epochs = self.settings.max_epochs
        allowed = "" if epochs == 1 else f" in {epochs} epochs"
        raise DesignError(
            f"The domain {self.settings.domains[domain]!r} is too small: a run asks for {needed:,} of its "
            f"{self.settings.unit} and {available:,} can be trained on{allowed}; take shorter runs, allow more "
            "epochs, or lower its share."
        )


def interleave(counts: list[int], order_seed: int) -> Rows:
    """(n,) domain of each place of a run: the draws of every domain spread evenly over it.

    Draw i of the n_k of a domain stands at (i + u) / n_k of the run, u uniform (systematic sampling): little noise from
    the order, and no domain bunches.
    """
    places = [
        (np.arange(n) + np.random.default_rng([_INTERLEAVE, order_seed, k]).random(n)) / max(n, 1)
        for k, n in enumerate(counts)
    ]
    domains = np.repeat(np.arange(len(counts)), counts)
    return domains[np.argsort(np.concatenate(places), kind="stable")]
