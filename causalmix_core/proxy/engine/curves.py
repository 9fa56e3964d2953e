"""The losses of a run in the making, as its progress tells them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.proxy.engine.results import PROGRESS, tail

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 200_000
_MOST_POINTS = 120


@dataclass(frozen=True)
class LossCurve:
    """Losses (nats per token) of one run at steps, at most 120 of them; ``total`` steps in all."""

    run: str
    steps: tuple[int, ...]
    losses: tuple[float, ...]
    total: int


def loss_curve(run_dir: Path, most: int = _MOST_POINTS) -> LossCurve:
    """What ``progress.jsonl`` says, evenly thinned to ``most`` points, the last one kept; empty without a loss.

    Read from the last 200 kB: of a very long run, its end.
    """
    points: dict[int, float] = {}
    total = 0
    for line in tail(run_dir / PROGRESS, _MOST_BYTES).splitlines():
        try:
            found = json.loads(line)
            step, loss = int(found["step"]), float(found["loss"])
            total = max(total, int(found["steps"]))
        except (ValueError, KeyError, TypeError):
            continue  # a line that is cut or being written
        if math.isfinite(loss):
            points[step] = loss
    steps = sorted(points)
    every = -(-len(steps) // most) if steps else 1
    kept = steps[::-1][::every][::-1]
    return LossCurve(run_dir.name, tuple(kept), tuple(points[step] for step in kept), total)
