"""``meta.json`` of a tokenised pool: what is done, and what it was made from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.files import write_atomically
from causalmix_core.pools.document import SPLITS
from causalmix_core.pools.pool_file import pretty_json
from causalmix_core.pools.token_stream import TokenCount, token_type

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.document import Split
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer

    Counts = dict[str, dict[Split, TokenCount]]

SCHEMA = "causalmix/tokens@1"
TOKENS = "tokens"
META_FILE = "meta.json"


@dataclass(frozen=True)
class TokenTotals:
    """Tokens of each domain under one tokenizer, both splits together; domains not yet done are absent."""

    tokenizer_sha256: str
    tokens: dict[str, int]


def write_meta(folder: Path, pool: Pool, tokenizer: LoadedTokenizer, counts: Counts) -> None:
    """Write down which domains are done."""
    meta = {
        "schema": SCHEMA,
        "pool_sha256": pool.sha256,
        "tokenizer_sha256": tokenizer.sha256,
        "eos": tokenizer.eos,
        "vocabulary": tokenizer.vocabulary,
        "domains": {
            name: {split: vars(counts[name][split]) for split in SPLITS}
            for name in pool.domains
            if name in counts
        },
    }
    write_atomically(folder / META_FILE, pretty_json(meta))


def counts_so_far(folder: Path, pool: Pool, tokenizer: LoadedTokenizer) -> Counts:
    """The domains that are done, as far as their files are there in full."""
    meta = _meta(folder, pool)
    if meta is None or meta["tokenizer_sha256"] != tokenizer.sha256:
        return {}
    counts = _counts(meta, pool)
    width = token_type(tokenizer.vocabulary).itemsize
    return {
        name: counts[name]
        for index, name in enumerate(pool.domains)
        if name in counts
        and all(
            _size(folder / f"{index:02d}.{split}.bin") == counts[name][split].tokens * width
            and _size(folder / f"{index:02d}.{split}.offsets.npy") > 0
            for split in SPLITS
        )
    }


def token_totals(pool: Pool) -> tuple[TokenTotals, ...]:
    """What the pool's folder knows of tokens, one entry per tokenizer, in a fixed order."""
    found = []
    for folder in sorted((pool.folder / TOKENS).glob("*/")):
        meta = _meta(folder, pool)
        if meta is not None:
            counts = _counts(meta, pool)
            sums = {name: sum(count.tokens for count in counts[name].values()) for name in counts}
            found.append(TokenTotals(str(meta["tokenizer_sha256"]), sums))
    return tuple(found)


def _meta(folder: Path, pool: Pool) -> dict[str, Any] | None:
    """The file's content, where it is of this pool and whole."""
    try:
        meta = json.loads((folder / META_FILE).read_bytes())
        ours = meta["schema"] == SCHEMA and meta["pool_sha256"] == pool.sha256
        _counts(meta, pool)
        meta["tokenizer_sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return meta if ours else None


def _counts(meta: dict[str, Any], pool: Pool) -> Counts:
    done = meta["domains"]
    return {
        name: {split: TokenCount(**done[name][split]) for split in SPLITS}
        for name in pool.domains
        if name in done
    }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
