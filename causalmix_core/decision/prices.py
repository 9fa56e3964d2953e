"""What each limit costs: the same decision with one limit a step looser.

Every price is found by solving again, not from a multiplier: that holds for any metric, objective and
policy, and for steps as large as somebody would take.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.supply import servable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision

    Solve = Callable[[Region], Decision]

RADIUS_STEP = 0.01
SHARE_STEP = 0.01
PART_OF_SUPPLY = 0.1
PART_OF_BUDGET = 0.01  # where nothing is available, a tenth of it is no step


@dataclass(frozen=True)
class Relaxation:
    """One limit made looser by one step.

    Attributes
    ----------
    limit : as in :attr:`Decision.active`, or "<domain>.lock", or "<outcome>.floor".
    step : > 0, by how much, in ``unit``: "radius" in the metric's unit, "share" 0..1, "examples" or
        "tokens" of what is available, "outcome" in outcome units.
    """

    limit: str
    step: float
    unit: str


@dataclass(frozen=True)
class Price:
    """What a looser limit is worth.

    Attributes
    ----------
    limit, step, unit : see :class:`Relaxation`.
    worth : >= 0, by how much what the objective raises grows, in outcome units.
    """

    limit: str
    step: float
    unit: str
    worth: float


@dataclass(frozen=True, eq=False)
class LimitsCompared:
    """The decision beside those with fewer limits, all within one radius of one anchor.

    Attributes
    ----------
    feasible : with every limit.
    without_supply : with no limit of supply; None where that lowers no cap.
    without_bounds : with no floor, cap, lock or limit of supply; None where that is no other region.
    """

    feasible: Decision
    without_supply: Decision | None
    without_bounds: Decision | None


def relaxations(region: Region, active: tuple[str, ...]) -> tuple[tuple[Relaxation, Region], ...]:
    """Each active limit a step looser, with the region that it leaves."""
    found = []
    locked = {d for d in region.domains if f"{d}.lower" in active and f"{d}.upper" in active}
    for limit in active:
        if limit == "radius":
            looser = replace(region, radius=region.radius + RADIUS_STEP)
            found.append((Relaxation("radius", RADIUS_STEP, "radius"), looser))
            continue
        domain, side = limit.rsplit(".", 1)
        k = region.domains.index(domain)
        if side == "supply":
            found.append(_more_supply(region, k))
        elif side == "upper" and domain not in locked and region.upper[k] >= _known(region)[k]:
            continue  # beyond this cap nothing is known of the domain
        elif domain not in locked:
            found.append((Relaxation(limit, SHARE_STEP, "share"), _moved(region, k, side)))
        elif side == "lower":
            both = _moved(_moved(region, k, "lower"), k, "upper")
            found.append((Relaxation(f"{domain}.lock", SHARE_STEP, "share"), both))
    return tuple(found)


def raised_value(decision: Decision) -> float | None:
    """What the objective raises, in outcome units; None for the least change, which raises nothing."""
    kind = decision.objective.kind
    if kind == "least_change":
        return None
    if kind == "lower_bound":
        return decision.interval[0]
    return min([decision.gain, *(future.gain for future in decision.futures if kind == "maximin")])


def prices(
    solve: Solve, made: Decision, floors: Iterable[tuple[Relaxation, Callable[[], Decision]]] = ()
) -> tuple[Price, ...]:
    """The worth of every limit that is active in ``made``, dearest first; none for the least change.

    Parameters
    ----------
    solve : decides for a region as ``made`` was decided.
    floors : floors of outcomes a step looser, each with what solves for it.

    Raises
    ------
    InfeasibleRegion, AnchorError : as ``solve`` does.
    """
    now = raised_value(made)
    if now is None:
        return ()
    solved = [(step, solve(looser)) for step, looser in relaxations(made.region, made.active)]
    solved += [(step, again()) for step, again in floors]
    # A looser limit never takes a mixture away; what a local optimum loses is no price.
    worths = (
        Price(step.limit, step.step, step.unit, max(0.0, (raised_value(found) or 0.0) - now))
        for step, found in solved
    )
    return tuple(sorted(worths, key=lambda price: -price.worth))


def compare_limits(solve: Solve, made: Decision) -> LimitsCompared:
    """``made`` beside the decisions without its limits of supply, and without any but the radius."""
    region = made.region
    there = region.availability
    supplied = there is not None and bool((region.upper < there.upper).any())
    bare = without_bounds(region)
    same = np.array_equal(bare.lower, region.lower) and np.array_equal(bare.upper, region.upper)
    return LimitsCompared(
        made,
        solve(without_supply(region)) if supplied else None,
        None if same else solve(bare),
    )


def without_supply(region: Region) -> Region:
    """The region with the caps that it had before the supply was counted; the anchor stays."""
    there = region.availability
    if there is None or there.supply is None:
        return region
    return replace(region, upper=there.upper, availability=replace(there, supply=None))


def without_bounds(region: Region) -> Region:
    """The region with nothing but its radius; domains that the pool lacks stay out."""
    there = region.availability
    absent = () if there is None else there.absent
    upper = np.where([d in absent for d in region.domains], 0.0, _known(region))
    kept = None if there is None else replace(there, upper=upper, supply=None)
    return replace(region, lower=np.zeros(len(upper)), upper=upper, availability=kept)


def _known(region: Region) -> NDArray[np.float64]:
    """(K,) largest share of each domain of which anything is known: 1 for those that runs have seen."""
    known = dict(region.unseen)
    return np.array([known.get(domain, 1.0) for domain in region.domains])


def _moved(region: Region, k: int, side: str) -> Region:
    """One floor or cap a percentage point looser."""
    if side == "lower":
        lower = region.lower.copy()
        lower[k] = max(0.0, lower[k] - SHARE_STEP)
        return replace(region, lower=lower)
    upper = region.upper.copy()
    upper[k] = min(float(_known(region)[k]), upper[k] + SHARE_STEP)
    there = region.availability
    if there is not None and there.supply is not None:
        # A cap that is raised does not bring more to train on.
        most = float(servable(there.supply, region.domains)[k]) / there.supply.budget
        upper[k] = max(float(region.upper[k]), min(float(upper[k]), most))
    return replace(region, upper=upper)


def _more_supply(region: Region, k: int) -> tuple[Relaxation, Region]:
    """A tenth more of what is available of one domain, seen as often as before."""
    there = region.availability
    if there is None or there.supply is None:
        raise ValueError("a limit of supply without a supply")
    supply, domain = there.supply, region.domains[k]
    available = dict(supply.available)[domain]
    epochs = supply.epochs_of(domain)
    step = PART_OF_SUPPLY * available or PART_OF_BUDGET * supply.budget / epochs
    upper = region.upper.copy()
    upper[k] = min(float(there.upper[k]), 1.0, (available + step) * epochs / supply.budget)
    return Relaxation(f"{domain}.supply", step, supply.unit), replace(region, upper=upper)
