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


def save_scorer(pool_dir: Path, folder: Path, size: str) -> Path:
    """A model with the pool's tokenizer."""
    save_model(sharpen(new_model(size, 300, 7)), folder)
    shutil.copy(pool_dir / "tokenizer" / "tokenizer.json", folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="session")
def scored_pool(tmp_path_factory):
    """The pool, with a model in POOL_DIR/base."""
    folder = tmp_path_factory.mktemp("scored") / "pool"
    made_pool(folder)
    save_scorer(folder, folder / "base", "0.1M")
    return open_pool(folder)


@pytest.fixture(scope="session")
def base_dir(scored_pool) -> Path:
    """The pool's own model, of one layer."""
    return scored_pool.folder / "base"


@pytest.fixture(scope="session")
def model_dir(scored_pool, tmp_path_factory) -> Path:
    """A model of two layers."""
    return save_scorer(scored_pool.folder, tmp_path_factory.mktemp("model") / "m", "0.5M")


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
