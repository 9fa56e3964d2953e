"""Tiny language models: the Qwen2 architecture of the paper's runs, at sizes that one core trains in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = 256  # tokens that a window predicts
ATTENTION = "eager"  # at this size faster than the fused kernels on a CPU


@dataclass(frozen=True)
class Architecture:
    """Sizes of a Qwen2 model with tied embeddings.

    Attributes
    ----------
    hidden, layers, heads, key_value_heads, feed_forward : as in transformers' ``Qwen2Config``.
    """

    hidden: int
    layers: int
    heads: int
    key_value_heads: int
    feed_forward: int


# By parameters with a vocabulary of 1,024.
SIZES: dict[str, Architecture] = {
    "0.1M": Architecture(64, 1, 2, 1, 160),
    "0.5M": Architecture(128, 2, 4, 2, 352),
    "1M": Architecture(160, 3, 5, 5, 416),
    "3M": Architecture(256, 4, 4, 2, 704),
    "10M": Architecture(384, 6, 6, 2, 1056),
}


def new_model(size: str, vocabulary: int, seed: int) -> Any:
    """A model with random weights.

    Parameters
    ----------
    size : a key of ``SIZES``. vocabulary : > 0, size of the tokenizer's. seed : of the weights.

    Raises
    ------
    ProxyError : no such size.
    """
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    if size not in SIZES:
        raise ProxyError(f"There is no model size {size!r}: choose one of {', '.join(SIZES)}.")
    found = SIZES[size]
    config: Any = Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=found.hidden,
        num_hidden_layers=found.layers,
        num_attention_heads=found.heads,
        num_key_value_heads=found.key_value_heads,
        intermediate_size=found.feed_forward,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        use_cache=False,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=None,
    )
    config._attn_implementation = ATTENTION
    torch.manual_seed(seed)
    return Qwen2ForCausalLM(config)


def load_model(folder: Path) -> Any:
    """A model that :func:`save_model` wrote; nothing is fetched from anywhere.

    Raises
    ------
    ProxyError : the folder holds no such model.
    """
    from transformers import Qwen2ForCausalLM

    _no_bars()
    try:
        return Qwen2ForCausalLM.from_pretrained(folder, local_files_only=True, attn_implementation=ATTENTION)
    except (OSError, ValueError, RuntimeError) as problem:
        raise ProxyError(f"{folder.name} holds no base model that can be loaded: {problem}") from problem


def save_model(model: Any, folder: Path) -> None:
    """Write config.json and model.safetensors."""
    _no_bars()
    model.save_pretrained(folder, safe_serialization=True)


def _no_bars() -> None:
    """A model of a megabyte needs no progress bar."""
    from transformers.utils import logging

    told: Any = logging
    told.disable_progress_bar()


def parameters(model: Any) -> int:
    """Number of parameters, tied ones once."""
    return sum(parameter.numel() for parameter in model.parameters())


def flops_per_token(model: Any, context: int = CONTEXT) -> int:
    """Floating point operations of a training step per token: six per parameter, and causal attention's."""
    config = model.config
    return 6 * parameters(model) + 6 * config.num_hidden_layers * config.hidden_size * context
