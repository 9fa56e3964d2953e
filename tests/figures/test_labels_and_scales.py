"""Words, round ranges and thinning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.delivery import covariates
from causalmix_core.evidence.table import Covariate, Outcome
from causalmix_core.figures import labels, scales


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("code", "code"),
        ("a  b\nc", "a b c"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("R&D", "R&amp;D"),
        ("%{x}", "%&#123;x}"),
    ],
)
def test_names_are_made_safe(name: str, expected: str):
    assert labels.safe(name) == expected


def test_long_names_are_cut_before_they_are_made_safe():
    assert labels.short("a" * 30, 10) == "a" * 9 + "…"
    assert labels.short("&" * 4, 4) == "&amp;" * 4


def test_titles_are_words_with_units():
    assert labels.covariate_title(Covariate("x_code__hes_rate", "hes_rate", "code")) == "hes rate of code"
    assert labels.covariate_title(Covariate("x_loss", "loss")) == "loss"
    assert labels.in_unit("gain", "") == "gain"
    assert labels.in_unit("gain", "bits per byte") == "gain (bits per byte)"
    assert labels.outcome_title(Outcome("bpb", False, "bits")) == "bpb (bits, lower is better)"
    assert labels.outcome_title(Outcome("acc", True)) == "acc (higher is better)"


def test_values_and_axes_have_three_digits():
    assert covariates.value(-0.04691) == "−0.0469"
    assert covariates.value(1234.4) == "1,234"
    assert [labels.digits_within(limit) for limit in (0.008, 0.05, 2.0, 300.0)] == [5, 4, 2, 1]


def test_intervals_have_true_minus_signs():
    assert labels.interval(-0.0031, 0.002, 4) == "−0.0031…0.0020"


@given(st.floats(1e-9, 1e9))
def test_the_round_number_above_is_near(value: float):
    ceiling = scales.nice_ceiling(value)
    assert value <= ceiling * (1 + 1e-9)
    assert ceiling <= 1.51 * value


@pytest.mark.parametrize("nothing", [0.0, -1.0, float("nan"), float("inf")])
def test_nothing_to_show_gives_a_unit_axis(nothing: float):
    assert scales.nice_ceiling(nothing) == 1.0


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ranges_hold_both_ends_and_zero(low: float, width: float):
    bottom, top = scales.range_with_zero(low, low + width)
    slack = 1e-9 * max(abs(bottom), abs(top))
    assert bottom - slack <= min(low, 0.0)
    assert max(low + width, 0.0) <= top + slack
    assert bottom < top


def test_a_small_drift_does_not_move_the_range():
    assert scales.range_with_zero(-0.010, 0.0453) == scales.range_with_zero(-0.011, 0.0461)


def test_symmetric_axis_ignores_gaps():
    assert scales.around_zero(np.array([np.nan, -0.031]), np.array([0.02])) == pytest.approx(0.04)


def test_cell_edges_lie_halfway():
    assert scales.cell_edges(np.array([0.0, 1.0, 3.0])).tolist() == [-0.5, 0.5, 2.0, 4.0]
    assert scales.cell_edges(np.array([2.0])).tolist() == [1.5, 2.5]


def test_thinning_keeps_the_ends():
    kept = scales.thinned(10_000)
    assert len(kept) == len(set(kept.tolist())) == scales.MAX_POINTS
    assert (kept[0], kept[-1]) == (0, 9_999)
    assert scales.thinned(3).tolist() == [0, 1, 2]


def test_a_constant_still_has_a_range():
    assert scales.padded(np.array([2.0, 2.0])) == pytest.approx((1.92, 2.08))
    assert scales.padded(np.array([])) == (0.0, 1.0)


def test_masking_leaves_gaps():
    masked = scales.masked(np.array([1.0, 2.0]), np.array([True, False]))
    assert masked.dtype == np.float32
    assert masked[0] == 1.0
    assert np.isnan(masked[1])
