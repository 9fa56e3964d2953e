"""A pool of 740 made documents in three domains, a model with opinions on it, and texts that are hard to cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from causalmix_core.pools.document import Document
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.scoring.device import Device
from causalmix_core.proxy.training.architecture import new_model, save_model
from tests.proxy.design.pools import made_pool

CPU = Device("cpu", "float32")


def sharpen(model, factor: float = 6.0):
    """Random weights are nearly indifferent; larger ones have opinions."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(factor)
    return model


@pytest.fixture(scope="session")
def scored_pool(tmp_path_factory):
    """The pool, with a model in POOL_DIR/base."""
    folder = tmp_path_factory.mktemp("scored") / "pool"
    made_pool(folder)
    save_model(sharpen(new_model("0.5M", 300, 7)), folder / "base")
    shutil.copy(folder / "tokenizer" / "tokenizer.json", folder / "base" / "tokenizer.json")
    return open_pool(folder)


@pytest.fixture(scope="session")
def model_dir(scored_pool) -> Path:
    return scored_pool.folder / "base"


def document(text: str, response_start: int | None = None) -> Document:
    return Document(text, response_start, None, "train")


@pytest.fixture(scope="session")
def hard_documents() -> list[Document]:
    """Lengths from one token to more than the model sees, prompts that end within a token, every kind of letter."""
    return [
        document("a"),
        document("alpha beta gamma delta", 8),
        document("prompt only, and nothing " + "else " * 80, 420),
        document("größe 你好 🙂 naïve " * 9, 13),
        document("<eos> is plain text here <eos>", 3),
        document("epsilon zeta " * 14),
        document("theta iota kappa " * 60, 40),
    ]
