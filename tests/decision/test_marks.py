"""Knee and end of support on curves whose marks are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.decision.decide import frontier
from causalmix_core.decision.marks import knee_radius, support_radius
from causalmix_core.decision.region import make_region
from tests.decision.problems import METRICS, names, random_response, seeds

RADII = np.linspace(0.0, 1.0, 201)


def test_the_knee_of_a_broken_line_is_its_corner():
    gains = np.where(RADII < 0.3, 2.0 * RADII, 0.6 + 0.1 * (RADII - 0.3))
    assert knee_radius("tv", RADII, gains) == pytest.approx(0.3)


def test_the_knee_of_a_parabola_is_half_way_to_its_top_whatever_follows_it():
    gains = np.where(RADII < 0.5, 1.0 - (1.0 - 2.0 * RADII) ** 2, 1.0)
    assert knee_radius("tv", RADII, gains) == pytest.approx(0.25)
    assert knee_radius("tv", RADII[:101], gains[:101]) == pytest.approx(0.25)


def test_straight_and_flat_lines_have_no_knee():
    assert knee_radius("tv", RADII, 3.0 * RADII) is None
    assert knee_radius("tv", RADII, np.minimum(3.0 * RADII, 1.5)) is None
    assert knee_radius("tv", RADII, np.zeros(201)) is None
    assert knee_radius("tv", RADII[:2], RADII[:2]) is None


def test_in_kl_the_axis_is_the_root_of_the_radius():
    assert knee_radius("kl", RADII, np.sqrt(RADII)) is None
    assert knee_radius("tv", RADII, np.sqrt(RADII)) == pytest.approx(0.25)


def test_a_frontier_carries_its_knee():
    slopes = random_response(np.random.default_rng(0), 5, convex=False)
    path = frontier(slopes, make_region(names(5), np.full(5, 0.2), 0.1))
    assert path.knee == knee_radius("tv", path.radii, path.gains)


def test_support_ends_before_the_first_mixture_outside():
    radii = np.array([0.0, 0.1, 0.2, 0.3])
    assert support_radius(radii, np.array([True, True, True, True])) is None
    assert support_radius(radii, np.array([True, True, False, True])) == 0.1
    assert support_radius(radii, np.array([False, True, True, True])) == 0.0


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds, convex=st.booleans())
@settings(max_examples=8)
def test_the_gain_never_falls_as_the_radius_grows(metric, seed, convex):
    rng = np.random.default_rng(seed)
    response = random_response(rng, 4, convex=convex)
    region = make_region(names(4), rng.dirichlet(np.full(4, 2.0)), 0.1, metric)
    path = frontier(response, region, np.sort(rng.uniform(0.0, 0.6, 12)))
    assert (np.diff(path.gains) >= -1e-12 * np.abs(response.coefficients).max()).all()


@given(seed=seeds)
@settings(max_examples=8)
def test_the_order_of_the_domains_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    response, anchor, order = (
        random_response(rng, 5, convex=False),
        rng.dirichlet(np.full(5, 2.0)),
        rng.permutation(5),
    )
    path = frontier(response, make_region(names(5), anchor, 0.2), RADII[:100:9])
    turned = type(response)(
        tuple(names(5)[i] for i in order),
        response.epsilon,
        response.log_coefficients[order],
        response.linear_coefficients[order],
        response.covariance[np.ix_(np.r_[order, order + 5], np.r_[order, order + 5])],
    )
    other = frontier(turned, make_region(turned.domains, anchor[order], 0.2), RADII[:100:9])
    size = np.abs(response.coefficients).max()
    assert other.gains == pytest.approx(path.gains, abs=1e-9 * size)
    assert other.lower == pytest.approx(path.lower, abs=1e-6)
    assert other.knee == path.knee
