"""What every sampler gives, and the minimum share all of them keep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.errors import DesignError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


DrawnKind = Literal["random", "designed", "chosen"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """n mixtures of K domains and how they came about.

    Attributes
    ----------
    shares : (n, K) >= 0, rows sum to 1 to rounding.
    law : the assignment law in words, with its parameters.
    kind : "random" (drawn, independently of the pool), "designed" (laid out) or "chosen" (looks at the pool).
    log_density : n natural logarithms of the density of the mixture's first K - 1 shares, or None where the
        law has no density or it is not known exactly.
    """

    shares: Array
    law: str
    kind: DrawnKind
    log_density: tuple[float | None, ...]


def without_density(shares: Array, law: str, kind: DrawnKind) -> Drawn:
    """Mixtures whose law has no density that is known exactly."""
    return Drawn(shares, law, kind, (None,) * len(shares))


def raised(parts: Array, min_share: float) -> Array:
    """(n, K) mixtures with every share at least ``min_share``: m + (1 - K m) parts, which keeps sums of 1."""
    k = parts.shape[-1]
    if not 0.0 <= min_share < 1.0 / k:
        raise DesignError(
            f"The minimum share is {min_share:g}; with {k} domains give a number from 0 to less than {1 / k:.6g}."
        )
    lifted: Array = min_share + (1.0 - k * min_share) * parts
    return lifted


def raised_log_density(log_density: Array, domains: int, min_share: float) -> tuple[float | None, ...]:
    """Densities of mixtures after :func:`raised`, which shrinks K - 1 free shares by 1 - K m each."""
    shrunk = log_density - (domains - 1) * math.log1p(-domains * min_share)
    return tuple(float(value) if math.isfinite(value) else None for value in shrunk)


def floor_words(min_share: float) -> str:
    """How a law's text names its minimum share."""
    return f", minimum share {min_share:g}" if min_share else ""
