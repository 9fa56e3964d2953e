"""Loss and entropies of texts under a causal language model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.pools.scoring.batching import batches
from causalmix_core.pools.scoring.definitions import high_entropy_rate, high_entropy_sum
from causalmix_core.pools.scoring.encoding import Limits, open_encoder
from causalmix_core.pools.scoring.model_folder import check_vocabulary, context_of, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.scoring.device import Device
    from causalmix_core.pools.scoring.encoding import Encoded, Encoder

    Array = NDArray[np.float64]
    # Given tokens done since the last call.
    Tick = Callable[[int], None]

# Tokens of a batch, and of its logits the numbers held at once: (processor, graphics card).
_TOKENS = (4_096, 32_768)
_LOGITS = (1 << 27, 1 << 31)
# Numbers turned into probabilities at once: what a processor's cache holds.
_CHUNK = (1 << 18, 1 << 27)


@dataclass(frozen=True)
class CausalScore:
    """What a model says of one text.

    Attributes
    ----------
    tokens : scored for the loss. loss_bits : sum of their -log2 p. loss_bytes : that they stand for.
    response_tokens : tokens of the response within the limit for entropies.
    hes, hes_rate : high-entropy sum and rate of those, bits; 0 for an empty response.
    """

    tokens: int
    loss_bits: float
    loss_bytes: int
    response_tokens: int
    hes: float
    hes_rate: float

    @property
    def normalized_loss(self) -> float:
        """Bits a token; NaN where there is none."""
        return self.loss_bits / self.tokens if self.tokens else math.nan

    @property
    def bits_per_byte(self) -> float:
        """Bits a byte of text; NaN where there is none."""
        return self.loss_bits / self.loss_bytes if self.tokens and self.loss_bytes else math.nan


@dataclass(frozen=True, eq=False)
class CausalScorer:
    """A causal language model that scores texts.

    Attributes
    ----------
    encoder : makes texts into its tokens, with limits within its context.
    """

    model: Any
    device: Device
    encoder: Encoder

    def score(self, texts: Sequence[Encoded], tick: Tick | None = None) -> list[CausalScore]:
        """Scores in the order of the texts.

        Texts of like length go through the model together, shorter ones filled up at the end under a mask: nothing that
        a text's tokens are asked about comes after them, so neither fill nor neighbours change a score beyond rounding.
        """
        found: dict[int, CausalScore] = {}
        most = min(_TOKENS[self._place], _LOGITS[self._place] // self._vocabulary)
        for batch in batches([len(text.ids) for text in texts], most):
            numbers = self.token_bits([texts[i] for i in batch])
            for i, (loss, entropy) in zip(batch, numbers, strict=True):
                found[i] = self._summary(texts[i], loss, entropy)
            if tick is not None:
                tick(sum(len(texts[i].ids) for i in batch))
        return [found[i] for i in range(len(texts))]

    def token_bits(self, texts: Sequence[Encoded]) -> list[tuple[Array, Array]]:
        """For each text, by one pass: (n,) -log2 p of its tokens, (n,) entropies of where they were foretold, bits."""
        import torch

        longest = max(1, *(len(text.ids) for text in texts)) if texts else 1
        inputs = np.zeros((len(texts), longest), dtype=np.int64)
        mask, targets = np.zeros_like(inputs), np.zeros_like(inputs)
        for row, text in enumerate(texts):
            n = len(text.ids)
            inputs[row, 0], inputs[row, 1:n], targets[row, :n] = text.context, text.ids[: n - 1], text.ids
            mask[row, : max(1, n)] = 1
        with torch.inference_mode():
            asked, told, held = (
                torch.from_numpy(array).to(self.device.name) for array in (inputs, targets, mask)
            )
            logits = self.model(input_ids=asked, attention_mask=held, use_cache=False).logits
            loss, entropy = self._bits(logits.flatten(0, 1), told.flatten())
        loss, entropy = loss.reshape(inputs.shape), entropy.reshape(inputs.shape)
        return [(loss[row, : len(t.ids)], entropy[row, : len(t.ids)]) for row, t in enumerate(texts)]

    def _bits(self, logits: Any, targets: Any) -> tuple[Array, Array]:
        """(m,) losses and entropies from (m, V) logits, in float32, a piece at a time."""
        import torch

        rows = max(1, _CHUNK[self._place] // logits.shape[-1])
        losses, entropies = [], []
        for some, told in zip(logits.split(rows), targets.split(rows), strict=True):
            # A logit of minus infinity stands for a probability of 0, which adds nothing to the entropy.
            logs = torch.log_softmax(some.float(), -1).clamp_(min=-1e30)
            losses.append(-logs.gather(-1, told[:, None])[:, 0])
            entropies.append(-(logs.exp().mul_(logs)).sum(-1))
        bits = 1.0 / math.log(2.0)
        loss, entropy = (torch.cat(part).cpu().numpy().astype(np.float64) for part in (losses, entropies))
        return bits * loss, bits * entropy

    def _summary(self, text: Encoded, loss: Array, entropy: Array) -> CausalScore:
        limits = self.encoder.limits
        scored = loss[: limits.loss]
        response = entropy[text.response_from : limits.entropy]
        return CausalScore(
            tokens=len(scored),
            loss_bits=float(scored.sum()),
            loss_bytes=text.loss_bytes,
            response_tokens=len(response),
            hes=high_entropy_sum(response),
            hes_rate=high_entropy_rate(response),
        )

    @property
    def _place(self) -> int:
        return int(self.device.is_gpu)

    @property
    def _vocabulary(self) -> int:
        return int(self.model.get_input_embeddings().weight.shape[0])


def open_causal(folder: Path, device: Device, limits: Limits | None = None) -> CausalScorer:
    """A scorer of a model's folder, its limits cut to the model's context.

    Raises
    ------
    PoolSourceError : no model, no tokenizer, or two that do not belong together.
    """
    model = load("AutoModelForCausalLM", folder, device)
    encoder = open_encoder(folder, (limits or Limits()).within(context_of(model)))
    check_vocabulary(model, encoder.tokenizer.vocabulary, folder)
    return CausalScorer(model, device, encoder)
