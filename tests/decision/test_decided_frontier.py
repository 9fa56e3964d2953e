"""Gain against radius under other objectives than the expected gain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.decision.asked import Asked
from causalmix_core.decision.decide import decide, frontier
from causalmix_core.decision.frontier import decided_frontier, through
from causalmix_core.decision.objective import Objective
from causalmix_core.decision.region import make_region
from causalmix_core.effects.response import Response
from causalmix_core.errors import ObjectiveError
from tests.decision.problems import names

ANCHOR = np.array([0.5, 0.3, 0.2])
REGION = make_region(names(3), ANCHOR, 0.1)
RESPONSE = Response(names(3), 0.01, np.array([0.1, 0.5, 0.3]), np.zeros(3), 0.001 * np.eye(6))
RADII = np.linspace(0.0, 0.3, 7)


def solver(objective: Objective):
    return lambda region: decide(RESPONSE, region, asked=Asked(objective, judged=False))


def test_for_the_expected_gain_it_is_the_exact_frontier():
    found, exact = decided_frontier(solver(Objective()), REGION, RADII), frontier(RESPONSE, REGION, RADII)
    assert found.radii.tolist() == exact.radii.tolist()
    assert found.gains == pytest.approx(exact.gains, abs=1e-9)
    assert found.lower == pytest.approx(exact.lower, abs=1e-7)
    assert found.half_marginal_radius == pytest.approx(exact.half_marginal_radius, rel=1e-3)
    assert found.knee == exact.knee


def test_the_lower_bound_never_falls_as_the_radius_grows():
    found = decided_frontier(solver(Objective("lower_bound")), REGION, RADII)
    assert (np.diff(found.lower) >= -1e-9).all()
    assert (found.lower >= frontier(RESPONSE, REGION, RADII).lower - 1e-7).all()


def test_radii_that_cannot_reach_the_wanted_gain_are_left_out():
    best = frontier(RESPONSE, REGION, RADII)
    wanted = float(best.gains[3])
    found = decided_frontier(solver(Objective("least_change", wanted - 1e-6)), REGION, RADII)
    assert found.radii.tolist() == RADII[3:].tolist()
    assert found.gains == pytest.approx(np.full(4, wanted), rel=1e-3)
    assert found.half_marginal_radius is None
    with pytest.raises(ObjectiveError):
        decided_frontier(solver(Objective("least_change", 10.0)), REGION, RADII)


@pytest.mark.parametrize(("radius", "points"), [(0.12, 8), (0.1, 7), (0.3, 7), (0.4, 7)])
def test_the_decision_itself_is_a_point_of_the_frontier_drawn(radius, points):
    path = decided_frontier(solver(Objective("lower_bound")), REGION, RADII)
    made = solver(Objective("lower_bound"))(replace(REGION, radius=radius))
    drawn = through(path, made)
    assert (
        len(drawn.radii)
        == len(drawn.gains)
        == len(drawn.lower)
        == len(drawn.upper)
        == len(drawn.shares)
        == points
    )
    assert (np.diff(drawn.radii) > 0.0).all()
    if radius <= path.radii[-1]:
        at = int(np.argmin(np.abs(drawn.radii - radius)))
        assert drawn.gains[at] == made.gain
        assert (drawn.lower[at], drawn.upper[at]) == made.interval
        assert drawn.shares[at].tolist() == made.shares.tolist()
    others = [float(r) for r in path.radii if abs(r - radius) > 1e-9]
    assert all(drawn.gains[drawn.radii == r] == path.gains[path.radii == r] for r in others)


def test_the_searchs_decision_is_no_point_of_the_exact_frontier():
    path = frontier(RESPONSE, REGION, RADII)
    found = decide(RESPONSE, replace(REGION, radius=0.12), "search", asked=Asked(judged=False))
    assert through(path, found) is path
