"""Texts as the tokens that a model is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.pools.scoring.definitions import ENTROPY_TOKENS, LOSS_TOKENS
from causalmix_core.pools.tokenizer_folder import configured_token, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.document import Document
    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer

# A text is cut before it is tokenised, so that one of a gigabyte does not take hundreds: first to so many
# characters a token, twice as many while that is too short.
_CHARACTERS_A_TOKEN = 16
# Tokens at the cut may differ from those of the whole text; so many more than needed are made.
_MARGIN = 32


@dataclass(frozen=True)
class Limits:
    """Most tokens of a document that are looked at.

    Attributes
    ----------
    loss : for the loss. entropy : for the entropies. Both are at most the model's context.
    """

    loss: int = LOSS_TOKENS
    entropy: int = ENTROPY_TOKENS

    @property
    def most(self) -> int:
        """The larger of both."""
        return max(self.loss, self.entropy)

    def within(self, context: int | None) -> Limits:
        """The limits of a model that sees so many tokens; None: any number."""
        return self if context is None else Limits(min(self.loss, context), min(self.entropy, context))


@dataclass(frozen=True, eq=False)
class Encoded:
    """One text for a model.

    Attributes
    ----------
    context : the token that stands in front; it is not scored.
    ids : (n,) tokens to score.
    response_from : the first token of the response, n where there is none.
    loss_bytes : UTF-8 bytes of the text that the first ``Limits.loss`` tokens stand for.
    """

    context: int
    ids: NDArray[np.int64]
    response_from: int
    loss_bytes: int


@dataclass(frozen=True)
class Encoder:
    """A model's tokenizer, the token that begins a text, and the limits.

    Attributes
    ----------
    start : the beginning of text where the tokenizer names one, else the end that stands between documents.
    """

    tokenizer: LoadedTokenizer
    start: int
    limits: Limits

    def encode(self, documents: Sequence[Document]) -> list[Encoded]:
        """The beginning of each document, as far as the limits allow; special tokens spelled in it are plain text."""
        texts = [document.text for document in documents]
        spans = self._spans(texts)
        return [
            self._encoded(document, ids, places)
            for document, (ids, places) in zip(documents, spans, strict=True)
        ]

    def _spans(self, texts: list[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        cut = _CHARACTERS_A_TOKEN * self.limits.most
        found = self.tokenizer.encode_spans([text[:cut] for text in texts])
        for i, text in enumerate(texts):
            size = cut
            while size < len(text) and len(found[i][0]) < self.limits.most + _MARGIN:
                size *= 2
                found[i] = self.tokenizer.encode_spans([text[:size]])[0]
        return found

    def _encoded(self, document: Document, ids: list[int], places: list[tuple[int, int]]) -> Encoded:
        """A token belongs to the response when any of its characters does."""
        whole = len(ids) <= self.limits.loss
        ids, places = ids[: self.limits.most], places[: self.limits.most]
        begins = document.response_start or 0
        response = next((i for i, (_, to) in enumerate(places) if to > begins), len(ids))
        text = document.text if whole else document.text[: places[self.limits.loss - 1][1]]
        return Encoded(self.start, np.array(ids, dtype=np.int64), response, len(text.encode()))


def open_encoder(folder: Path, limits: Limits) -> Encoder:
    """The encoder of a model's folder.

    Raises
    ------
    PoolSourceError : no ``tokenizer.json``, or one that names no end of a document.
    """
    tokenizer = open_tokenizer(folder)
    named = [tokenizer.token_id(token) for token in configured_token(folder, "bos_token")]
    start = named[0] if named and named[0] is not None else tokenizer.eos
    return Encoder(tokenizer, start, limits)
