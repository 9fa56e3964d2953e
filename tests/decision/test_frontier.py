"""Gain against radius."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.decide import decide, frontier
from causalmix_core.decision.feasibility import least_radius
from causalmix_core.decision.region import make_region
from causalmix_core.effects.response import Response
from tests.decision.problems import METRICS, names, random_response, seeds

ANCHOR = np.array([0.5, 0.3, 0.2])


def linear(slopes):
    return Response(names(3), 1e-3, np.zeros(3), np.array(slopes), 0.01 * np.eye(6))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("convex", [False, True])
@given(seed=seeds)
@settings(max_examples=6)
def test_says_what_decisions_say(metric, convex, seed):
    rng = np.random.default_rng(seed)
    response = random_response(rng, 5, convex=convex)
    region = make_region(names(5), rng.dirichlet(np.full(5, 2.0)), 0.1, metric)
    path = frontier(response, region)
    assert path.radii[0] == 0.0
    assert path.shares[0].tobytes() == region.anchor.tobytes()
    assert (np.diff(path.radii) > 0.0).all()
    assert (np.diff(path.gains) >= -1e-12 * np.abs(response.coefficients).max()).all()
    at = decide(response, dataclasses.replace(region, radius=float(path.radii[9])))
    # Neighbouring radii may help each other to a better local optimum, never to a worse one.
    assert path.gains[9] >= at.gain - 1e-9 * abs(at.gain)
    assert path.upper[9] - path.lower[9] == pytest.approx(at.interval[1] - at.interval[0], rel=1e-3)


def test_ends_where_the_path_stops_moving():
    path = frontier(linear([0.0, 1.0, 0.0]), make_region(names(3), ANCHOR, 0.1, "tv", {"d1": (0.0, 0.7)}))
    assert path.radii[-1] == pytest.approx(0.4)
    assert path.shares[-1][1] == pytest.approx(0.7)


def test_radii_can_be_given():
    path = frontier(
        linear([0.0, 1.0, 0.0]), make_region(names(3), ANCHOR, 0.1), np.array([0.2, 0.0, 0.1, 0.1])
    )
    assert path.radii.tolist() == [0.0, 0.1, 0.2]
    assert path.gains == pytest.approx([0.0, 0.1, 0.2])


def test_half_of_the_marginal_return():
    """The worst domain, 0.2 of the data, gives way at 1 a share, the next at 0.4."""
    path = frontier(linear([0.6, 1.0, 0.0]), make_region(names(3), ANCHOR, 0.1), np.linspace(0.0, 0.7, 71))
    assert path.half_marginal_radius == pytest.approx(0.2, abs=0.01)
    flat = frontier(linear([0.6, 1.0, 0.6]), make_region(names(3), ANCHOR, 0.1), np.linspace(0.0, 0.5, 26))
    assert flat.half_marginal_radius is None


def test_half_marginal_radius_in_kl_is_finite_though_the_gain_starts_like_a_root():
    response = Response(names(3), 1e-3, np.array([0.1, 1.0, 0.3]), np.zeros(3), 0.01 * np.eye(6))
    path = frontier(response, make_region(names(3), ANCHOR, 0.1, "kl"))
    assert path.half_marginal_radius is not None
    assert 0.0 < path.half_marginal_radius < path.radii[-1]


def test_a_response_that_moves_nothing_has_a_flat_frontier():
    path = frontier(linear([1.0, 1.0, 1.0]), make_region(names(3), ANCHOR, 0.25))
    assert path.radii[-1] == pytest.approx(0.25)
    assert path.gains == pytest.approx(np.zeros(len(path.radii)), abs=1e-12)
    assert path.half_marginal_radius is None


def test_starts_at_the_nearest_mixture_when_the_anchor_breaks_its_bounds():
    region = make_region(names(3), ANCHOR, 0.3, "tv", {"d0": (0.0, 0.4)})
    path = frontier(linear([0.0, 1.0, 0.5]), region)
    assert path.radii[0] == pytest.approx(least_radius(region)) == pytest.approx(0.1)
    assert path.shares[0][0] == pytest.approx(0.4)


def test_search_draws_a_frontier_too():
    response = Response(names(3), 1e-3, np.array([0.1, 1.0, 0.3]), np.zeros(3), 0.01 * np.eye(6))
    path = frontier(response, make_region(names(3), ANCHOR, 0.1), np.array([0.0, 0.1, 0.3]), policy="search")
    assert path.shares[0].tobytes() == ANCHOR.tobytes()
    assert path.gains[0] < path.gains[1] < path.gains[2]
