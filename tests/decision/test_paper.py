"""The paper's two policies: closed forms, and the search with its candidates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.decision.policies import analytic, recommend, search
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.candidates import candidate_mixtures, pull_inside
from causalmix_core.decision.solvers.paper import causalmix_a, causalmix_s
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

theta_lists = st.lists(st.floats(-3, 3).map(lambda x: round(x, 6)), min_size=2, max_size=12)


def log_response(theta, epsilon):
    k = len(theta)
    return Response(names(k), epsilon, np.asarray(theta), np.zeros(k), np.zeros((2 * k, 2 * k)))


def test_closed_form():
    assert causalmix_a(np.array([1.38, 12.40, -1.49, 1.96, 2.41])) == pytest.approx(
        np.array([1.38, 12.40, 0.0, 1.96, 2.41]) / 18.15
    )


@given(theta_lists)
def test_small_epsilon_approaches_the_closed_form(theta):
    theta = np.array(theta)
    if (theta > 0.0).any():
        assert causalmix_a(theta, 1e-12) == pytest.approx(causalmix_a(theta), abs=1e-9)


@given(theta_lists, st.floats(1e-4, 0.3))
def test_finite_epsilon_meets_the_stationarity_of_the_problem(theta, epsilon):
    """One price for all that keep a share, and no more than it for those that do not."""
    theta = np.array(theta)
    if not (theta > 0.0).any():
        return
    shares = causalmix_a(theta, epsilon)
    assert shares.sum() == pytest.approx(1.0)
    slopes = theta / (shares + epsilon)
    price = slopes[shares > 1e-12].max()
    assert slopes[shares > 1e-12] == pytest.approx(np.full((shares > 1e-12).sum(), price), rel=1e-6)
    assert (slopes <= price * (1 + 1e-9)).all()


def test_finite_epsilon_beats_slsqp():
    rng = np.random.default_rng(0)
    for _ in range(20):
        theta = rng.normal(size=5)
        theta[0] = abs(theta[0])
        response, uniform = log_response(theta, 0.02), np.full(5, 0.2)
        region = make_region(names(5), uniform, 1.0)
        gain = float(response.gain(causalmix_a(theta, 0.02), uniform))
        assert slsqp(response, region, uniform) <= gain + 1e-9


def test_no_positive_return_leaves_the_domain_that_loses_least():
    theta = np.array([-2.0, -0.5, -1.0])
    assert causalmix_a(theta).tolist() == [0.0, 1.0, 0.0]
    assert causalmix_a(np.array([-1.0, 0.0, -1.0])).tolist() == [0.0, 1.0, 0.0]
    assert causalmix_a(np.zeros(4)).tolist() == [0.25] * 4
    region = make_region(names(3), np.full(3, 1 / 3), 1.0)
    assert analytic(log_response(theta, 0.01), region) == pytest.approx([0.0, 1.0, 0.0])


def test_candidates_are_drawn_once_and_by_seed():
    anchor = np.array([0.2, 0.3, 0.5])
    first = candidate_mixtures(anchor, 1, 1000)
    assert candidate_mixtures(anchor.copy(), 1, 1000) is first
    assert not np.array_equal(candidate_mixtures(anchor, 2, 1000), first)
    assert first.shape == (1000, 3)
    assert first.sum(axis=1) == pytest.approx(np.ones(1000))
    assert not first.flags.writeable


def test_candidates_know_domains_absent_from_the_anchor():
    assert (candidate_mixtures(np.array([1.0, 0.0]), 0, 500)[:, 1] > 0.1).any()


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=25)
def test_candidates_are_pulled_into_the_region(metric, seed):
    rng = np.random.default_rng(seed)
    region = random_region(rng, int(rng.integers(2, 9)), metric)
    inside = pull_inside(candidate_mixtures(region.anchor, 0, 300), region)
    assert max(violation(region, shares) for shares in inside) <= FEASIBLE


def test_those_inside_are_left_where_they_are():
    region = make_region(names(3), np.full(3, 1 / 3), 1.0)
    drawn = candidate_mixtures(region.anchor, 0, 300)
    assert pull_inside(drawn, region) == pytest.approx(drawn, abs=1e-12)


def test_search_is_the_mean_of_the_best():
    region = make_region(names(3), np.full(3, 1 / 3), 1.0)
    response = log_response([1.0, 2.0, 0.5], 1e-3)
    drawn = candidate_mixtures(region.anchor, 7, 2000)
    best = np.argsort(-response.gain(drawn, region.anchor))[:100]
    assert causalmix_s(response, region, 7, 2000) == pytest.approx(drawn[best].mean(axis=0))


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=8)
def test_polished_search_reaches_the_optimum_of_concave_responses(metric, seed):
    rng = np.random.default_rng(seed)
    region, response = random_region(rng, 5, metric), random_response(rng, 5, convex=False)
    plain = search(response, region, candidates=2000, polish=False)
    polished = search(response, region, candidates=2000)
    assert violation(region, plain) <= FEASIBLE
    assert violation(region, polished) <= FEASIBLE
    best = response.gain(analytic(response, region), region.anchor)
    assert response.gain(polished, region.anchor) == pytest.approx(float(best), rel=1e-6, abs=1e-12)
    assert response.gain(plain, region.anchor) <= best + 1e-9


@given(seed=seeds)
@settings(max_examples=8)
def test_polishing_never_loses(seed):
    rng = np.random.default_rng(seed)
    region, response = random_region(rng, 6, "tv"), random_response(rng, 6, convex=True)
    plain, polished = (search(response, region, candidates=1000, polish=p) for p in (False, True))
    assert response.gain(polished, region.anchor) >= response.gain(plain, region.anchor) - 1e-15


def test_full_search_comes_near_the_optimum_and_repeats_itself():
    region = make_region(names(5), np.array([0.4, 0.2, 0.2, 0.1, 0.1]), 0.3)
    response = log_response([1.0, 3.0, 0.5, 0.2, 2.0], 1e-3)
    shares = search(response, region, polish=False)
    assert response.gain(shares, region.anchor) >= 0.9 * response.gain(
        analytic(response, region), region.anchor
    )
    assert search(response, region, polish=False).tobytes() == shares.tobytes()


def test_recommendations_polish_only_what_is_not_the_papers():
    region = make_region(names(4), np.full(4, 0.25), 0.2)
    rng = np.random.default_rng(0)
    paper = log_response(np.abs(rng.normal(size=4)), 1e-3)
    assert np.array_equal(recommend(paper, region, "search"), search(paper, region, polish=False))
    linear = random_response(np.random.default_rng(1), 4, convex=False)
    assert linear.linear_coefficients.any()
    assert np.array_equal(recommend(linear, region, "search"), search(linear, region))


def test_radius_zero_is_the_anchor():
    anchor = np.array([0.1, 0.2, 0.7])
    region = make_region(names(3), anchor, 0.0)
    assert search(log_response([1.0, 1.0, 0.0], 1e-3), region).tobytes() == anchor.tobytes()
