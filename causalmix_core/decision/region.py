"""The trust region: which mixtures may be recommended at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Metric = Literal["tv", "kl", "l2"]
METRICS: tuple[Metric, ...] = ("tv", "kl", "l2")


@dataclass(frozen=True, eq=False)
class Region:
    """Mixtures T with sum T = 1, lower <= T <= upper and D(anchor, T) <= radius.

    Attributes
    ----------
    domains : K names, for messages.
    anchor : (K,) mixture that sums to 1.
    radius : >= 0, in the metric's unit.
    metric : "tv" = 0.5 * sum |T - p| (the share of the data that moves, 0..1), "kl" = KL(p || T)
        in nats (the METHOD's D(p, T)), "l2" = Euclidean norm of T - p (0..sqrt 2).
    lower, upper : (K,) floors and caps as absolute shares in [0, 1]; a locked domain has both
        equal to its anchor share.
    """

    domains: tuple[str, ...]
    anchor: NDArray[np.float64]
    radius: float
    metric: Metric
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
