"""Does a decision stay within what the runs have seen: its pool, its mixture, its radius?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, figure
from causalmix_core.checks.words import listed, number, percent
from causalmix_core.decision.frontier import frontier
from causalmix_core.decision.marks import support_radius
from causalmix_core.effects.joined import seen_part
from causalmix_core.effects.support import mixture_support, mixtures_inside, pool_support

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.support import MixtureSupport, PoolSupport

    Array = NDArray[np.float64]

EDGE = 1.0  # distance over the distance that all but 2.5 % of the runs keep
FAR = 2.0  # twice as far as nearly every run: nothing but the model's form speaks there
RADII = 11


def pool_check(fit: Fit, pool: Array) -> Check:
    """Whether the pool at hand lies within the runs' pools."""
    found = pool_support(fit.table, pool)
    status, ratio = _graded(found)
    where = "within" if found.inside else "outside"
    said = (
        f"The pool lies {where} the pools of the runs, at {number(ratio)} times the usual distance to them."
    )
    if found.outside:
        said += f" Beyond their range: {listed(list(found.outside))}."
    remedy = (
        "Nothing to do."
        if status == "PASS"
        else "Run a few mixtures on pools like this one, or take a smaller radius."
    )
    details = tuple(Detail(column, None, "REVIEW") for column in found.outside)
    return Check(
        "pool-support",
        "Support of the pool",
        status,
        figure(ratio),
        EDGE,
        "usual distances",
        said,
        remedy,
        details,
    )


def mixture_check(fit: Fit, decision: Decision) -> Check:
    """Whether the recommended mixture lies within the runs' mixtures."""
    found = mixture_support(fit.table, decision.shares)
    status, ratio = _graded(found)
    where = "within" if found.inside else "outside"
    said = (
        f"The mixture lies {where} the mixtures of the runs, at {number(ratio)} times the usual distance to them "
        f"(nearest run: {found.nearest_run})."
    )
    if found.outside:
        said += f" Beyond their range: {listed(list(found.outside))}."
    remedy = "Nothing to do." if status == "PASS" else "Take a smaller radius, or run mixtures like this one."
    details = tuple(Detail(domain, None, "REVIEW") for domain in found.outside)
    return Check(
        "mixture-support",
        "Support of the mixture",
        status,
        figure(ratio),
        EDGE,
        "usual distances",
        said,
        remedy,
        details,
    )


def radius_check(fit: Fit, pool: Array, decision: Decision) -> Check:
    """Share of the radius up to which the best mixtures stay within those of the runs."""
    identity, title = "radius-support", "Radius within the data"
    region = decision.region
    if region.radius == 0.0:
        return Check(
            identity,
            title,
            "PASS",
            1.0,
            1.0,
            "share of the radius",
            "The radius is 0: nothing moves.",
            "Nothing to do.",
        )
    path = frontier(
        fit.response(pool), region, np.linspace(0.0, region.radius, RADII), "analytic", decision.level
    )
    inside = mixtures_inside(fit.seen.table, seen_part(fit, path.shares))
    ends = support_radius(path.radii, inside)
    reached = 1.0 if ends is None else ends / region.radius
    status: Status = "PASS" if ends is None else "REVIEW"
    said = "Along the whole radius the best mixtures stay within the mixtures of the runs."
    if not inside[0]:
        said = "Already the reference lies outside the mixtures of the runs."
    elif ends is not None:
        said = f"Beyond {percent(reached)} of the radius the best mixtures leave the mixtures of the runs."
    if region.unseen:
        said += f" {', '.join(name for name, _ in region.unseen)} is left aside: no run holds any of it."
    remedy = "Nothing to do." if ends is None else "Take that radius, or run mixtures further out."
    return Check(identity, title, status, figure(reached), 1.0, "share of the radius", said, remedy)


def _graded(found: PoolSupport | MixtureSupport) -> tuple[Status, float]:
    ratio = found.distance / found.threshold if found.threshold > 0.0 else (0.0 if found.inside else FAR)
    if found.inside:
        return "PASS", ratio
    return ("FAIL" if ratio > FAR else "REVIEW"), ratio
