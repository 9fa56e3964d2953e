"""High-entropy sum and rate of one text, from the entropies of a model's next-token distributions.

Source of the sum: arXiv 2605.22389, with p = 0.005, as CausalMix uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ENTROPY_TOKENS = 4_096  # of a text, at most, for the entropies
LOSS_TOKENS = 2_048  # of a text, at most, for the loss


def high_entropy_sum(entropies: Array) -> float:
    """Sum of the entropies (n,) in bits at or above their own 99.5th percentile; 0 where there are none.

    The percentile is interpolated linearly (NumPy's), so 1 of up to 200 tokens qualifies, 2 of up to 400, and so on: the sum
    grows with length by steps. Of tokens that tie exactly at the percentile as many count as without the tie.
    """
    n = len(entropies)
    if n == 0:
        return 0.0
    return _sum_of_largest(entropies, n - (995 * (n - 1) + 999) // 1000)


def high_entropy_rate(entropies: Array) -> float:
    """Mean of the largest 5 % of the entropies (n,) in bits, of one at least; 0 where there are none.

    Unlike the sum it does not grow with length.
    """
    n = len(entropies)
    if n == 0:
        return 0.0
    count = max(1, n // 20)
    return _sum_of_largest(entropies, count) / count


def _sum_of_largest(values: Array, count: int) -> float:
    cut = len(values) - count
    return float(np.sort(np.partition(values, cut)[cut:]).sum())
