"""Diminishing returns: the exact optimum, checked against SLSQP and by a certificate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.feasibility import nearest_mixture
from causalmix_core.decision.region import WIDEST, make_region
from causalmix_core.decision.solvers.concave import log_linear_path, maximise_log_linear
from causalmix_core.decision.solvers.linear import maximise_linear
from causalmix_core.decision.solvers.paper import causalmix_a
from causalmix_core.effects.response import Response
from tests.decision.problems import (
    FEASIBLE,
    METRICS,
    SIZES,
    names,
    random_region,
    random_response,
    seeds,
    slsqp,
    violation,
)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=12)
def test_never_beaten_by_slsqp(metric, k, seed):
    rng = np.random.default_rng(seed)
    region = random_region(rng, k, metric)
    response = random_response(rng, k, convex=False, scale=10.0 ** rng.uniform(-3, 2))
    shares = maximise_log_linear(response, region)
    assert violation(region, shares) <= FEASIBLE
    gain = float(response.gain(shares, region.anchor))
    for start in (nearest_mixture(region), shares) if k < 64 else (shares,):
        found = slsqp(response, region, start)
        assert found <= gain + 1e-6 * abs(gain) + 1e-10 * np.abs(response.coefficients).max()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=40)
def test_no_direction_within_the_region_still_rises(metric, k, seed):
    """For a concave outcome the linear optimum of its gradient bounds what is left to gain."""
    rng = np.random.default_rng(seed)
    region = random_region(rng, k, metric)
    response = random_response(rng, k, convex=False, scale=10.0 ** rng.uniform(-3, 2))
    shares = maximise_log_linear(response, region)
    assert violation(region, shares) <= FEASIBLE
    gradient = response.gradient(shares)
    left = float(gradient @ (maximise_linear(gradient, region) - shares))
    gain = float(response.gain(shares, region.anchor))
    assert left <= 1e-6 * abs(gain) + 1e-10 * np.abs(response.coefficients).max()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=10)
def test_without_logarithms_it_is_the_linear_problem(metric, k, seed):
    rng = np.random.default_rng(seed)
    region, gradient = random_region(rng, k, metric), rng.normal(size=k)
    response = Response(names(k), 1e-3, np.zeros(k), gradient, np.zeros((2 * k, 2 * k)))
    found = gradient @ maximise_log_linear(response, region)
    assert found == pytest.approx(gradient @ maximise_linear(gradient, region), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=30)
def test_wide_regions_give_the_closed_form_of_the_paper(metric, seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 20))
    theta, epsilon = np.abs(rng.normal(size=k)), float(10.0 ** rng.uniform(-4, -1))
    response = Response(names(k), epsilon, theta, np.zeros(k), np.zeros((2 * k, 2 * k)))
    wanted = causalmix_a(theta, epsilon)
    if metric == "kl":
        wanted = wanted if (wanted > 0.0).all() else None
    region = make_region(names(k), rng.dirichlet(np.ones(k)), WIDEST[metric], metric)
    if wanted is not None:
        assert maximise_log_linear(response, region) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("convex", [False, True])
def test_radius_zero_is_the_anchor_bit_for_bit(metric, convex):
    rng = np.random.default_rng(3)
    anchor = rng.dirichlet(np.ones(7))
    region = make_region(names(7), anchor, 0.0, metric, {"d1": (0.0, 0.9)}, ["d2"])
    response = random_response(rng, 7, convex=convex)
    assert maximise_log_linear(response, region).tobytes() == anchor.tobytes()
    assert maximise_linear(response.linear_coefficients, region).tobytes() == anchor.tobytes()


@pytest.mark.parametrize("metric", METRICS)
def test_locked_domains_keep_their_share_exactly(metric):
    rng = np.random.default_rng(5)
    anchor = rng.dirichlet(np.ones(6))
    region = make_region(names(6), anchor, 0.3, metric, locked=["d1", "d4"])
    for convex in (False, True):
        shares = maximise_log_linear(random_response(rng, 6, convex=convex), region)
        assert (shares[[1, 4]] == anchor[[1, 4]]).all()
        assert not np.array_equal(shares, anchor)


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=15)
def test_the_path_in_the_radius_is_continuous(metric, seed):
    """A radius a little larger moves the mixture a little, at the anchor and everywhere after."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 9))
    region = random_region(rng, k, metric)
    response = random_response(rng, k, convex=False)
    start, end = region.radius, region.radius + 0.3
    coarse = _largest_step(log_linear_path(response, region, np.linspace(start, end, 51)))
    fine = _largest_step(log_linear_path(response, region, np.linspace(start, end, 1601)))
    # A jump would stay as high however fine the radii; the root at the start of a boxed ball
    # falls with the square root of the step.
    assert fine <= 0.3 * coarse + 1e-6


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("convex", [False, True])
def test_the_path_starts_at_the_anchor(metric, convex):
    rng = np.random.default_rng(8)
    region = make_region(names(5), rng.dirichlet(np.ones(5)), 0.1, metric)
    path = log_linear_path(random_response(rng, 5, convex=convex), region, np.array([0.0, 1e-12, 1e-9, 1e-6]))
    assert np.abs(path - region.anchor).max(axis=1) == pytest.approx([0.0, 0.0, 0.0, 0.0], abs=2e-3)
    assert np.abs(path[1] - region.anchor).max() <= 2e-6


def _largest_step(path):
    return float(np.abs(np.diff(path, axis=0)).max())


def test_equal_input_gives_equal_bytes():
    rng = np.random.default_rng(2)
    for metric in METRICS:
        region, response = random_region(rng, 7, metric), random_response(rng, 7, convex=True)
        first, second = (maximise_log_linear(response, region).tobytes() for _ in range(2))
        assert first == second
