"""From shares to whole examples that add up exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from causalmix_core.decision.whole import apportion
from causalmix_core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence


def largest_remainder(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Whole numbers that add up to ``total`` and lie within 1 of ``share * total``.

    Each share gets the whole part of its quota; what is left goes, one each, to the largest
    fractional parts (Hamilton's method), earlier entries first among equals. Reckoned in exact
    fractions, so the sum holds for any size.

    Parameters
    ----------
    shares : finite, >= 0, not all 0; they are closed to 1 first.
    total : >= 0.

    Raises
    ------
    ExportError : a share is negative or not finite, all are 0, or ``total`` is negative.
    """
    if total < 0:
        raise ExportError(f"The total must be 0 or more, not {total}.")
    try:
        exact = [Fraction(float(share)) for share in shares]
    except (ValueError, OverflowError):
        raise ExportError("Every share must be a finite number.") from None
    if sum(exact) <= 0 or min(exact) < 0:
        raise ExportError("Shares must be 0 or more and not all 0.")
    return apportion(shares, total)
