"""Bits per byte of whole documents under any causal language model, with its own tokenizer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def documents_bits_per_byte(
    model: Any, tokenizer: Any, documents: Mapping[str, Sequence[str]], max_length: int
) -> dict[str, float]:
    """Domain -> sum of -log2 p(token) over sum of bytes, each document cut to ``max_length`` tokens.

    The first token, which nothing foretells, counts in neither sum where the tokenizer has no token that
    begins a text.
    """
    import torch
    from torch.nn import functional

    device = next(model.parameters()).device
    start = [tokenizer.bos_token_id] if tokenizer.bos_token_id is not None else []
    found = {}
    model.eval()
    with torch.no_grad():
        for domain, texts in documents.items():
            bits, size = 0.0, 0
            for text in texts:
                ids = (start + tokenizer(text, add_special_tokens=False).input_ids)[:max_length]
                if len(ids) < 2:
                    continue
                tokens = torch.tensor([ids], device=device)
                logits = model(input_ids=tokens[:, :-1]).logits.float()
                loss = functional.cross_entropy(logits[0], tokens[0, 1:], reduction="sum")
                bits += float(loss) / math.log(2.0)
                size += len(tokenizer.decode(ids[1:]).encode())
            found[domain] = bits / max(size, 1)
    return found
