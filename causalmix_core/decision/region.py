"""The trust region: which mixtures may be recommended at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.decision.availability import (
    Availability,
    absent_domains,
    restricted,
    served,
    supply_caps,
)
from causalmix_core.decision.supply import caps
from causalmix_core.errors import InfeasibleRegion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.supply import Supply

Metric = Literal["tv", "kl", "l2"]
METRICS: tuple[Metric, ...] = ("tv", "kl", "l2")
NOTHING = 1e-9  # a share this small is none
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
    availability : what is there to train on, which anchor and caps already respect; None where
        nothing was said of it.
    unseen : (domain, share) pairs of domains that no run has seen, with the largest share up to which
        anything is known of them: a cap that is nobody's wish, which no price and no comparison lifts.
    """

    domains: tuple[str, ...]
    anchor: NDArray[np.float64]
    radius: float
    metric: Metric
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    availability: Availability | None = None
    unseen: tuple[tuple[str, float], ...] = ()

    def holds_unseen(self, shares: NDArray[np.float64]) -> bool:
        """True where a mixture (K,) holds any of a domain that no run has seen."""
        return any(float(shares[self.domains.index(name)]) > NOTHING for name, _ in self.unseen)


def make_region(
    domains: Sequence[str],
    anchor: NDArray[np.float64],
    radius: float,
    metric: Metric = "tv",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    locked: Sequence[str] = (),
    supply: Supply | None = None,
    present: Sequence[str] = (),
    unseen: Sequence[tuple[str, float]] = (),
) -> Region:
    """Region around ``anchor`` (K,) with ``bounds`` {domain: (floor, cap)} as shares in [0, 1].

    Locked domains keep their anchor share exactly, whatever their bounds say. With ``present`` the
    anchor is restricted to these domains and closed again, and all others are held at 0. With a
    ``supply`` no share is larger than can be served, and an anchor that asks for more is cut to it
    (see :mod:`~causalmix_core.decision.availability`). Domains that are ``unseen`` are capped besides
    (see :class:`Region`).

    Raises
    ------
    InfeasibleRegion
        A bound or lock names an unknown domain, or no mixture is left (see :func:`check_region`).
    AnchorError
        The anchor is not a mixture of these domains, or not one of those present.
    SupplyError
        The supply leaves no mixture within floors, caps and locks.
    """
    from causalmix_core.decision.feasibility import check_anchor, check_bounds, check_region

    wanted = {} if bounds is None else bounds
    names, asked = tuple(domains), np.array(anchor, dtype=np.float64)
    _refuse_unknown((*wanted, *locked), names)
    check_anchor(names, asked)
    absent = absent_domains(names, present)
    shares = restricted(asked, names, absent)
    lower, upper = _boxes(names, shares, wanted, locked, absent)
    known = dict(unseen)
    upper = np.minimum(upper, [known.get(name, 1.0) for name in names])
    free = Region(names, shares, float(radius), metric, lower, upper, unseen=tuple(unseen))
    if supply is None and not absent:
        check_region(free)
        return free
    availability = Availability(asked, upper, supply, absent)
    if supply is not None:
        check_bounds(free)
        upper = supply_caps(supply, names, lower, upper, locked)
        most = np.where([d in absent for d in names], 0.0, caps(supply, names))
        shares = served(shares, most, np.array([d in locked for d in names]))
    region = replace(free, anchor=shares, upper=upper, availability=availability)
    check_region(region)
    return region


def _refuse_unknown(names: Sequence[str], domains: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in domains]
    if unknown:
        said, known = ", ".join(dict.fromkeys(unknown)), ", ".join(domains)
        raise InfeasibleRegion(f"There is no domain {said} to bound or lock: the domains are {known}.")


def _boxes(
    domains: tuple[str, ...],
    shares: NDArray[np.float64],
    wanted: Mapping[str, tuple[float, float]],
    locked: Sequence[str],
    absent: Sequence[str],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(K,) floors and caps: as wanted, at the anchor where locked, 0 where absent."""
    lower, upper = np.zeros(len(domains)), np.ones(len(domains))
    for k, name in enumerate(domains):
        lower[k], upper[k] = wanted.get(name, (0.0, 1.0))
        if name in locked:
            lower[k] = upper[k] = shares[k]
        if name in absent:
            if lower[k] > 0.0:
                raise InfeasibleRegion(
                    f"The floor of {name} is {100.0 * lower[k]:.1f} %, but the pool does not have {name}: lower the "
                    "floor to 0, or count it among the domains present."
                )
            lower[k] = upper[k] = 0.0
    return lower, upper
