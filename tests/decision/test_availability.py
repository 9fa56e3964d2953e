"""What there is to train on: domains present, caps of supply, and the anchor they leave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.decision.decide import decide
from causalmix_core.decision.policies import recommend
from causalmix_core.decision.region import make_region
from causalmix_core.decision.supply import Supply, caps
from causalmix_core.effects.response import Response
from causalmix_core.errors import AnchorError, InfeasibleRegion, SupplyError
from tests.decision.problems import METRICS, names, random_response

DOMAINS = ("web", "code", "math")
ANCHOR = np.array([0.5, 0.3, 0.2])


def linear(*slopes: float) -> Response:
    k = len(slopes)
    return Response(names(k), 0.01, np.zeros(k), np.array(slopes), np.eye(2 * k) * 1e-4)


def test_absent_domains_leave_the_anchor_and_the_mixture():
    region = make_region(DOMAINS, ANCHOR, 0.1, present=("web", "math"))
    assert region.anchor == pytest.approx([5 / 7, 0.0, 2 / 7], abs=1e-15)
    assert region.upper.tolist() == [1.0, 0.0, 1.0]
    assert region.availability is not None
    assert region.availability.absent == ("code",)


@pytest.mark.parametrize("metric", METRICS)
def test_a_subset_is_decided_as_if_the_others_did_not_exist(metric):
    rng = np.random.default_rng(3)
    for _ in range(20):
        response = random_response(rng, 5, convex=False)
        anchor = rng.dirichlet(np.ones(5))
        kept = [0, 2, 3]
        present = tuple(np.array(names(5))[kept])
        whole = decide(response, make_region(names(5), anchor, 0.1, metric, present=present))
        part = Response(
            present,
            response.epsilon,
            response.log_coefficients[kept],
            response.linear_coefficients[kept],
            response.covariance[np.ix_([*kept, *(5 + i for i in kept)], [*kept, *(5 + i for i in kept)])],
        )
        alone = decide(part, make_region(present, anchor[kept] / anchor[kept].sum(), 0.1, metric))
        assert whole.shares[[1, 4]].tolist() == [0.0, 0.0]
        assert whole.gain == pytest.approx(alone.gain, abs=1e-9)
        assert whole.se == pytest.approx(alone.se, abs=1e-9)
        assert whole.distance == pytest.approx(alone.distance, abs=1e-9)


def test_what_cannot_be_present_is_refused():
    with pytest.raises(AnchorError, match="books"):
        make_region(DOMAINS, ANCHOR, 0.1, present=("web", "books"))
    with pytest.raises(AnchorError, match="at least two"):
        make_region(DOMAINS, ANCHOR, 0.1, present=("web",))
    with pytest.raises(AnchorError, match="nothing of code, math"):
        make_region(DOMAINS, np.array([1.0, 0.0, 0.0]), 0.1, present=("code", "math"))
    with pytest.raises(InfeasibleRegion, match="floor of code"):
        make_region(DOMAINS, ANCHOR, 0.1, bounds={"code": (0.1, 1.0)}, present=("web", "math"))


def test_an_anchor_that_asks_for_too_much_is_cut_and_the_rest_fills_in_pro_rata():
    supply = Supply(10.0, "tokens", (("web", 2.0),))
    region = make_region(DOMAINS, ANCHOR, 0.1, supply=supply)
    assert region.anchor == pytest.approx([0.2, 0.48, 0.32], abs=1e-15)
    assert region.availability is not None
    assert region.availability.asked.tolist() == ANCHOR.tolist()


def test_a_cut_anchor_leaves_locks_alone():
    supply = Supply(10.0, "tokens", (("web", 2.0),))
    region = make_region(DOMAINS, ANCHOR, 0.1, locked=("math",), supply=supply)
    assert region.anchor == pytest.approx([0.2, 0.6, 0.2], abs=1e-15)


def test_what_an_anchor_lacks_fills_in_where_nothing_else_is_left():
    supply = Supply(10.0, "tokens", (("web", 4.0), ("code", 1.0), ("math", 7.0)))
    region = make_region(DOMAINS, np.array([0.9, 0.1, 0.0]), 0.1, supply=supply)
    assert region.anchor == pytest.approx([0.4, 0.1, 0.5], abs=1e-15)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(METRICS))
def test_no_share_exceeds_what_can_be_served(seed, metric):
    rng = np.random.default_rng(seed)
    k = int(rng.choice([3, 6, 17]))
    amounts = tuple((d, float(rng.uniform(0.0, 4.0 / k))) for d in names(k)[1:] if rng.random() < 0.7)
    supply = Supply(1.0, "tokens", amounts, float(rng.choice([1.0, 2.0])))
    region = make_region(names(k), rng.dirichlet(np.ones(k)), 0.2, metric, supply=supply)
    shares = recommend(random_response(rng, k, convex=bool(rng.random() < 0.5)), region, "analytic")
    limit = caps(supply, names(k))
    assert (region.anchor <= limit + 1e-12).all()
    assert abs(region.anchor.sum() - 1.0) <= 1e-12
    assert (shares <= limit + 1e-9).all()
    assert abs(shares.sum() - 1.0) <= 1e-9


def test_a_supply_smaller_than_the_budget_names_the_largest_budget():
    amounts = (("web", 4e9), ("code", 3e9), ("math", 1e9))
    with pytest.raises(SupplyError, match="at most 8B") as raised:
        make_region(DOMAINS, ANCHOR, 0.5, supply=Supply(20e9, "tokens", amounts))
    assert "web, code, math" in str(raised.value)
    make_region(DOMAINS, ANCHOR, 0.5, supply=Supply(8e9, "tokens", amounts))


def test_caps_and_supply_together_name_the_largest_budget():
    supply = Supply(20e9, "tokens", (("web", 4e9),))
    bounds = {"code": (0.0, 0.3), "math": (0.0, 0.3)}
    with pytest.raises(SupplyError, match=r"more of web.*at most 10B"):
        make_region(DOMAINS, ANCHOR, 0.5, bounds=bounds, supply=supply)


def test_a_floor_or_lock_beyond_the_supply_is_named():
    supply = Supply(10.0, "tokens", (("web", 2.0),))
    with pytest.raises(SupplyError, match=r"floor of web, 30.0 %.*to 20.0 %.*at most 6\."):
        make_region(DOMAINS, ANCHOR, 0.5, bounds={"web": (0.3, 1.0)}, supply=supply)
    with pytest.raises(SupplyError, match="lock of web"):
        make_region(DOMAINS, ANCHOR, 0.5, locked=("web",), supply=supply)


def test_a_binding_supply_is_named_as_such():
    supply = Supply(10.0, "tokens", (("math", 2.2),))
    made = decide(
        linear(0.0, 0.0, 1.0),
        make_region(names(3), ANCHOR, 0.1, supply=Supply(10.0, "tokens", (("d2", 2.2),))),
    )
    assert made.active == ("d2.supply",)
    assert made.shares[2] == pytest.approx(0.22, abs=1e-12)
    capped = make_region(DOMAINS, ANCHOR, 0.1, bounds={"math": (0.0, 0.21)}, supply=supply)
    assert decide(linear(0.0, 0.0, 1.0), capped).active == ("math.upper",)


@pytest.mark.parametrize("metric", METRICS)
def test_the_order_of_domains_does_not_matter(metric):
    rng = np.random.default_rng(5)
    response, anchor = random_response(rng, 6, convex=False), rng.dirichlet(np.ones(6))
    supply = Supply(1.0, "tokens", (("d0", 0.15), ("d3", 0.1)))
    order = rng.permutation(6)
    turned = Response(
        tuple(names(6)[i] for i in order),
        response.epsilon,
        response.log_coefficients[order],
        response.linear_coefficients[order],
        response.covariance,
    )
    first = decide(response, make_region(names(6), anchor, 0.1, metric, supply=supply))
    second = decide(turned, make_region(turned.domains, anchor[order], 0.1, metric, supply=supply))
    assert second.gain == pytest.approx(first.gain, abs=1e-8)
    assert second.shares == pytest.approx(first.shares[order], abs=1e-5)


def test_a_shift_of_all_effects_does_not_matter():
    rng = np.random.default_rng(6)
    response, anchor = random_response(rng, 5, convex=False), rng.dirichlet(np.ones(5))
    shifted = Response(
        response.domains,
        response.epsilon,
        response.log_coefficients,
        response.linear_coefficients + 3.0,
        response.covariance,
    )
    region = make_region(names(5), anchor, 0.2, supply=Supply(1.0, "tokens", (("d1", 0.1),)))
    first, second = decide(response, region), decide(shifted, region)
    assert second.gain == pytest.approx(first.gain, abs=1e-9)
    assert second.shares == pytest.approx(first.shares, abs=1e-7)


def test_splitting_a_domain_in_two_identical_halves_leaves_the_gain():
    rng = np.random.default_rng(7)
    for _ in range(20):
        slopes, anchor = rng.normal(size=4), rng.dirichlet(np.ones(4))
        whole = make_region(names(4), anchor, 0.15, supply=Supply(1.0, "tokens", (("d3", 0.3),)))
        amounts = (("d3", 0.15), ("d4", 0.15))
        halves = make_region(
            names(5),
            np.append(anchor, anchor[3] / 2) - [0, 0, 0, anchor[3] / 2, 0],
            0.15,
            supply=Supply(1.0, "tokens", amounts),
        )
        one, two = decide(linear(*slopes), whole), decide(linear(*slopes, slopes[3]), halves)
        assert two.gain == pytest.approx(one.gain, abs=1e-12)
        assert two.shares[3:].sum() == pytest.approx(one.shares[3], abs=1e-9)
