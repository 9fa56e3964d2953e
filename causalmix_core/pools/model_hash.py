"""What a model is, by content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20
PARTS = ("config.json", "*.safetensors", "tokenizer.json")


def model_sha256(folder: Path) -> str:
    """Hash of configuration, weights and tokenizer (64 hex digits), each by name and content."""
    whole = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in folder.glob(part)):
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        whole.update(f"{path.name} {digest.hexdigest()}\n".encode())
    return whole.hexdigest()
