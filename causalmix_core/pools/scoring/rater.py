"""Ratings of texts by a sequence-classification model: Writing_Style and its kin.

QuRating (Wettig et al. 2024, arXiv 2402.09739): the text in chunks of 512 tokens, the mean of the chunks' logits weighted
by their tokens. QuRater-1.3B has four heads: writing style, required expertise, facts and trivia, educational value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.scoring.batching import batches
from causalmix_core.pools.scoring.model_folder import check_vocabulary, context_of, load
from causalmix_core.pools.tokenizer_folder import configured_token, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.scoring.device import Device
    from causalmix_core.pools.tokenizer_folder import LoadedTokenizer

QURATER_HEADS = ("writing_style", "required_expertise", "facts_and_trivia", "educational_value")
CHUNK_TOKENS = 512
CHARACTERS = 65_536  # of a text that are rated, at most
_TOKENS = (4_096, 65_536)  # of a batch: processor, graphics card


@dataclass(frozen=True, eq=False)
class Rater:
    """A sequence-classification model that rates texts.

    Attributes
    ----------
    heads : names of its logits, as covariates.
    chunk : tokens of the text in a chunk, at most.
    before, after : special tokens around each chunk, for encoders that were trained with them.
    """

    model: Any
    device: Device
    tokenizer: LoadedTokenizer
    heads: tuple[str, ...]
    chunk: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    def rate(self, texts: Sequence[str], tick: Callable[[int], None] | None = None) -> NDArray[np.float64]:
        """(n, heads) token-weighted mean logits over the chunks of each text; NaN for a text without tokens."""
        chunks: list[list[int]] = []
        owners: list[int] = []
        for owner, ids in enumerate(self.tokenizer.encode([text[:CHARACTERS] for text in texts])):
            for start in range(0, len(ids), self.chunk):
                chunks.append(ids[start : start + self.chunk])
                owners.append(owner)
        sums, weights = np.zeros((len(texts), len(self.heads))), np.zeros(len(texts))
        for batch in batches([len(chunk) for chunk in chunks], _TOKENS[int(self.device.is_gpu)]):
            logits = self._logits([chunks[i] for i in batch])
            for i, row in zip(batch, logits, strict=True):
                sums[owners[i]] += len(chunks[i]) * row
                weights[owners[i]] += len(chunks[i])
            if tick is not None:
                tick(sum(len(chunks[i]) for i in batch))
        return np.where(weights[:, None] > 0.0, sums / np.maximum(weights, 1.0)[:, None], np.nan)

    def _logits(self, chunks: list[list[int]]) -> NDArray[np.float64]:
        import torch

        wrapped = [[*self.before, *chunk, *self.after] for chunk in chunks]
        ids = np.full((len(wrapped), max(map(len, wrapped))), self.model.config.pad_token_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, chunk in enumerate(wrapped):
            ids[row, : len(chunk)], mask[row, : len(chunk)] = chunk, 1
        with torch.inference_mode():
            asked, held = (torch.from_numpy(array).to(self.device.name) for array in (ids, mask))
            logits = self.model(input_ids=asked, attention_mask=held).logits
        return np.asarray(logits.float().cpu().numpy(), dtype=np.float64)


def open_rater(folder: Path, device: Device) -> Rater:
    """The rater of a model's folder.

    Raises
    ------
    PoolSourceError : no such model, no tokenizer, or two that do not belong together.
    """
    model = load("AutoModelForSequenceClassification", folder, device)
    tokenizer = open_tokenizer(folder)
    check_vocabulary(model, tokenizer.vocabulary, folder)
    before, after = (_ids(tokenizer, folder, role) for role in ("cls_token", "sep_token"))
    if model.config.pad_token_id is None:
        # Decoders rate at the last token that is not the pad. The end of a document never stands within a text here.
        model.config.pad_token_id = tokenizer.eos
    room = (context_of(model) or CHUNK_TOKENS) - len(before) - len(after)
    chunk = min(CHUNK_TOKENS - len(before) - len(after), room)
    return Rater(model, device, tokenizer, heads_of(model.config, folder), chunk, before, after)


def heads_of(config: Any, folder: Path) -> tuple[str, ...]:
    """Names of the logits: the model's own labels, QuRater's order for four without names, "rating" for one.

    Raises
    ------
    PoolSourceError : several heads without names, or two with one name.
    """
    count = int(config.num_labels)
    labels = [str(config.id2label.get(i, f"LABEL_{i}")) for i in range(count)]
    if not all(re.fullmatch(r"LABEL_\d+", label) for label in labels):
        names = tuple(re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_") for label in labels)
    elif count == len(QURATER_HEADS):
        names = QURATER_HEADS
    elif count == 1:
        names = ("rating",)
    else:
        raise PoolSourceError(
            f"The rater in {folder} has {count} heads without names; name them in id2label of its config.json."
        )
    if len(set(names)) < count or not all(names):
        raise PoolSourceError(
            f"The rater in {folder} has heads that cannot be told apart ({', '.join(labels)}); "
            "name them in id2label of its config.json."
        )
    return names


def _ids(tokenizer: LoadedTokenizer, folder: Path, role: str) -> tuple[int, ...]:
    named = (tokenizer.token_id(token) for token in configured_token(folder, role))
    return tuple(token for token in named if token is not None)
