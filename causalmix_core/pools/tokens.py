"""A pool as streams of tokens, made once per tokenizer and kept in the pool's folder.

``POOL_DIR/tokens/<first 12 hex of the tokenizer's hash>/`` holds, for domain NN and each split,

- ``NN.train.bin``: the tokens, uint16 or (vocabularies above 65,536) uint32, little-endian. Every
  document is ``<eos>`` and then its tokens, in the pool's order;
- ``NN.train.offsets.npy``: int64, where the ``<eos>`` of each document stands, and the length at the
  end; document i is ``tokens[offsets[i]:offsets[i + 1]]``;
- ``meta.json``: documents, bytes and tokens by domain and split, and what all was made from.

Text that spells a special token (``<eos>``, ``<|endoftext|>``) is plain text here, so no document can
end itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.document import SPLITS
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.token_meta import TOKENS, counts_so_far, write_meta
from causalmix_core.pools.token_stream import TokenCount, TokenStream, token_type
from causalmix_core.pools.tokenizer_folder import open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.document import Document, Split
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer

    Progress = Callable[[float, str], None]
    Tokens = NDArray[np.uint16] | NDArray[np.uint32]

# An encoding takes a hundred times the memory of its text.
_BATCH_CHARACTERS = 250_000


@dataclass(frozen=True)
class TokenisedPool:
    """The token streams of a pool.

    Attributes
    ----------
    folder : where they lie.
    pool_sha256, tokenizer_sha256 : of what they were made from.
    vocabulary : ids are below it.
    eos : id of the token in front of every document.
    counts : (domain, split) -> size.
    """

    folder: Path
    pool_sha256: str
    tokenizer_sha256: str
    vocabulary: int
    eos: int
    counts: dict[tuple[str, Split], TokenCount]

    @property
    def domains(self) -> tuple[str, ...]:
        """Names of the domains, in the order of the pool."""
        return tuple(domain for domain, split in self.counts if split == "train")

    def tokens(self, domain: str, split: Split = "train") -> Tokens:
        """The stream of one split, mapped from disk and read-only; may be empty."""
        path = self.folder / f"{self._stem(domain, split)}.bin"
        if self.counts[domain, split].tokens == 0:
            return np.empty(0, dtype=token_type(self.vocabulary))
        return np.memmap(path, dtype=token_type(self.vocabulary), mode="r")

    def offsets(self, domain: str, split: Split = "train") -> NDArray[np.int64]:
        """Where each document begins, and the length of the stream at the end: (documents + 1,)."""
        return np.load(self.folder / f"{self._stem(domain, split)}.offsets.npy", allow_pickle=False)

    def _stem(self, domain: str, split: Split) -> str:
        if (domain, split) not in self.counts:
            raise PoolSourceError(
                f"The pool has no {split!r} documents of a domain {domain!r}; "
                f"its domains are {', '.join(self.domains)}."
            )
        return f"{self.domains.index(domain):02d}.{split}"


def tokenise(
    pool_dir: str | PathLike[str], tokenizer_dir: str | PathLike[str], progress: Progress | None = None
) -> TokenisedPool:
    """Tokenise a pool, or go on where an interrupted call stopped; at once where it was done before.

    Documents are read and written as streams; a domain's files appear whole or not at all.

    Parameters
    ----------
    tokenizer_dir : folder with a ``tokenizer.json``, as transformers saves it.

    Raises
    ------
    PoolSourceError : no pool, a damaged one, or a folder without a usable tokenizer.
    """
    pool, tokenizer = open_pool(pool_dir), open_tokenizer(tokenizer_dir)
    folder = pool.folder / TOKENS / tokenizer.sha256[:12]
    folder.mkdir(parents=True, exist_ok=True)
    counts = counts_so_far(folder, pool, tokenizer)
    whole, done = sum(entry.bytes for entry in pool.entries), 0
    for entry in pool.entries:

        def report(read: int, name: str = entry.name, before: int = done) -> None:
            if progress is not None:
                progress((before + read) / whole, f"tokenising {name}")

        if entry.name not in counts:
            counts[entry.name] = _write_domain(folder, entry.index, pool, tokenizer, report)
            write_meta(folder, pool, tokenizer, counts)
        done += entry.bytes
    return TokenisedPool(
        folder=folder,
        pool_sha256=pool.sha256,
        tokenizer_sha256=tokenizer.sha256,
        vocabulary=tokenizer.vocabulary,
        eos=tokenizer.eos,
        counts={(name, split): counts[name][split] for name in pool.domains for split in SPLITS},
    )


def _write_domain(
    folder: Path, index: int, pool: Pool, tokenizer: LoadedTokenizer, report: Callable[[int], None]
) -> dict[Split, TokenCount]:
    part = secrets.token_hex(8)
    streams = {split: TokenStream(folder / f"{index:02d}.{split}", part, tokenizer) for split in SPLITS}
    read = 0
    try:
        for batch in _batches(pool.documents(pool.domains[index])):
            encoded = tokenizer.encode([document.text for document in batch])
            for document, ids in zip(batch, encoded, strict=True):
                size = len(document.text.encode())
                streams[document.split].add(ids, size)
                read += size
            report(read)
        return {split: stream.keep() for split, stream in streams.items()}
    finally:
        for stream in streams.values():
            stream.close()


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    """Documents in lists of some 250,000 characters."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
