"""Token windows as rows: clean ones from the stream, damaged ones from a bank on disk.

Window r of a domain is tokens[r seq : (r + 1) seq + 1] of its training stream: ``seq`` predictions. The text sorted by
stratum is cut the same way. What is derived from the text is kept in ``<tokens>/windows-<seq>-<pool hash>/``.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.tokenizer_folder import TOKENIZER_FOLDER, open_tokenizer
from causalmix_core.proxy.design.bank import Bank
from causalmix_core.proxy.design.damaged_windows import bank_name, damaged_windows
from causalmix_core.proxy.design.measures import MEASURES
from causalmix_core.proxy.design.picks import CLEAN, SORTED, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer
    from causalmix_core.pools.tokens import TokenisedPool

    Rows = NDArray[np.int64]


Kind = TypeVar("Kind", np.float64, np.int64)


@dataclass(frozen=True, eq=False)
class WindowStock:
    """The windows of a tokenised pool.

    Attributes
    ----------
    pool : the token streams.
    seq : tokens a window predicts.
    most_aside : rows of each domain set aside for covariates, at most.
    tokenizer_dir : the tokenizer they were made by, for damaged text that is not in the bank yet; None: the pool's own.
    """

    pool: TokenisedPool
    seq: int
    most_aside: int
    tokenizer_dir: Path | None = None

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Windows of each domain."""
        tokens = (self.pool.counts[domain, "train"].tokens for domain in self.pool.domains)
        return tuple(max(0, (count - 1) // self.seq) for count in tokens)

    def aside(self, domain: int) -> Rows:
        """Rows of a domain that no run trains on, ascending."""
        return set_aside(self.sizes[domain], domain, self.most_aside)

    def windows(self, picks: Rows) -> Rows:
        """(n, seq + 1) token ids of (n, 3) picks."""
        out = np.empty((len(picks), self.seq + 1), dtype=np.int64)
        for domain, code in np.unique(picks[:, [0, 2]], axis=0).tolist():
            at = np.flatnonzero((picks[:, 0] == domain) & (picks[:, 2] == code))
            out[at] = self._of_kind(domain, code, picks[at, 1])
        return out

    def texts(self, windows: Rows) -> list[str]:
        """What (n, seq + 1) windows say, ends of documents spelled out."""
        return [self.tokenizer.decode(window) for window in windows.tolist()]

    def sorted_rows(self, domain: int) -> Rows:
        """(m, 2) windows of the text sorted by stratum, without documents that rows set aside touch."""
        total = int(self._lengths(domain)[self._sorted(domain)].sum())
        count = max(0, (total - 1) // self.seq)
        return np.column_stack([np.arange(count), np.full(count, SORTED)])

    def measured(self, domain: int, measure: str) -> NDArray[np.float64]:
        """(size,) a measure of every window's text; made once and kept."""

        def make() -> NDArray[np.float64]:
            tokens = self.pool.tokens(self.pool.domains[domain])
            starts = range(0, self.sizes[domain] * self.seq, self.seq)
            texts = (self.tokenizer.decode(tokens[at : at + self.seq + 1].tolist()) for at in starts)
            return np.fromiter(map(MEASURES[measure], texts), dtype=float, count=len(starts))

        return self._kept(f"{domain:02d}.{measure}.npy", make)

    @cached_property
    def folder(self) -> Path:
        """Where derived windows and measures are kept; made when first asked for."""
        folder = self.pool.folder / f"windows-{self.seq}-{self.pool.pool_sha256[:12]}"
        # Where nothing can be kept, what is asked for is made anew each time.
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
        return folder

    @cached_property
    def tokenizer(self) -> LoadedTokenizer:
        """The tokenizer of the streams.

        Raises
        ------
        DesignError : the folder's tokenizer is another one.
        """
        place = self.tokenizer_dir or self.pool.folder.parent.parent / TOKENIZER_FOLDER
        found = open_tokenizer(place)
        if found.sha256 != self.pool.tokenizer_sha256:
            raise DesignError(f"{place} is not the tokenizer of {self.pool.folder}; name that one.")
        return found

    def _of_kind(self, domain: int, code: int, rows: Rows) -> Rows:
        if code == CLEAN:
            return self._clean(domain, rows)
        if code == SORTED:
            return self._of_sorted(domain, rows)
        bank = Bank(self.folder, domain, bank_name(code), self.sizes[domain], self.seq)
        return bank.windows(
            rows, lambda some: damaged_windows(self._clean(domain, some), some, domain, code, self.tokenizer)
        )

    def _clean(self, domain: int, rows: Rows) -> Rows:
        at = rows[:, None] * self.seq + np.arange(self.seq + 1)
        return self.pool.tokens(self.pool.domains[domain])[at].astype(np.int64)

    def _of_sorted(self, domain: int, rows: Rows) -> Rows:
        """Windows cut from documents in the order of their strata, as if they were one stream."""
        order = self._sorted(domain)
        starts = np.concatenate([[0], np.cumsum(self._lengths(domain)[order])])
        at = rows[:, None] * self.seq + np.arange(self.seq + 1)
        document = np.searchsorted(starts, at, side="right") - 1
        begins = self.pool.offsets(self.pool.domains[domain])[order[document]]
        tokens = self.pool.tokens(self.pool.domains[domain])
        return tokens[begins + at - starts[document]].astype(np.int64)

    def _lengths(self, domain: int) -> Rows:
        return np.diff(self.pool.offsets(self.pool.domains[domain]))

    def _sorted(self, domain: int) -> Rows:
        """Documents that no row set aside touches, by stratum."""
        by_stratum = self._kept(f"{domain:02d}.strata.npy", lambda: self._by_stratum(domain))
        offsets = self.pool.offsets(self.pool.domains[domain])
        aside = self.aside(domain) * self.seq
        touched = np.zeros(len(offsets), dtype=bool)
        for first, last in zip(aside.tolist(), (aside + self.seq).tolist(), strict=True):
            begin, end = np.searchsorted(offsets, [first, last], side="right") - 1
            touched[begin : end + 1] = True
        return by_stratum[~touched[by_stratum]]

    def _by_stratum(self, domain: int) -> Rows:
        pool = open_pool(self.pool.folder.parent.parent)
        documents = pool.documents(self.pool.domains[domain])
        strata = [document.stratum or "" for document in documents if document.split == "train"]
        return np.array(sorted(range(len(strata)), key=strata.__getitem__), dtype=np.int64)

    def _kept(self, name: str, make: Callable[[], NDArray[Kind]]) -> NDArray[Kind]:
        """An array kept in the folder, made where it is not there; where nothing can be kept, made anew."""
        path = self.folder / name
        try:
            return np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            found = make()
        packed = io.BytesIO()
        np.save(packed, found, allow_pickle=False)
        with contextlib.suppress(OSError):
            write_atomically(path, packed.getvalue())
        return found
