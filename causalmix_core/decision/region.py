"""The trust region: which mixtures may be recommended at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.errors import InfeasibleRegion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Metric = Literal["tv", "kl", "l2"]
METRICS: tuple[Metric, ...] = ("tv", "kl", "l2")
# Radii that leave only the bounds in force; in KL nothing finite does, in this range it all but does.
WIDEST: dict[Metric, float] = {"tv": 1.0, "kl": 1e3, "l2": 2.0**0.5}


@dataclass(frozen=True, eq=False)
class Region:
    """Mixtures T with sum T = 1, lower <= T <= upper and D(anchor, T) <= radius.

    Attributes
    ----------
    domains : K names, for messages.
    anchor : (K,) mixture that sums to 1.
    radius : >= 0, in the metric's unit.
    metric : "tv" = 0.5 * sum |T - p| (the share of the data that moves, 0..1), "kl" = KL(p || T)
        in nats (the paper's D(p, T)), "l2" = Euclidean norm of T - p (0..sqrt 2).
    lower, upper : (K,) floors and caps as absolute shares in [0, 1]; a locked domain has both
        equal to its anchor share.
    """

    domains: tuple[str, ...]
    anchor: NDArray[np.float64]
    radius: float
    metric: Metric
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def make_region(
    domains: Sequence[str],
    anchor: NDArray[np.float64],
    radius: float,
    metric: Metric = "tv",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    locked: Sequence[str] = (),
) -> Region:
    """Region around ``anchor`` (K,) with ``bounds`` {domain: (floor, cap)} as shares in [0, 1].

    Locked domains keep their anchor share exactly, whatever their bounds say.

    Raises
    ------
    InfeasibleRegion
        A bound or lock names an unknown domain, or no mixture is left (see :func:`check_region`).
    AnchorError
        The anchor is not a mixture of these domains.
    """
    from causalmix_core.decision.feasibility import check_region

    wanted = {} if bounds is None else bounds
    unknown = [name for name in (*wanted, *locked) if name not in domains]
    if unknown:
        names, known = ", ".join(dict.fromkeys(unknown)), ", ".join(domains)
        raise InfeasibleRegion(f"There is no domain {names} to bound or lock: the domains are {known}.")
    shares = np.array(anchor, dtype=np.float64)
    lower, upper = np.zeros(len(domains)), np.ones(len(domains))
    for k, name in enumerate(domains):
        lower[k], upper[k] = wanted.get(name, (0.0, 1.0))
        if name in locked and k < len(shares):
            lower[k] = upper[k] = shares[k]
    region = Region(tuple(domains), shares, float(radius), metric, lower, upper)
    check_region(region)
    return region
