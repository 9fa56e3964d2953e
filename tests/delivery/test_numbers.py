"""How numbers are written for people."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.delivery.numbers import (
    decimals_for,
    duration,
    level_percent,
    percent,
    percentages,
    plain,
    probability,
    signed,
    thousands,
)


def test_percentages_add_to_exactly_100():
    assert percentages([1 / 3, 1 / 3, 1 / 3]) == ("33.4", "33.3", "33.3")
    assert percentages([0.2640, 0.3120, 0.4240]) == ("26.4", "31.2", "42.4")
    assert percentages([1.0, 0.0]) == ("100.0", "0.0")


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20).filter(lambda s: sum(s) > 0))
def test_percentages_of_any_mixture_add_to_100(shares):
    assert sum(Decimal(text) for text in percentages(shares)) == 100


def test_percent():
    assert percent(0.264) == "26.4 %"
    assert level_percent(0.9) == "90 %"
    assert level_percent(0.995) == "99.5 %"


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ((0.0012, 0.0003, 0.0021), 4),
        ((1.8, 0.6, 3.0), 1),
        ((1.234, 1.22, 1.25), 3),
        ((150.0, -20.0, 320.0), 0),
        ((0.0, 0.0, 0.0), 1),
        ((0.5, 0.5, 0.5), 2),
    ],
)
def test_decimals_follow_the_size_and_the_spread(values, decimals):
    assert decimals_for(*values) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "+1,234.5"),
        (-0.0012, 4, "\u22120.0012"),
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (-0.001, 2, "0.00"),
        (0.001, 2, "0.00"),
        (2e-12, 13, "+2.0e\u221212"),
    ],
)
def test_signed(value, decimals, text):
    assert signed(value, decimals) == text


def test_plain_has_no_plus_and_a_true_minus():
    assert plain(0.5, 1) == "0.5"
    assert plain(-1500.0, 0) == "\u22121,500"


def test_probability_is_never_certain():
    assert [probability(p) for p in (0.0, 0.5, 0.99, 0.995, 1.0)] == [
        "below 0.01", "0.50", "0.99", "above 0.99", "above 0.99",
    ]  # fmt: skip


def test_thousands():
    assert thousands(100_000) == "100,000"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (7.31, "7.3 s"),
        (9.97, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 m 00 s"),
        (125, "2 m 05 s"),
        (7500, "2 h 05 m"),
        (3599.7, "1 h 00 m"),
    ],
)
def test_duration(seconds, text):
    assert duration(seconds) == text
