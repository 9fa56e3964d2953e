"""Linear returns: exact in every metric, with boxes, absent and locked domains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.feasibility import nearest_mixture
from causalmix_core.decision.geometry import total_variation
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.linear import maximise_linear
from causalmix_core.effects.response import Response
from tests.decision.problems import FEASIBLE, METRICS, SIZES, names, random_region, seeds, slsqp, violation
from tests.decision.problems import highs as solve_with_highs


def random_gradient(rng, k):
    gradient = rng.normal(size=k) * 10.0 ** rng.uniform(-3, 2)
    return np.round(gradient, 1) if rng.random() < 0.2 else gradient


@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=60)
def test_total_variation_equals_linear_programming(k, seed):
    rng = np.random.default_rng(seed)
    region, gradient = random_region(rng, k, "tv"), random_gradient(rng, k)
    shares = maximise_linear(gradient, region)
    assert violation(region, shares) <= FEASIBLE
    wanted = solve_with_highs(gradient, region)
    assert gradient @ shares == pytest.approx(wanted, rel=1e-6, abs=1e-7 * np.ptp(gradient))


@pytest.mark.parametrize("metric", ["kl", "l2"])
@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=15)
def test_balls_are_never_beaten_by_slsqp(metric, k, seed):
    rng = np.random.default_rng(seed)
    region, gradient = random_region(rng, k, metric), random_gradient(rng, k)
    shares = maximise_linear(gradient, region)
    assert violation(region, shares) <= FEASIBLE
    response = Response(names(k), 1e-3, np.zeros(k), gradient, np.zeros((2 * k, 2 * k)))
    gain = float(response.gain(shares, region.anchor))
    for start in (nearest_mixture(region), shares) if k < 64 else (shares,):
        found = slsqp(response, region, start)
        assert found <= gain + 1e-6 * abs(gain) + 1e-9 * np.ptp(gradient)


@pytest.mark.parametrize("k", SIZES)
@given(seed=seeds)
@settings(max_examples=40)
def test_l2_without_bounds_is_the_anchor_moved_along_the_gradient(k, seed):
    rng = np.random.default_rng(seed)
    anchor, gradient = rng.dirichlet(np.full(k, 20.0)), rng.normal(size=k)
    centred = gradient - gradient.mean()
    radius = 0.5 * anchor.min() * np.linalg.norm(centred) / np.abs(centred).max()
    shares = maximise_linear(gradient, make_region(names(k), anchor, radius, "l2"))
    assert shares == pytest.approx(anchor + radius * centred / np.linalg.norm(centred), abs=1e-10)


def test_kl_lets_an_absent_domain_enter_only_when_it_pays():
    anchor = np.array([0.5, 0.5, 0.0])
    radius = 0.02
    worse = maximise_linear(np.array([1.0, 0.0, 0.2]), make_region(names(3), anchor, radius, "kl"))
    better = maximise_linear(np.array([1.0, 0.0, 5.0]), make_region(names(3), anchor, radius, "kl"))
    assert worse[2] == 0.0
    assert better[2] > 0.01


@pytest.mark.parametrize("metric", METRICS)
def test_equal_gradients_return_the_anchor(metric):
    anchor = np.array([0.2, 0.3, 0.5])
    region = make_region(names(3), anchor, 0.1, metric)
    assert maximise_linear(np.full(3, 0.1 + 0.2), region) == pytest.approx(anchor, abs=1e-9)
    nearly = np.array([7.3, 7.3 * (1 + 1e-16), 7.3 * (1 - 2e-16)])
    assert maximise_linear(nearly, region) == pytest.approx(anchor, abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
def test_equal_gradients_with_an_anchor_out_of_bounds_return_the_nearest_mixture(metric):
    region = make_region(names(3), np.array([0.6, 0.3, 0.1]), 0.9, metric, {"d0": (0.0, 0.5)})
    shares = maximise_linear(np.zeros(3), region)
    assert shares[0] == pytest.approx(0.5)
    assert total_variation(region.anchor, shares) == pytest.approx(0.1)


@pytest.mark.parametrize("metric", METRICS)
def test_ties_move_no_more_than_the_gain_needs(metric):
    """Two domains share the lead: both take what the worst gives, and only that."""
    region = make_region(
        names(3), np.array([0.5, 0.3, 0.2]), {"tv": 1.0, "kl": 50.0, "l2": 1.4}[metric], metric
    )
    shares = maximise_linear(np.array([1.0, 1.0, 0.0]), region)
    assert shares[2] == pytest.approx(0.0, abs=1e-9)
    assert (shares[:2] >= region.anchor[:2] - 1e-9).all()
