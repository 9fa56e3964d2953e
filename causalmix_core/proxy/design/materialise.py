"""A run's text as a JSONL file, so that any trainer can train on it and need not know of mixtures.

Texts pass through a spool on disk: memory holds the numbers of rows, never the text of a run.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.pools.document import Document
from causalmix_core.proxy.design.damaged_windows import damage_rng, damaged_text
from causalmix_core.proxy.design.picks import BOILERPLATE, CLEAN
from causalmix_core.proxy.design.rows import check_pool, document_stock, rows_of, window_stock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import BinaryIO

    from numpy.typing import NDArray

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.tokens import TokenisedPool
    from causalmix_core.proxy.design.design import Design, Run
    from causalmix_core.proxy.design.document_stock import DocumentStock

    Rows = NDArray[np.int64]

Layout = Literal["text", "prompt", "messages"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
_AT_ONCE = 256


@dataclass(frozen=True)
class Materialised:
    """A file that was written: its path, lines, bytes and SHA-256."""

    path: Path
    lines: int
    bytes: int
    sha256: str


def materialise(
    run: Run,
    design: Design,
    pool: Pool | TokenisedPool,
    path: str | PathLike[str],
    *,
    layout: Layout = "text",
    tokenizer_dir: str | PathLike[str] | None = None,
) -> Materialised:
    """Write a run's documents (or, where windows are counted, its windows' text) in the order of training.

    Parameters
    ----------
    pool : a ``Pool`` for designs that count documents, a ``TokenisedPool`` for windows.
    path : the file appears whole or not at all.
    layout : keys of a line. "text": text, response_start (where the response begins, or null), domain;
        "prompt": prompt, completion, domain; "messages": messages (user where there is a prompt, assistant), domain.

    Raises
    ------
    DesignError : another pool or kind of pool, an unknown layout, or stored rows that are missing or changed.
    """
    if layout not in LAYOUTS:
        raise DesignError(f"There is no layout {layout!r}; choose among {', '.join(LAYOUTS)}.")
    if design.settings.unit == "windows":
        lines = _window_lines(run, design, pool, layout, tokenizer_dir)
    else:
        lines = _document_lines(run, design, pool, layout, Path(path).parent)
    return _write(Path(path), lines)


def _window_lines(
    run: Run,
    design: Design,
    pool: Pool | TokenisedPool,
    layout: Layout,
    tokenizer_dir: str | PathLike[str] | None,
) -> Iterator[bytes]:
    from causalmix_core.pools.tokens import TokenisedPool

    if not isinstance(pool, TokenisedPool):
        raise DesignError("The design counts windows; give the tokenised pool that it was drawn for.")
    check_pool(design, pool.pool_sha256)
    stock = window_stock(pool, design.settings, tokenizer_dir)
    rows = rows_of(run, design, stock)
    picks = rows.in_order()
    for start in range(0, len(picks), _AT_ONCE):
        texts = stock.texts(stock.windows(picks[start : start + _AT_ONCE]))
        for text, domain in zip(texts, rows.order[start : start + _AT_ONCE].tolist(), strict=True):
            yield _line(Document(text, None, None, "train"), design.settings.domains[domain], layout)


def _document_lines(
    run: Run, design: Design, pool: Pool | TokenisedPool, layout: Layout, folder: Path
) -> Iterator[bytes]:
    from causalmix_core.pools.pool import Pool

    if not isinstance(pool, Pool):
        raise DesignError("The design counts documents; give the pool that it was drawn for.")
    check_pool(design, pool.sha256)
    stock = document_stock(pool, design.settings)
    rows = rows_of(run, design, stock)
    picks = rows.in_order()
    with tempfile.TemporaryFile(dir=folder) as spool:
        places = _spooled(stock, picks, spool)
        for pick, domain in zip(map(tuple, picks.tolist()), rows.order.tolist(), strict=True):
            begin, size = places[pick]
            spool.seek(begin)
            yield _line(_unpack(spool.read(size)), design.settings.domains[domain], layout)


def _spooled(stock: DocumentStock, picks: Rows, spool: BinaryIO) -> dict[tuple[int, ...], tuple[int, int]]:
    """Write each different pick's document once; pick -> (begin, size) in the spool."""
    places: dict[tuple[int, ...], tuple[int, int]] = {}
    for pick, document in picked_documents(stock, picks):
        packed = json.dumps(vars(document)).encode()
        places[pick] = spool.tell(), len(packed)
        spool.write(packed)
    return places


def picked_documents(stock: DocumentStock, picks: Rows) -> Iterator[tuple[tuple[int, int, int], Document]]:
    """Each different pick of (n, 3) with its document, damaged as it says; in the order of the stock, streamed."""
    wanted: dict[tuple[int, int], list[int]] = {}
    for domain, row, code in np.unique(picks, axis=0).tolist():
        wanted.setdefault((domain, row), []).append(code)
    for domain in sorted({domain for domain, _ in wanted}):
        for row, document in enumerate(stock.documents(domain)):
            for code in wanted.get((domain, row), ()):
                yield (domain, row, code), _with_damage(document, domain, row, code)


def _unpack(packed: bytes) -> Document:
    return Document(**json.loads(packed))


def _with_damage(document: Document, domain: int, row: int, code: int) -> Document:
    """The document after a pick's damage: prompt and response apart, so that each keeps its place."""
    if code == CLEAN:
        return document
    rng = damage_rng(domain, code, row)
    if code == BOILERPLATE:
        return Document(damaged_text(document.text, code, rng), None, None, "train")
    prompt = damaged_text(document.prompt, code, rng)
    response = damaged_text(document.response, code, rng)
    start = None if document.response_start is None else len(prompt)
    return replace(document, text=prompt + response, response_start=start)


def _line(document: Document, domain: str, layout: Layout) -> bytes:
    told: dict[str, Any]
    if layout == "text":
        told = {"text": document.text, "response_start": document.response_start}
    elif layout == "prompt":
        told = {"prompt": document.prompt, "completion": document.response}
    else:
        asked = [{"role": "user", "content": document.prompt}] if document.prompt else []
        told = {"messages": [*asked, {"role": "assistant", "content": document.response}]}
    # Not escaped, but for the line ends that some readers split at.
    text = json.dumps({**told, "domain": domain}, ensure_ascii=False)
    return (
        text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\u0085", "\\u0085") + "\n"
    ).encode("utf-8", "surrogatepass")


def _write(path: Path, lines: Iterator[bytes]) -> Materialised:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    digest, count, size = hashlib.sha256(), 0, 0
    try:
        with temporary.open("xb") as out:
            for line in lines:
                out.write(line)
                digest.update(line)
                count, size = count + 1, size + len(line)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return Materialised(path, count, size, digest.hexdigest())
