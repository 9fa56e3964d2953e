"""Prices of limits: what a step looser is worth, found by solving again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.decision.decide import decide
from causalmix_core.decision.prices import Relaxation, compare_limits, prices
from causalmix_core.decision.region import Region, make_region
from causalmix_core.decision.result import Decision
from causalmix_core.decision.supply import Supply
from causalmix_core.effects.response import Response
from tests.decision.problems import METRICS, names, random_region, random_response

ANCHOR = np.array([0.5, 0.3, 0.2])
SLOPES = Response(names(3), 0.01, np.zeros(3), np.array([0.0, 1.0, 3.0]), np.eye(6) * 1e-4)


def by(response: Response):
    def solve(region: Region) -> Decision:
        return decide(response, region)

    return solve


def priced(region: Region, response: Response = SLOPES):
    return {p.limit: p for p in prices(by(response), decide(response, region))}


def test_the_radius_is_worth_what_a_hundredth_of_the_data_brings():
    found = priced(make_region(names(3), ANCHOR, 0.1))
    assert set(found) == {"radius"}
    assert found["radius"].worth == pytest.approx(0.01 * 3.0, abs=1e-12)
    assert (found["radius"].step, found["radius"].unit) == (0.01, "radius")


def test_a_cap_is_worth_what_one_more_point_brings():
    found = priced(make_region(names(3), ANCHOR, 0.1, bounds={"d2": (0.0, 0.25)}))
    # One point more of d2 takes the place of d1, which the radius had left for it.
    assert found["d2.upper"].worth == pytest.approx(0.01 * (3.0 - 1.0), abs=1e-12)
    assert found["radius"].worth == pytest.approx(0.01 * 1.0, abs=1e-12)


def test_a_lock_has_one_price():
    found = priced(make_region(names(3), ANCHOR, 0.1, locked=("d0",)))
    assert "d0.lock" in found
    assert not {"d0.lower", "d0.upper"} & set(found)
    assert found["d0.lock"].worth == pytest.approx(0.01 * 1.0, abs=1e-12)


def test_supply_is_worth_what_a_tenth_more_brings():
    supply = Supply(20e9, "tokens", (("d2", 2.5e9),), 2.0)
    found = priced(make_region(names(3), ANCHOR, 0.1, supply=supply))["d2.supply"]
    # 0.25e9 more tokens, seen twice, are 2.5 % of the budget.
    assert (found.step, found.unit) == (0.25e9, "tokens")
    assert found.worth == pytest.approx(0.025 * (3.0 - 1.0), abs=1e-12)


def test_a_domain_of_which_there_is_nothing_has_a_price_too():
    supply = Supply(100.0, "examples", (("d2", 0.0),))
    found = priced(make_region(names(3), ANCHOR, 0.1, supply=supply))["d2.supply"]
    assert found.step == pytest.approx(1.0)
    assert found.worth == pytest.approx(0.01 * (3.0 - 1.0), abs=1e-12)


def test_a_raised_cap_brings_no_more_than_can_be_served():
    supply = Supply(100.0, "examples", (("d2", 25.0),))
    region = make_region(names(3), ANCHOR, 0.1, bounds={"d2": (0.0, 0.245)}, supply=supply)
    assert priced(region)["d2.upper"].worth == pytest.approx(0.005 * (3.0 - 1.0), abs=1e-12)


def test_what_does_not_bind_has_no_price():
    flat = Response(names(3), 0.01, np.zeros(3), np.zeros(3), np.eye(6))
    assert priced(make_region(names(3), ANCHOR, 0.1), flat) == {}


def test_floors_of_outcomes_are_priced_with_the_rest():
    made = decide(SLOPES, make_region(names(3), ANCHOR, 0.1))
    looser = decide(SLOPES, make_region(names(3), ANCHOR, 0.12))
    found = prices(by(SLOPES), made, [(Relaxation("ifeval.floor", 0.1, "outcome"), lambda: looser)])
    assert [(p.limit, round(p.worth, 12)) for p in found] == [("ifeval.floor", 0.06), ("radius", 0.03)]


def test_the_optimum_without_limits_stands_beside_the_feasible_one():
    supply = Supply(100.0, "examples", (("d2", 22.0),))
    region = make_region(names(3), ANCHOR, 0.1, bounds={"d1": (0.0, 0.35)}, supply=supply)
    found = compare_limits(by(SLOPES), decide(SLOPES, region))
    assert found.without_supply is not None
    assert found.without_bounds is not None
    gains = [found.feasible.gain, found.without_supply.gain, found.without_bounds.gain]
    assert gains == pytest.approx([0.02 * 3 + 0.05 * 1, 0.1 * 3, 0.1 * 3], abs=1e-12)
    assert found.without_supply.shares == pytest.approx([0.4, 0.3, 0.3], abs=1e-12)


def test_a_supply_that_limits_nothing_is_no_limit():
    region = make_region(names(3), ANCHOR, 0.1, supply=Supply(100.0, "examples", (("d2", 100.0),)))
    found = compare_limits(by(SLOPES), decide(SLOPES, region))
    assert (found.without_supply, found.without_bounds) == (None, None)


def test_without_limits_there_is_nothing_to_compare():
    found = compare_limits(by(SLOPES), decide(SLOPES, make_region(names(3), ANCHOR, 0.1)))
    assert (found.without_supply, found.without_bounds) == (None, None)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(METRICS))
def test_prices_are_never_negative_and_the_fewer_limits_the_better(seed, metric):
    rng = np.random.default_rng(seed)
    k = int(rng.choice([3, 5]))
    region, response = random_region(rng, k, metric), random_response(rng, k, convex=False)
    made = decide(response, region)
    for price in prices(by(response), made):
        assert price.worth >= 0.0
    found = compare_limits(by(response), made)
    if found.without_bounds is not None:
        assert found.without_bounds.gain >= made.gain - 1e-7 * (1.0 + abs(made.gain))


@pytest.mark.parametrize("metric", METRICS)
def test_a_small_step_agrees_with_the_envelope_of_the_frontier(metric):
    rng = np.random.default_rng(4)
    response, anchor = random_response(rng, 5, convex=False), rng.dirichlet(np.ones(5))
    region = make_region(names(5), anchor, 0.1, metric)
    made = decide(response, region)
    wider = decide(response, replace(region, radius=0.11))
    assert priced(region, response)["radius"].worth == pytest.approx(wider.gain - made.gain, abs=1e-12)
