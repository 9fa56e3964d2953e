"""From shares to whole amounts that add up exactly (Hamilton's method of largest remainders)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def apportion(
    shares: Sequence[float], total: int, limits: Sequence[int | None] | None = None
) -> tuple[int, ...]:
    """Whole numbers that add up to ``total`` and lie within 1 of ``share * total``.

    Each share gets the whole part of its quota; what is left goes, one each, to the largest
    fractional parts, earlier entries first among equals. Reckoned in exact fractions, so the sum
    holds for any size.

    Parameters
    ----------
    shares : finite, >= 0, not all 0; they are closed to 1 first.
    total : >= 0.
    limits : most of each, None for no limit; kept as long as there is room elsewhere.
    """
    exact = [Fraction(float(share)) for share in shares]
    whole = sum(exact)
    quotas = [share * total / whole for share in exact]
    # A count that rounds up is at most the total, so that is no limit.
    given = [None] * len(quotas) if limits is None else limits
    most = [total if limit is None else limit for limit in given]
    counts = [min(int(quota), limit) for quota, limit in zip(quotas, most, strict=True)]
    left = total - sum(counts)
    while left > 0:
        order = sorted(range(len(quotas)), key=lambda k: counts[k] - quotas[k])
        # A domain without a share gets nothing unless nobody else has room.
        roomy = [k for k in order if quotas[k] > 0 and counts[k] < most[k]]
        for k in (roomy or order)[:left]:
            counts[k] += 1
        left = total - sum(counts)
    return tuple(counts)
