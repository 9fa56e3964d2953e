"""Is there any mixture in the region? Said before anything is solved, naming the rows to change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.geometry import distance
from causalmix_core.decision.region import METRICS
from causalmix_core.decision.solvers.marginals import Marginals
from causalmix_core.decision.solvers.waterfill import waterfill
from causalmix_core.errors import AnchorError, InfeasibleRegion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

# Shares that differ by less are the same share: rounding of percentages typed in and re-closed.
SAME_SHARE = 1e-9
_NAMES_SHOWN = 5


def check_region(region: Region) -> None:
    """Return when the region holds at least one mixture; else raise naming what to change.

    Raises
    ------
    AnchorError
        The anchor is not a mixture: wrong length, not finite, negative, or not adding to 1.
    InfeasibleRegion
        The radius is not a number >= 0; a bound is no share; a floor lies above its cap; floors
        add to more than 1 or caps to less; or the anchor breaks bounds farther than the radius.
    """
    check_anchor(region.domains, region.anchor)
    if region.metric not in METRICS:
        raise InfeasibleRegion(f"There is no metric {region.metric!r}: choose one of {', '.join(METRICS)}.")
    if not region.radius >= 0.0:
        raise InfeasibleRegion(f"The radius is {region.radius:g}: give a number of at least 0.")
    check_bounds(region)
    _check_reach(region)


def nearest_mixture(region: Region) -> Array:
    """(K,) mixture within the bounds nearest to the anchor in the region's metric."""
    lower, upper = region.lower[None, :], region.upper[None, :]
    zero, one = np.zeros_like(lower), np.ones((1, 1))
    penalty = "none" if region.metric == "tv" else region.metric
    # With nothing to gain every distance has its price; in total variation every filling that
    # only raises or only lowers the clipped anchor is nearest.
    marginals = Marginals(zero, zero, 1.0, region.anchor, one, penalty)
    nearest: Array = waterfill(marginals, lower, upper, one, np.clip(region.anchor, lower, upper)).shares[0]
    return nearest


def centre_of(region: Region) -> Array:
    """(K,) the anchor, or the mixture within the bounds nearest to it."""
    within = ((region.anchor >= region.lower) & (region.anchor <= region.upper)).all()
    return region.anchor if within else nearest_mixture(region)


def least_radius(region: Region) -> float:
    """Distance from the anchor to the nearest mixture within the bounds; 0 if that is the anchor."""
    if ((region.anchor >= region.lower) & (region.anchor <= region.upper)).all():
        return 0.0
    return float(distance(region.metric, region.anchor, nearest_mixture(region)))


def check_anchor(domains: tuple[str, ...], shares: Array) -> None:
    """Return when ``shares`` are a mixture of these domains; else raise :class:`AnchorError`."""
    if shares.shape != (len(domains),):
        raise AnchorError(f"The anchor has {shares.size} shares for {len(domains)} domains.")
    if not (np.isfinite(shares).all() and (shares >= 0.0).all()):
        k = int(np.argmin(np.where(np.isfinite(shares), shares, -np.inf)))
        raise AnchorError(
            f"The anchor gives {domains[k]} a share of {shares[k]:g}: shares are numbers of at least 0."
        )
    if abs(shares.sum() - 1.0) > SAME_SHARE:
        raise AnchorError(f"The anchor's shares add to {_percent(shares.sum())}: they must add to 100 %.")


def check_bounds(region: Region) -> None:
    """Return when some mixture keeps floors and caps; else raise :class:`InfeasibleRegion`."""
    _check_rows(region)
    _check_sums(region)


def _check_rows(region: Region) -> None:
    for name, low, high in zip(region.domains, region.lower, region.upper, strict=True):
        for word, bound in (("floor", low), ("cap", high)):
            if not 0.0 <= bound <= 1.0:
                raise InfeasibleRegion(
                    f"The {word} of {name} is {_percent(bound)}: bounds lie between 0 % and 100 %."
                )
        if low > high:
            raise InfeasibleRegion(
                f"The floor of {name}, {_percent(low)}, is above its cap of {_percent(high)}: "
                "lower the floor or raise the cap."
            )


def _check_sums(region: Region) -> None:
    floors, caps = float(region.lower.sum()), float(region.upper.sum())
    if floors > 1.0 + SAME_SHARE:
        raise InfeasibleRegion(
            f"The floors add to {_percent(floors)} ({_rows(region.domains, region.lower, region.lower > 0.0)}): "
            f"lower them by {_percent(floors - 1.0)} in all, so that they add to at most 100 %."
        )
    if caps < 1.0 - SAME_SHARE:
        raise InfeasibleRegion(
            f"The caps add to {_percent(caps)} ({_rows(region.domains, region.upper, region.upper < 1.0)}): "
            f"raise them by {_percent(1.0 - caps)} in all, so that they add to at least 100 %."
        )


def _check_reach(region: Region) -> None:
    below = region.anchor < region.lower - SAME_SHARE
    above = region.anchor > region.upper + SAME_SHARE
    if not (below | above).any():
        return
    needed = least_radius(region)
    if needed <= region.radius * (1.0 + SAME_SHARE) and region.radius > 0.0:
        return
    broken = [
        f"{name} {_percent(share)}, {'below its floor' if low else 'above its cap'} of {_percent(bound)}"
        for name, share, low, high, bound in zip(
            region.domains,
            region.anchor,
            below,
            above,
            np.where(below, region.lower, region.upper),
            strict=True,
        )
        if low or high
    ]
    mend = _mend(bool(below.any()), bool(above.any()), len(broken))
    reach = (
        f"or the radius to at least {_rounded_up(needed)}"
        if math.isfinite(needed)
        else "for in KL no radius takes a domain of the anchor to 0 %"
    )
    raise InfeasibleRegion(f"The anchor gives {_listed(broken)}: {mend}, {reach}.")


def _mend(below: bool, above: bool, count: int) -> str:
    if below and above:
        return "loosen these bounds"
    return ("lower the floor" if below else "raise the cap") + ("s" if count > 1 else "")


def _rows(domains: tuple[str, ...], values: Array, chosen: NDArray[np.bool_]) -> str:
    return _listed([f"{domains[k]} {_percent(values[k])}" for k in np.flatnonzero(chosen)], ", ")


def _listed(parts: list[str], between: str = "; ") -> str:
    """The parts in one line; past a handful only how many more there are."""
    more = len(parts) - _NAMES_SHOWN
    shown = between.join(parts[:_NAMES_SHOWN])
    return f"{shown}{between}and {more} more" if more > 0 else shown


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f} %"


def _rounded_up(radius: float) -> str:
    """At least the radius, with two or three decimals: one typed in as printed is enough."""
    text = f"{math.ceil(radius * 1000.0 - 1e-6) / 1000.0:.3f}"
    return text[:-1] if text.endswith("0") else text
