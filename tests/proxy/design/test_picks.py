"""Which rows a run draws: exact damage, common random numbers, nothing twice, nothing that was set aside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.names import KINDS
from causalmix_core.proxy.design.picks import BOILERPLATE, CLEAN, GARBLED, SHUFFLED, Picker, interleave
from causalmix_core.proxy.design.states import DomainState, Keep, Tilt, damaged
from tests.proxy.design.pools import NumberStock

STOCK = NumberStock((1_000, 900, 800))
SETTINGS = Settings(("a", "b", "c"), set_aside=8)
PICKER = Picker(STOCK, SETTINGS)
CODES = {"garble": GARBLED + 20, "shuffle": SHUFFLED, "boiler": BOILERPLATE}


def picks(state: DomainState, count: int = 400, order: int = 1, pool: str = "p", picker: Picker = PICKER):
    return picker.domain(0, state, pool, count, order)


def bad(state: DomainState, count: int = 400, order: int = 1):
    """Places whose pick is not the healthy one."""
    return np.flatnonzero((picks(state, count, order) != picks(DomainState(), count, order)).any(axis=1))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 900), st.integers(0, 1000), st.sampled_from(["garble", "shuffle", "boiler"]))
def test_damage_is_exact_at_every_count(count: int, thousandths: int, kind: str):
    state = damaged(thousandths / 1000, kind)
    found = picks(state, count)
    assert (found[:, 2] == CODES[kind]).sum() == state.damaged(count)
    assert len(found) == count


@pytest.mark.parametrize("kind", KINDS)
def test_undamaged_places_hold_what_the_healthy_pool_holds(kind: str):
    places = bad(damaged(0.6, kind))
    # A place may by chance repeat the very row that stood there: at most once for each of four duplicates.
    assert 156 <= len(places) <= 160


def test_damage_is_spread_evenly():
    places = bad(damaged(0.75, "shuffle"))
    in_windows_of_40 = np.histogram(places, bins=10, range=(0, 400))[0]
    assert in_windows_of_40.min() >= 8
    assert in_windows_of_40.max() <= 12


def test_worse_pools_damage_the_same_places_first():
    assert set(bad(damaged(0.8, "shuffle"))) < set(bad(damaged(0.5, "shuffle")))


def test_longer_draws_continue_shorter_ones():
    assert picks(DomainState(), 300)[:100].tolist() == picks(DomainState(), 100).tolist()


def test_another_order_seed_draws_other_rows():
    assert picks(DomainState(), order=1).tolist() != picks(DomainState(), order=2).tolist()


def test_no_row_twice_and_none_that_is_set_aside():
    rows = picks(DomainState(), 992)[:, 1]
    assert sorted(rows) == sorted(set(range(1_000)) - set(STOCK.aside(0).tolist()))


def test_duplicates_are_four_rows_in_turn_and_the_pools_own():
    found = picks(damaged(0.0, "dup"))
    assert len(np.unique(found[:, 1])) == 4
    assert found[0].tolist() == found[4].tolist()
    assert set(picks(damaged(0.0, "dup"), order=2)[:, 1]) == set(found[:, 1])
    assert set(picks(damaged(0.0, "dup"), pool="q")[:, 1]) != set(found[:, 1])


def test_narrow_rows_are_forty_neighbours():
    rows = np.unique(picks(damaged(0.0, "narrow"))[:, 1])
    spared = np.setdiff1d(np.arange(1_000), STOCK.aside(0))
    at = np.searchsorted(spared, rows)
    assert len(rows) == 40
    assert at.tolist() == list(range(at[0], at[0] + 40))


def test_foreign_rows_are_clean_text_of_the_others_in_turn():
    found = picks(damaged(0.0, "foreign"))
    assert found[:4, 0].tolist() == [1, 2, 1, 2]
    assert set(found[:, 2]) == {CLEAN}
    assert not set(found[found[:, 0] == 1, 1]) & set(STOCK.aside(1).tolist())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"narrow"}))
def test_covariates_are_of_rows_set_aside(kind: str):
    found = PICKER.covariates(damaged(0.5, kind), "p", 0)
    assert len(found) == 8
    for domain, row, _ in found.tolist():
        assert row in STOCK.aside(domain)
    assert PICKER.covariates(damaged(0.5, kind), "p", 0).tolist() == found.tolist()


def test_covariates_of_a_narrow_domain_are_the_neighbours_of_what_is_trained_on():
    trained = picks(damaged(0.0, "narrow"))[:, 1]
    seen = PICKER.covariates(damaged(0.0, "narrow"), "p", 0)[:, 1]
    assert not set(seen) & set(trained)
    assert set(seen) <= set(range(trained.max(), trained.max() + 60))


def test_a_filter_keeps_the_highest_rows():
    kept = DomainState(keep=Keep("length", 0.25))
    rows = picks(kept, 248)[:, 1]
    assert len(set(rows)) == 248
    assert rows.min() >= 1_000 - 248 - 8
    with pytest.raises(DesignError, match="asks for 249 of its windows and 248 can be trained on"):
        picks(kept, 249)


def test_a_filtered_pool_keeps_the_healthy_order():
    kept = picks(DomainState(keep=Keep("length", 0.5)), 100)[:, 1]
    order = picks(DomainState(), 992)[:, 1].tolist()
    assert sorted(kept, key=order.index) == kept.tolist()


def test_a_tilt_prefers_high_or_low_rows():
    high = picks(DomainState(tilt=Tilt("length", 1.5)), 200)[:, 1].mean()
    low = picks(DomainState(tilt=Tilt("length", -1.5)), 200)[:, 1].mean()
    assert high > 700
    assert low < 300


def test_a_domain_that_is_too_small_is_named_with_need_and_supply():
    with pytest.raises(
        DesignError, match=r"'a' is too small: a run asks for 1,000 .* and 992 can be trained"
    ):
        picks(DomainState(), 1_000)


def test_epochs_repeat_all_rows_before_any_a_third_time():
    picker = Picker(STOCK, Settings(("a", "b", "c"), set_aside=8, max_epochs=2))
    rows = picks(DomainState(), 1_500, picker=picker)[:, 1]
    assert len(set(rows[:992])) == 992
    assert np.unique(rows, return_counts=True)[1].max() == 2
    with pytest.raises(DesignError, match="992 can be trained on in 2 epochs"):
        picks(DomainState(), 1_985, picker=picker)


def test_an_empty_domain_is_refused_only_where_it_is_asked_for():
    picker = Picker(NumberStock((0, 50)), Settings(("a", "b")))
    assert picker.domain(0, DomainState(), "p", 0, 1).shape == (0, 3)
    with pytest.raises(DesignError, match="asks for 1 of its windows and 0 can"):
        picker.domain(0, DomainState(), "p", 1, 1)


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=8).filter(any))
def test_interleave_spreads_every_domain_over_the_run(counts):
    order = interleave(counts, 5)
    assert np.bincount(order, minlength=len(counts)).tolist() == counts
    for k, count in enumerate(counts):
        places = (np.flatnonzero(order == k) + 0.5) / len(order)
        expected = (np.arange(count) + 0.5) / max(count, 1)
        # Off by at most one draw of the domain itself, and one of each other domain.
        assert np.all(np.abs(places - expected) <= 1 / max(count, 1) + len(counts) / len(order))
