"""Supply: amounts, caps, whole counts, epochs, and the largest budget that can be served."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.decision.supply import Supply, caps, counts, epochs_used, largest_budget
from causalmix_core.decision.supply_entry import parse_supply, supply_json
from causalmix_core.errors import SupplyError

DOMAINS = ("web", "code", "math")
SUPPLY = Supply(20e9, "tokens", (("web", 30e9), ("math", 1e9)), 1.0, (("math", 4.0),))


def test_a_cap_is_what_can_be_served_over_the_budget():
    assert caps(SUPPLY, DOMAINS) == pytest.approx([1.0, 1.0, 0.2], abs=1e-15)


def test_counts_add_up_and_epochs_follow():
    made = counts(SUPPLY, DOMAINS, np.array([0.5, 0.3, 0.2]))
    assert made == (10_000_000_000, 6_000_000_000, 4_000_000_000)
    assert epochs_used(SUPPLY, DOMAINS, made) == pytest.approx((1 / 3, None, 4.0))


def test_nothing_wanted_of_nothing_available_is_no_epoch():
    supply = Supply(10, "examples", (("math", 0.0),))
    assert epochs_used(supply, DOMAINS, counts(supply, DOMAINS, np.array([0.5, 0.5, 0.0])))[2] == 0.0


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 10**12))
def test_counts_add_up_exactly_and_never_exceed_what_can_be_served(seed, budget):
    rng = np.random.default_rng(seed)
    available = tuple((d, float(rng.integers(0, 2 * budget + 2))) for d in DOMAINS if rng.random() < 0.7)
    supply = Supply(float(budget), "examples", available, float(rng.choice([0.5, 1.0, 3.0])))
    limit = caps(supply, DOMAINS)
    if limit.sum() < 1.0 or budget > sum(int(s * budget) for s in limit):
        return
    shares = limit * rng.random(3)
    shares = shares + (limit - shares) * max(0.0, 1.0 - shares.sum()) / max((limit - shares).sum(), 1e-300)
    shares /= shares.sum()
    made = counts(supply, DOMAINS, shares)
    assert sum(made) == budget
    for domain, count, share in zip(DOMAINS, made, shares, strict=True):
        assert count <= dict(available).get(domain, np.inf) * supply.max_epochs * (1 + 1e-12)
        assert abs(count - share * budget) <= 3.0 + 1e-9 * budget


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_largest_budget_can_be_served_and_no_larger_one(seed):
    rng = np.random.default_rng(seed)
    available = tuple((d, float(rng.uniform(0.1, 10.0) * 1e6)) for d in DOMAINS)
    upper = np.array([1.0, rng.uniform(0.3, 1.0), rng.uniform(0.5, 1.0)])
    lower = np.array([0.0, rng.choice([0.0, 0.2]), 0.0])

    def fits(budget: float) -> bool:
        limit = caps(Supply(budget, "tokens", available), DOMAINS)
        return bool((lower <= limit).all() and np.minimum(limit, upper).sum() >= 1.0)

    most = largest_budget(Supply(1e6, "tokens", available), DOMAINS, lower, upper)
    assert fits(most * (1 - 1e-9))
    assert not fits(most * (1 + 1e-9))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"budget": 0.0}, "budget"),
        ({"budget": float("nan")}, "nan"),
        ({"budget": 1e9, "available": (("math", -1.0),)}, "math is -1"),
        ({"budget": 1e9, "available": (("math", float("inf")),)}, "math is inf"),
        ({"budget": 1e9, "available": (("math", 1.0), ("math", 2.0))}, "math"),
        ({"budget": 1e9, "max_epochs": 0.0}, "epochs is 0"),
        ({"budget": 1e9, "epochs": (("math", -2.0),)}, "epochs of math is -2"),
        ({"budget": 1e9, "unit": "words"}, "words"),
    ],
)
def test_amounts_out_of_range_are_named(arguments, named):
    with pytest.raises(SupplyError, match=named):
        Supply(**arguments)


def test_an_unknown_domain_is_named():
    with pytest.raises(SupplyError, match="books"):
        caps(Supply(1e9, "tokens", (("books", 1.0),)), DOMAINS)


def test_a_supply_file_gives_amounts_and_epochs():
    written = {"web": 4e9, "math": {"available": 1e9, "max_epochs": 4}}
    assert parse_supply(json.dumps(written).encode(), DOMAINS, 20e9, "examples", 2.0) == Supply(
        20e9, "examples", (("web", 4e9), ("math", 1e9)), 2.0, (("math", 4.0),)
    )


def test_a_supply_is_written_as_it_is_read():
    supply = Supply(20e9, "tokens", (("web", 4e9), ("math", 0.0)), 2.0, (("code", 3.0), ("math", 4.0)))
    written = json.dumps(supply_json(supply)).encode()
    found = parse_supply(written, DOMAINS, 20e9, "tokens", 2.0)
    assert dict(found.available) == dict(supply.available)
    assert dict(found.epochs) == dict(supply.epochs)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (b"[1, 2]", "not a JSON object"),
        (b"{", "not JSON"),
        (b'{"books": 1}', "books"),
        (b'{"web": "many"}', "web is 'many'"),
        (b'{"web": {}}', "web"),
        (b'{"web": {"amount": 3}}', "amount"),
        (b'{"web": true}', "web is True"),
        (b'{"web": 1e999}', "web is inf"),
        (b'{"web": -1}', "web is -1"),
        (b'{"web": {"max_epochs": "x"}}', "epochs of web"),
        (b"\xff\xfe", "not JSON"),
    ],
)
def test_a_broken_supply_file_is_refused_by_name(written, named):
    with pytest.raises(SupplyError, match=named):
        parse_supply(written, DOMAINS, 1e9)
