"""How a run is trained: step size, warm-up and decay, the same for every mixture of a study."""

from __future__ import annotations

import math
from dataclasses import dataclass

FLOOR = 0.05  # of the peak that is left at the end
WARM_UP = 20  # one in so many steps rises


@dataclass(frozen=True)
class Recipe:
    """Settings of one training.

    Attributes
    ----------
    batch : windows a step. peak : learning rate after the warm-up. decay : weight decay of AdamW.
    clip : largest norm of the gradient.
    """

    batch: int = 4
    peak: float = 4e-3
    decay: float = 0.1
    clip: float = 1.0

    def rate(self, step: int, steps: int) -> float:
        """Learning rate at ``step`` 0..steps-1: linear up, then a cosine down to ``FLOOR`` of the peak."""
        warm = max(1, steps // WARM_UP)
        cosine = 0.5 * (1.0 + math.cos(math.pi * step / steps))
        return self.peak * min(1.0, (step + 1) / warm) * (FLOOR + (1.0 - FLOOR) * cosine)
