"""Objectives under caps, locks, floors and several pools, against a generic solver from many starts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.generic import FEASIBLE, highest, violation
from benchmarks.policies import LEVEL, problem
from causalmix_core.decision.feasibility import least_radius
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.objective import OBJECTIVES, Floor, Objective
from causalmix_core.decision.objectives.choose import choose
from causalmix_core.decision.policies import recommend
from causalmix_core.decision.region import METRICS, make_region
from causalmix_core.decision.solvers.candidates import pull_inside
from causalmix_core.effects.response import Response
from causalmix_core.errors import ObjectiveError
from tests.decision.problems import names, random_region, random_response, seeds

SIZES = {3: 8, 7: 5, 17: 2}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", SIZES)
@pytest.mark.parametrize("kind", [kind for kind in OBJECTIVES if kind != "least_change"])
def test_no_worse_than_a_generic_solver(kind, k, metric):
    for seed in range(3):
        asked = problem(kind, metric, k, mixed=seed == 1, seed=seed)
        shares = asked.solve()
        assert violation(asked.region, asked.held, shares) <= FEASIBLE
        drawn = np.random.default_rng(seed).dirichlet(np.full(k, 0.7), SIZES[k])
        found, _ = highest(asked.goals, asked.held, asked.region, pull_inside(drawn, asked.region))
        own, size = asked.score(shares), np.abs(asked.response.coefficients).max()
        assert found <= own + 1e-5 * abs(own) + 1e-8 * size


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", SIZES)
def test_least_change_reaches_the_gain_and_a_smaller_radius_does_not(k, metric):
    for seed in range(3):
        asked = problem("least_change", metric, k, mixed=False, seed=seed)
        shares, wanted = asked.solve(), asked.objective.wanted
        assert violation(asked.region, asked.held, shares) <= FEASIBLE
        assert asked.response.gain(shares, asked.region.anchor) >= wanted * (1.0 - 1e-9)
        used = float(distance(metric, asked.region.anchor, shares))
        smaller = replace(asked.region, radius=used * (1.0 - 1e-5))
        others = choose(Objective(), asked.response, smaller, level=LEVEL, floors=asked.floors)
        assert asked.response.gain(others, asked.region.anchor) < wanted


@pytest.mark.parametrize("kind", ["mean_gain", "lower_bound", "maximin"])
@given(seed=seeds)
@settings(max_examples=12)
def test_never_fails_and_never_falls_below_an_anchor_in_bounds(kind, seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 7))
    region = random_region(rng, k, METRICS[seed % 3])
    own = random_response(rng, k, convex=True)
    other = replace(random_response(rng, k, convex=True), epsilon=own.epsilon)
    allowed = least_radius(region) == 0.0
    floors = [(other, Floor("other", -0.1, sure=bool(seed % 2)))] if allowed else []
    shares = choose(Objective(kind), own, region, floors=floors, futures=[other])
    quantile = 1.6448536269514722
    goals = [(other, quantile * (seed % 2), -0.1)] if floors else []
    assert violation(region, goals, shares) <= FEASIBLE
    if allowed:
        se = quantile * float(own.gain_se(shares, region.anchor)) if kind == "lower_bound" else 0.0
        gains = [own.gain(shares, region.anchor) - se]
        gains += [other.gain(shares, region.anchor)] if kind == "maximin" else []
        assert min(gains) >= 0.0


def two_domains(slope: float, se: float = 0.0) -> Response:
    """Gain ``slope`` per share that moves to the first domain, with its standard error."""
    covariance = np.zeros((4, 4))
    covariance[2, 2] = se**2
    return Response(("a", "b"), 0.01, np.zeros(2), np.array([slope, 0.0]), covariance)


HALVES = make_region(("a", "b"), np.array([0.5, 0.5]), 0.2)


def test_a_gain_that_is_not_sure_leaves_the_anchor_in_place():
    assert choose(Objective("lower_bound"), two_domains(1.0, 0.7), HALVES) == pytest.approx([0.5, 0.5])
    assert choose(Objective("lower_bound"), two_domains(1.0, 0.5), HALVES) == pytest.approx([0.7, 0.3])
    assert choose(Objective("lower_bound"), two_domains(1.0, 0.7), HALVES, level=0.5)[0] == pytest.approx(0.7)


def test_least_change_moves_just_as_far_as_the_gain_asks():
    shares = choose(Objective("least_change", 0.05), two_domains(0.5), HALVES)
    assert shares == pytest.approx([0.6, 0.4])


def test_a_wanted_gain_out_of_reach_names_what_is():
    with pytest.raises(
        ObjectiveError, match=r"gain of 0\.2 is out of reach: the most in this region is 0\.1;"
    ):
        choose(Objective("least_change", 0.2), two_domains(0.5), HALVES)


def test_one_mixture_for_several_futures():
    shares = choose(Objective("maximin"), two_domains(1.0), HALVES, futures=[two_domains(-0.5)])
    assert shares == pytest.approx([0.5, 0.5], abs=1e-9)
    shares = choose(Objective("maximin"), two_domains(1.0), HALVES, futures=[two_domains(0.5)])
    assert shares == pytest.approx([0.7, 0.3])


def test_a_floor_holds_a_mixture_back():
    falls = two_domains(-1.0)
    floors = [(falls, Floor("essays", -0.1))]
    assert choose(Objective(), two_domains(1.0), HALVES, floors=floors) == pytest.approx([0.6, 0.4])
    floors = [(falls, Floor("essays"))]
    assert choose(Objective(), two_domains(1.0), HALVES, floors=floors) == pytest.approx([0.5, 0.5])


def test_a_floor_that_must_be_kept_surely_holds_more_back():
    unsure = two_domains(-1.0, 0.3)
    shares = choose(
        Objective(), two_domains(1.0), HALVES, floors=[(unsure, Floor("essays", -0.1, sure=True))]
    )
    assert shares[0] == pytest.approx(0.5 + 0.1 / (1.0 + 0.3 * 1.6448536269514722))


def test_a_floor_may_ask_for_a_gain():
    shares = choose(Objective(), two_domains(-1.0), HALVES, floors=[(two_domains(2.0), Floor("essays", 0.1))])
    assert shares == pytest.approx([0.55, 0.45])


def test_a_floor_out_of_reach_is_named_with_the_best_there_is():
    with pytest.raises(
        ObjectiveError, match=r"essays.*at least 0\.5.*gain that essays can reach there is 0\.4;"
    ):
        choose(Objective(), two_domains(1.0), HALVES, floors=[(two_domains(2.0), Floor("essays", 0.5))])


def test_floors_that_only_exclude_each_other_are_named_together():
    floors = [(two_domains(1.0), Floor("essays", 0.1)), (two_domains(-1.0), Floor("code", 0.1))]
    with pytest.raises(ObjectiveError, match="keeps all floors: essays, code"):
        choose(Objective(), two_domains(1.0), HALVES, floors=floors)


def test_without_floors_the_mean_gain_is_the_policy_itself():
    rng = np.random.default_rng(3)
    region, response = random_region(rng, 5, "tv"), random_response(rng, 5, convex=True)
    for policy in ("analytic", "search"):
        shares = choose(Objective(), response, region, policy=policy, seed=4)
        assert (shares == recommend(response, region, policy, 4)).all()


def test_search_follows_its_seed_under_every_objective():
    asked = problem("lower_bound", "l2", 7, mixed=True, seed=4)
    first, again = (
        choose(asked.objective, asked.response, asked.region, floors=asked.floors, policy="search", seed=1)
        for _ in range(2)
    )
    assert (first == again).all()
    assert asked.score(first) > 0.0


def test_a_region_of_one_mixture_is_that_mixture():
    region = make_region(names(3), np.array([0.2, 0.3, 0.5]), 0.3, locked=names(3))
    response = random_response(np.random.default_rng(0), 3, convex=True)
    floors = [(response, Floor("y"))]
    for kind in ("mean_gain", "lower_bound", "maximin"):
        assert choose(Objective(kind), response, region, floors=floors) == pytest.approx([0.2, 0.3, 0.5])


def test_responses_must_share_their_epsilon():
    other = replace(two_domains(1.0), epsilon=0.02)
    with pytest.raises(ObjectiveError, match="epsilon"):
        choose(Objective("maximin"), two_domains(1.0), HALVES, futures=[other])
