"""The texts that describe pools: windows of tokens or documents, each different one once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.pools.document import Document
from causalmix_core.pools.scoring.encoding import Encoded
from causalmix_core.proxy.design.document_stock import DocumentStock
from causalmix_core.proxy.design.materialise import picked_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from causalmix_core.pools.scoring.encoding import Encoder
    from causalmix_core.proxy.design.window_stock import WindowStock

    Rows = NDArray[np.int64]
    Pick = tuple[int, int, int]

_AT_ONCE = 1_024


@dataclass(frozen=True, eq=False)
class Text:
    """One text to score.

    Attributes
    ----------
    key : 32 bytes, equal where the text (and where its response begins) is equal.
    document : the text. window : its tokens, None where it is a document.
    """

    key: bytes
    document: Document
    window: Rows | None

    def encoded(self, encoder: Encoder, tokenizer_sha256: str | None) -> Encoded:
        """The text for a model: a window's own tokens where the model has its tokenizer.

        A window's first token is then the context of the others and not scored, as in training.
        """
        if self.window is None or encoder.tokenizer.sha256 != tokenizer_sha256:
            return encoder.encode([self.document])[0]
        ids, limits = self.window[1:][: encoder.limits.most], encoder.limits
        size = len(encoder.tokenizer.decode(ids[: limits.loss].tolist()).encode())
        return Encoded(int(self.window[0]), ids, 0, size)


def texts_of(stock: WindowStock | DocumentStock, picks: Rows) -> Iterator[tuple[Pick, Text]]:
    """Each different pick of (n, 3) with its text, a thousand windows or one document held at a time."""
    if isinstance(stock, DocumentStock):
        for pick, document in picked_documents(stock, picks):
            told = f"{document.response_start}\n{document.text}".encode("utf-8", "surrogatepass")
            yield pick, Text(hashlib.sha256(b"document\n" + told).digest(), document, None)
        return
    different = np.unique(picks, axis=0)
    tokenizer = stock.tokenizer.sha256.encode()
    for start in range(0, len(different), _AT_ONCE):
        some = different[start : start + _AT_ONCE]
        windows = stock.windows(some)
        said = stock.texts(windows)
        for (domain, row, code), window, text in zip(some.tolist(), windows, said, strict=True):
            key = hashlib.sha256(b"window\n" + tokenizer + window.astype("<i8").tobytes()).digest()
            yield (domain, row, code), Text(key, Document(text, None, None, "train"), window)
