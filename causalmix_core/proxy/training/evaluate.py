"""Held-out loss by domain, in bits per byte: comparable across tokenizers, lower is better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Windows = NDArray[np.int64]

WINDOWS = 24  # of each domain
BATCH = 16


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What runs are measured on.

    Attributes
    ----------
    windows : domain -> (n, L + 1) tokens. bytes_per_token : domain -> of its held-out text.
    """

    windows: Mapping[str, Windows]
    bytes_per_token: Mapping[str, float]


def spread_windows(tokens: NDArray[np.integer[Any]], context: int, count: int = WINDOWS) -> Windows:
    """(n, context + 1) windows evenly over a domain's held-out tokens, at most ``count``."""
    fit = min(count, (len(tokens) - 1) // context)
    starts = np.linspace(0, len(tokens) - context - 1, fit).astype(np.int64)
    return np.stack([tokens[start : start + context + 1] for start in starts]).astype(np.int64)


def bits_per_byte(model: Any, held: HeldOut) -> dict[str, float]:
    """Domain -> mean -log2 p(token) over the bytes a token stands for."""
    import torch
    from torch.nn import functional

    device = next(model.parameters()).device
    found = {}
    model.eval()
    with torch.no_grad():
        for domain, windows in held.windows.items():
            total = 0.0
            tokens = torch.from_numpy(windows).to(device)
            for start in range(0, len(windows), BATCH):
                batch = tokens[start : start + BATCH]
                logits = model(input_ids=batch[:, :-1]).logits.float().flatten(0, 1)
                total += float(functional.cross_entropy(logits, batch[:, 1:].flatten(), reduction="sum"))
            bits = total / math.log(2.0) / windows[:, 1:].size
            found[domain] = bits / held.bytes_per_token[domain]
    model.train()
    return found
