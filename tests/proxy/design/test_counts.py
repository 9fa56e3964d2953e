"""Whole examples: they add up exactly and are as near to the shares as whole numbers can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.proxy.design.counts import largest_remainder
from causalmix_core.proxy.design.states import DomainState

SHARES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30).filter(lambda shares: sum(shares) > 1e-6)


@settings(deadline=None)
@given(SHARES, st.integers(1, 100_000))
def test_counts_add_up_and_each_is_within_one_of_its_quota(shares, total: int):
    counts = largest_remainder(np.array(shares), total)
    quota = np.array(shares) / np.sum(shares) * total
    assert counts.sum() == total
    assert counts.min() >= 0
    assert np.abs(counts - quota).max() < 1.0 + 1e-6


@settings(deadline=None)
@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=12).filter(any))
def test_whole_quotas_are_kept(counts):
    assert largest_remainder(np.array(counts) / sum(counts), sum(counts)).tolist() == counts


def test_ties_go_to_the_first_domains():
    assert largest_remainder(np.full(7, 1 / 7), 500).tolist() == [72, 72, 72, 71, 71, 71, 71]


@pytest.mark.parametrize("quality", [0.0, 0.001, 0.3, 0.5, 0.955, 0.999])
def test_damaged_rows_are_the_nearest_whole_number_at_every_count(quality: float):
    state = DomainState(quality, "dup", 4)
    for count in range(600):
        assert abs(state.damaged(count) - (1 - quality) * count) <= 0.5 + 1e-6
    assert DomainState().damaged(100) == 0
