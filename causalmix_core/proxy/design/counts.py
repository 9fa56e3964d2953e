"""Whole examples from shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Remainders nearer to each other than this are equal, so that rounding of shares does not decide.
TIE = 1e-9


def largest_remainder(shares: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """(K,) whole numbers that sum to exactly ``total``, each within 1 of share x total (Hamilton's method).

    The whole parts are given first, then one more each to the largest remainders; among equal ones to the
    first domain. Shares (K,) >= 0 are closed to 1 before.
    """
    quota = shares / shares.sum() * total
    counts = np.floor(quota + TIE).astype(np.int64)
    left = int(total - counts.sum())
    remainder = np.round((quota - counts) / TIE)
    counts[np.argsort(-remainder, kind="stable")[:left]] += 1
    return counts
