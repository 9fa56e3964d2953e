"""Whole documents as rows, for trainers that take documents. A row is a place among a domain's training documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.proxy.design.measures import MEASURES
from causalmix_core.proxy.design.picks import CLEAN, set_aside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from causalmix_core.pools.document import Document
    from causalmix_core.pools.pool import Pool

    Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DocumentStock:
    """The training documents of a pool; texts are streamed, only numbers are kept.

    Attributes
    ----------
    pool : the pool of text.
    most_aside : documents of each domain set aside for covariates, at most.
    """

    pool: Pool
    most_aside: int
    _measured: dict[tuple[int, str], NDArray[np.float64]] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Training documents of each domain."""
        return tuple(sum(1 for _ in self.documents(k)) for k in range(len(self.pool.domains)))

    def documents(self, domain: int) -> Iterator[Document]:
        """Training documents of a domain, in the order of their rows."""
        return (d for d in self.pool.documents(self.pool.domains[domain]) if d.split == "train")

    def aside(self, domain: int) -> Rows:
        """Rows of a domain that no run trains on, ascending."""
        return set_aside(self.sizes[domain], domain, self.most_aside)

    def sorted_rows(self, domain: int) -> Rows:
        """(m, 2) rows that are not set aside in the order of their strata, and what is done to them: nothing."""
        strata = [document.stratum or "" for document in self.documents(domain)]
        spared = set(self.aside(domain).tolist())
        rows = [row for row in sorted(range(len(strata)), key=strata.__getitem__) if row not in spared]
        return np.column_stack([np.array(rows, dtype=np.int64), np.full(len(rows), CLEAN)])

    def measured(self, domain: int, measure: str) -> NDArray[np.float64]:
        """(size,) a measure of every document's text."""
        key = domain, measure
        if key not in self._measured:
            texts = (document.text for document in self.documents(domain))
            self._measured[key] = np.fromiter(map(MEASURES[measure], texts), dtype=float)
        return self._measured[key]
