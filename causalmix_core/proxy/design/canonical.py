"""Canonical bytes of a design, and its hash: equal designs, equal bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from causalmix_core.proxy.design.design import SCHEMA

if TYPE_CHECKING:
    from causalmix_core.proxy.design.design import Run, Settings
    from causalmix_core.proxy.design.states import PoolState


def canonical(value: Any) -> bytes:
    """JSON with floats that read back exactly, UTF-8 without escapes, LF; keys in the order given.

    Domains keep the order of the pool, so keys are not sorted; NaN and infinities are refused.
    """
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def plain_design(
    pool_sha256: str, settings: Settings, seed: int, pools: dict[str, PoolState], runs: tuple[Run, ...]
) -> dict[str, Any]:
    """What a design's hash covers: everything in ``design.json`` but the hash."""
    return {
        "schema": SCHEMA,
        "pool_sha256": pool_sha256,
        "settings": settings.to_json(),
        "seed": seed,
        "pools": {name: {d: state.to_json() for d, state in pool.items()} for name, pool in pools.items()},
        "runs": [run.to_json() for run in runs],
    }


def design_hash(plain: dict[str, Any]) -> str:
    """SHA-256 (64 hex digits) of the canonical bytes."""
    return hashlib.sha256(canonical(plain)).hexdigest()
