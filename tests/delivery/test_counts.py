"""Counts that add up exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.delivery.counts import largest_remainder
from causalmix_core.errors import ExportError

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda s: sum(s) > 0)


def test_exact_shares_give_exact_counts():
    assert largest_remainder([0.25, 0.25, 0.5], 100) == (25, 25, 50)


def test_what_is_left_goes_to_the_largest_remainders():
    assert largest_remainder([0.455, 0.335, 0.21], 10) == (5, 3, 2)
    assert largest_remainder([0.37, 0.63], 24_100) == (8917, 15183)


def test_among_equals_the_first_wins():
    assert largest_remainder([1 / 3, 1 / 3, 1 / 3], 100) == (34, 33, 33)


@given(SHARES, st.integers(0, 10**15))
def test_sums_exactly_and_stays_within_one_of_the_quota(shares, total):
    counts = largest_remainder(shares, total)
    assert sum(counts) == total
    whole = math.fsum(shares)
    for count, share in zip(counts, shares, strict=True):
        assert abs(count - share / whole * total) <= 1 + 1e-9 * total
        assert share > 0 or count == 0


@pytest.mark.parametrize(
    ("shares", "total"),
    [([-0.1, 1.1], 10), ([0.0, 0.0], 10), ([math.nan, 1.0], 10), ([math.inf, 1.0], 10), ([0.5, 0.5], -1)],
)
def test_refuses_what_cannot_be_counted(shares, total):
    with pytest.raises(ExportError):
        largest_remainder(shares, total)
