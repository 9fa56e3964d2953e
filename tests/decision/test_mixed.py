"""Responses with convex parts: as good as many starts of a generic solver, never below the anchor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.candidates import pull_inside
from causalmix_core.decision.solvers.concave import log_linear_path, maximise_log_linear
from causalmix_core.effects.response import Response
from tests.decision.problems import (
    FEASIBLE,
    METRICS,
    names,
    random_region,
    random_response,
    seeds,
    slsqp,
    violation,
)

STARTS = {2: 4, 3: 6, 5: 6, 17: 3, 64: 1}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", STARTS)
@given(seed=seeds)
@settings(max_examples=8)
def test_never_worse_than_slsqp_from_many_starts(metric, k, seed):
    rng = np.random.default_rng(seed)
    region = random_region(rng, k, metric)
    response = random_response(rng, k, convex=True, scale=10.0 ** rng.uniform(-3, 2))
    shares = maximise_log_linear(response, region)
    assert violation(region, shares) <= FEASIBLE
    gain = float(response.gain(shares, region.anchor))
    starts = pull_inside(rng.dirichlet(np.full(k, 0.5), STARTS[k]), region)
    found = max(slsqp(response, region, start) for start in [*starts, shares])
    # SLSQP may overstep the limits by FEASIBLE, which is worth the steepest slope times that.
    overstep = FEASIBLE * np.abs(response.gradient(shares)).max()
    assert found <= gain + 1e-6 * abs(gain) + overstep


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=25)
def test_never_worse_than_an_anchor_in_bounds(metric, seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 9))
    response = random_response(rng, k, convex=True)
    region = make_region(names(k), rng.dirichlet(np.ones(k)), 0.2 * rng.random(), metric)
    assert response.gain(maximise_log_linear(response, region), region.anchor) >= 0.0


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=10)
def test_gains_never_fall_with_the_radius(metric, seed):
    rng = np.random.default_rng(seed)
    response = random_response(rng, 6, convex=True)
    region = make_region(names(6), rng.dirichlet(np.ones(6)), 0.5, metric)
    gains = response.gain(log_linear_path(response, region, np.linspace(0.0, 0.5, 21)), region.anchor)
    assert (np.diff(gains) >= -1e-12 * np.abs(response.coefficients).max()).all()


@pytest.mark.parametrize("metric", METRICS)
def test_all_negative_returns_give_the_mixture_that_loses_least(metric):
    """Every domain harms; what is left is to drop those that harm most per share gone."""
    response = Response(names(4), 1e-3, np.array([-1.0, -0.1, -0.5, -0.2]), np.zeros(4), np.zeros((8, 8)))
    bounds = dict.fromkeys(names(4), (0.1, 0.6))
    region = make_region(
        names(4), np.full(4, 0.25), {"tv": 1.0, "kl": 5.0, "l2": 1.4}[metric], metric, bounds
    )
    shares = maximise_log_linear(response, region)
    # The best vertex of the box by enumeration: the least harmful takes its cap.
    assert shares == pytest.approx([0.1, 0.6, 0.1, 0.2], abs=1e-9)
    assert response.gain(shares, region.anchor) > 0.0
