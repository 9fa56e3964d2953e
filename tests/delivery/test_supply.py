"""Supply in rows and words, and the prices of limits."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.decision.decide import decide
from causalmix_core.decision.prices import compare_limits, prices
from causalmix_core.decision.region import make_region
from causalmix_core.decision.supply import Supply
from causalmix_core.delivery.prices import limits_rows, limits_sentence, price_sentences
from causalmix_core.delivery.sentences import why_sentences
from causalmix_core.delivery.supply import amount_words, availability_sentences, supply_rows
from causalmix_core.effects.response import Response
from causalmix_core.evidence.table import Outcome

DOMAINS = ("web", "code", "math")
ANCHOR = np.array([0.5, 0.3, 0.2])
RESPONSE = Response(DOMAINS, 0.01, np.zeros(3), np.array([0.0, 10.0, 30.0]), np.eye(6) * 1e-4)
SUPPLY = Supply(20e9, "tokens", (("web", 30e9), ("math", 2.2e9)), 2.0)
SCORE = Outcome("score", True, "points")


def decided(**limits):
    return decide(RESPONSE, make_region(DOMAINS, ANCHOR, 0.1, **limits))


def solve(region):
    return decide(RESPONSE, region)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (4e9, "4 billion tokens"),
        (1.25e12, "1.25 trillion tokens"),
        (999_000, "999,000 tokens"),
        (999_999, "1 million tokens"),
        (999_600_000, "1 billion tokens"),
        (0, "0 tokens"),
    ],
)
def test_amounts_are_said_in_words(amount, words):
    assert amount_words(amount, "tokens") == words


def test_each_domain_has_its_count_amount_and_epochs():
    made = decided(supply=SUPPLY)
    web, code, math = supply_rows(made)
    assert web.count + code.count + math.count == 20_000_000_000
    assert math.count == 4_400_000_000
    assert (math.available, math.epochs, math.most_epochs, math.binds) == (2.2e9, 2.0, 2.0, True)
    assert (code.available, code.epochs, code.binds) == (None, None, False)
    assert math.cap == pytest.approx(0.22)


def test_without_a_supply_there_are_no_rows():
    assert supply_rows(decided()) == ()
    assert supply_rows(decided(present=("web", "math"))) == ()


def test_a_binding_supply_says_what_is_there():
    assert (
        "math is at 22.0 %, all that can be served: 2.2 billion tokens in at most 2 epochs; more of it, or more epochs, "
        "would let it grow."
    ) in why_sentences(decided(supply=SUPPLY))


def test_nothing_available_is_said_so():
    made = decided(supply=Supply(100.0, "examples", (("math", 0.0),)))
    assert "math is at 0.0 %, because nothing of it is available." in why_sentences(made)


def test_what_became_of_the_anchor_is_said():
    region = make_region(
        DOMAINS, ANCHOR, 0.1, supply=Supply(10.0, "tokens", (("web", 5.0),)), present=("web", "code")
    )
    assert availability_sentences(region) == (
        "math is not in the pool: the reference is restricted to the other domains and closed again "
        "(20.0 % of it went to them pro rata).",
        "The reference as asked for cannot be served, so the nearest one that can takes its place, 12.5 % of the data "
        "away: web from 62.5 % to 50.0 %, the rest filled in pro rata.",
    )
    assert availability_sentences(make_region(DOMAINS, ANCHOR, 0.1)) == ()
    assert availability_sentences(make_region(DOMAINS, ANCHOR, 0.1, supply=SUPPLY)) == ()


def test_prices_are_said_dearest_first():
    made = decided(supply=SUPPLY, bounds={"code": (0.0, 0.35)})
    said = price_sentences(SCORE, made, prices(solve, made))
    assert said == (
        "220 million tokens more of math would be worth +0.66 points.",
        "A cap of code higher by 1.0 % would be worth +0.10 points.",
    )


def test_a_price_of_nothing_is_not_dressed_up():
    flat = Response(DOMAINS, 0.01, np.zeros(3), np.array([0.0, 0.0, 30.0]), np.eye(6) * 1e-4)
    made = decide(flat, make_region(DOMAINS, np.array([0.0, 0.3, 0.7]), 0.5, bounds={"code": (0.0, 0.3)}))
    found = prices(lambda region: decide(flat, region), made)
    for sentence in price_sentences(SCORE, made, found):
        assert sentence.endswith("next to nothing.")


def test_the_optimum_without_limits_is_said_beside_the_feasible_one():
    compared = compare_limits(solve, decided(supply=SUPPLY))
    assert [row.words for row in limits_rows(compared)] == [
        "Within all limits",
        "With unlimited supply",
        "With nothing but the radius",
    ]
    assert limits_sentence(SCORE, compared) == (
        "Within this radius, the supply costs 1.6 points: the gain is +1.4 with and +3.0 without."
    )
    free = compare_limits(solve, decided())
    assert len(limits_rows(free)) == 1
    assert limits_sentence(SCORE, free) == ""
