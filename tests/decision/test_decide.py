"""What a decision says about itself."""

from __future__ import annotations

import dataclasses
import time
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.decide import decide
from causalmix_core.decision.geometry import distance, total_variation
from causalmix_core.decision.region import make_region
from causalmix_core.effects.response import Response
from tests.decision.problems import METRICS, names, random_region, random_response, seeds

DOMAINS = ("web", "code", "math")
ANCHOR = np.array([0.5, 0.3, 0.2])


def linear(slopes, sd=0.1):
    return Response(DOMAINS, 1e-3, np.zeros(3), np.array(slopes), sd**2 * np.eye(6))


def test_by_hand():
    decision = decide(linear([0.0, 1.0, 0.0]), make_region(DOMAINS, ANCHOR, 0.1), level=0.95)
    assert decision.shares[1] == pytest.approx(0.4)
    assert decision.gain == pytest.approx(0.1)
    moves = decision.shares - ANCHOR
    assert decision.se == pytest.approx(0.1 * np.linalg.norm(np.concatenate([_logs(decision), moves])))
    assert decision.interval == pytest.approx((0.1 - 1.959964 * decision.se, 0.1 + 1.959964 * decision.se))
    assert decision.p_positive == pytest.approx(NormalDist().cdf(0.1 / decision.se))
    assert decision.moved == pytest.approx(0.1)
    assert decision.active == ("radius",)


def _logs(decision):
    return np.log((decision.shares + 1e-3) / (ANCHOR + 1e-3))


def test_nothing_moves_at_radius_zero():
    decision = decide(linear([0.0, 1.0, 0.0]), make_region(DOMAINS, ANCHOR, 0.0))
    assert decision.shares.tobytes() == ANCHOR.tobytes()
    assert (decision.gain, decision.se, decision.p_positive) == (0.0, 0.0, 0.5)
    assert (decision.distance, decision.moved) == (0.0, 0.0)


def test_what_binds_is_named():
    bounds = {"code": (0.0, 0.35), "web": (0.48, 1.0)}
    decision = decide(linear([0.0, 1.0, 0.5]), make_region(DOMAINS, ANCHOR, 0.3, "tv", bounds))
    assert decision.active == ("web.lower", "code.upper")
    assert decide(linear([0.0, 1.0, 0.0]), make_region(DOMAINS, ANCHOR, 1.0)).active == ()
    locked = decide(linear([0.0, 1.0, 0.0]), make_region(DOMAINS, ANCHOR, 0.1, locked=["web"]))
    assert locked.active == ("radius", "web.lower", "web.upper")


@pytest.mark.parametrize("metric", METRICS)
@given(seed=seeds)
@settings(max_examples=25)
def test_parts_add_up(metric, seed):
    rng = np.random.default_rng(seed)
    region, response = random_region(rng, 6, metric), random_response(rng, 6, convex=True)
    decision = decide(response, region)
    scale = np.abs(decision.contributions).sum()
    assert decision.contributions.sum() == pytest.approx(decision.gain, abs=1e-9 * scale + 1e-12)
    assert decision.gain == pytest.approx(float(response.gain(decision.shares, region.anchor)))
    assert decision.distance == float(distance(metric, region.anchor, decision.shares))
    assert decision.moved == float(total_variation(region.anchor, decision.shares))
    assert decision.interval[0] <= decision.gain <= decision.interval[1]
    assert 0.0 <= decision.p_positive <= 1.0


def test_contributions_do_not_depend_on_a_constant_in_the_slopes():
    region = make_region(DOMAINS, ANCHOR, 0.2)
    plain, shifted = (decide(linear([c, 1.0 + c, 0.4 + c]), region) for c in (0.0, 7.0))
    assert shifted.contributions == pytest.approx(plain.contributions, abs=1e-12)


def test_a_sure_gain_is_positive_for_sure():
    certain = dataclasses.replace(linear([0.0, 1.0, 0.0]), covariance=np.zeros((6, 6)))
    assert decide(certain, make_region(DOMAINS, ANCHOR, 0.1)).p_positive == 1.0


@pytest.mark.parametrize("metric", METRICS)
def test_search_decides_in_the_same_region(metric):
    region = make_region(DOMAINS, ANCHOR, 0.1, metric, {"math": (0.15, 0.5)})
    response = Response(DOMAINS, 1e-3, np.array([0.1, 0.4, 0.2]), np.array([0.3, 0.0, 0.1]), np.eye(6))
    exact, found = decide(response, region), decide(response, region, policy="search", seed=3)
    assert found.policy == "search"
    assert found.gain == pytest.approx(exact.gain, rel=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_a_radius_move_takes_no_time(metric):
    """60 ms for 64 domains; the median of a few, in CPU time, with room for a slow machine."""
    rng = np.random.default_rng(0)
    region = make_region(names(64), rng.dirichlet(np.full(64, 2.0)), 0.1, metric)
    for convex in (False, True):
        response = random_response(rng, 64, convex=convex)
        spent = []
        for radius in (0.05, 0.1, 0.2):
            before = time.process_time()
            decide(response, dataclasses.replace(region, radius=radius))
            spent.append(time.process_time() - before)
        assert sorted(spent)[1] < 0.2
