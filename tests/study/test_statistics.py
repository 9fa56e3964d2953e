"""Paired statistics against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from causalmix_core.errors import StudyError
from causalmix_core.study.prediction_statistics import (
    calibrate,
    cover,
    rank_correlation,
    share_interval,
    share_of,
    slope_through_zero,
    wilson,
)
from causalmix_core.study.statistics import (
    bootstrap_interval,
    harm,
    order_noise,
    outcomes_of,
    pool_means,
    repeat_noise,
    summarise,
)

NAN = float("nan")


def test_long_rows_become_gains_by_pool():
    found = outcomes_of(
        ["b", "b", "a", "a", "b", "b"],
        ["x", "y", "x", "y", "x", "y"],
        [0, 0, 0, 0, 1, 1],
        [3.0, 2.0, 5.0, 6.0, 3.5, 2.0],
    )
    assert found.pools == ("b", "a")
    assert found.methods == ("x", "y")
    assert found.orders == (0, 1)
    np.testing.assert_array_equal(found.gain("y", "x"), [[1.0, 1.5], [-1.0, NAN]])
    np.testing.assert_array_equal(pool_means(found.gain("y", "x")), [1.25, -1.0])


def test_the_same_run_twice_is_refused():
    with pytest.raises(StudyError, match="two runs of x on pool a in order 0"):
        outcomes_of(["a", "a"], ["x", "x"], [0, 0], [1.0, 2.0])


def test_a_paired_summary_of_four_pools():
    found = summarise(np.array([1.0, 2.0, 3.0, -2.0, NAN]))
    assert found.pools == 4
    assert found.mean == 1.0
    # Squares about the mean: 0, 1, 4, 9; variance 14 / 3; error sqrt(14 / 12).
    assert found.error == pytest.approx(math.sqrt(14 / 12))
    assert found.high - found.mean == pytest.approx(3.182446 * math.sqrt(14 / 12), rel=1e-6)
    assert (found.median, found.wins, found.worst) == (1.5, 3, -2.0)
    # Ranks of 1, 2, 3, -2: 1, 2.5, 4, 2.5; the smaller sum is 2.5.
    assert 0.3 < found.p < 0.7


def test_signed_ranks_of_six_gains_on_one_side():
    # Of 64 ways to set six signs two are as far out.
    assert summarise(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])).p == pytest.approx(2 / 64)


def test_equal_mixtures_have_no_difference_to_test():
    found = summarise(np.zeros(5))
    assert (found.mean, found.error, found.p, found.wins) == (0.0, 0.0, 1.0, 0)


def test_one_pool_has_no_error():
    found = summarise(np.array([2.0]))
    assert found.mean == 2.0
    assert math.isnan(found.error)
    assert math.isnan(found.low)


def test_no_pool_is_refused():
    with pytest.raises(StudyError, match="no pool"):
        summarise(np.array([NAN]))


def test_the_bootstrap_is_seeded_and_holds_the_mean():
    uneven = np.sqrt(np.arange(20.0))
    assert bootstrap_interval(uneven, 3) == bootstrap_interval(uneven, 3)
    assert bootstrap_interval(uneven, 3) != bootstrap_interval(uneven, 4)
    once = bootstrap_interval(np.arange(20.0), 3)
    # Standard deviation over n, not n - 1, is what drawing again has: sqrt(33.25 / 20) = 1.289.
    half = 1.96 * math.sqrt(33.25 / 20)
    assert once[0] == pytest.approx(9.5 - half, abs=0.15)
    assert once[1] == pytest.approx(9.5 + half, abs=0.15)


def test_order_noise_pools_the_pools():
    # Squares about each pool's mean: 2 x 1, 2 x 4; two degrees of freedom.
    assert order_noise(np.array([[1.0, 3.0], [10.0, 14.0], [7.0, NAN]])) == pytest.approx(math.sqrt(10 / 2))
    assert math.isnan(order_noise(np.array([[1.0], [2.0]])))


def test_harm_counts_what_is_below_and_what_is_surely_below():
    gains = np.array([[-0.9, -1.1], [-9.9, -10.1], [0.0, 0.0], [4.0, 6.0], [-2.0, 1.0], [NAN, NAN]])
    # Squares: 0.02, 0.02, 0, 2, 4.5; 5 degrees of freedom; error of a mean sqrt(6.54 / 5 / 2) = 0.809.
    found = harm(gains)
    assert (found.pools, found.below, found.surely) == (5, 3, 1)
    assert found.rate == pytest.approx(0.6)


def test_one_order_is_never_sure():
    assert harm(np.array([[-5.0], [1.0]])).surely == 0


def test_noise_of_repeats_with_and_without_what_an_order_adds():
    # Three mixtures in two orders: the second order adds 2 to all, the rest is 0, 1, -1.
    values = np.array([0.0, 10.0, 20.0, 2.0, 13.0, 21.0, 99.0])
    found = repeat_noise(values, ["a", "b", "c", "a", "b", "c", "alone"], [0, 0, 0, 1, 1, 1, 0])
    assert found.repeats == 6
    # Differences 2, 3, 1: half their squares, 7, over 3 mixtures.
    assert found.one == pytest.approx(math.sqrt(7 / 3))
    # Their spread about 2: squares 0, 1, 1, halved over 2 degrees of freedom.
    assert found.own == pytest.approx(math.sqrt(0.5))
    assert found.of_a_difference() == pytest.approx(1.0)
    assert found.of_a_difference(4) == pytest.approx(0.5)


def test_without_repeats_the_noise_is_not_known():
    found = repeat_noise(np.array([1.0, 2.0]), ["a", "b"], [0, 0])
    assert found.repeats == 0
    assert math.isnan(found.one)


def test_slope_through_zero():
    slope, error = slope_through_zero(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    assert slope == pytest.approx(3 / 5)
    # Misses 0.4 and -0.2: squares 0.2 over one degree of freedom, over 5.
    assert error == pytest.approx(math.sqrt(0.2 / 5))
    assert math.isnan(slope_through_zero(np.zeros(3), np.ones(3))[0])


def test_calibration_of_three_pools():
    found = calibrate(np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 3.5]))
    assert (found.pools, found.predicted, found.realised) == (3, 2.0, 2.5)
    assert found.rmse == pytest.approx(math.sqrt((1 + 4 + 0.25) / 3))
    assert found.rank == pytest.approx(0.5)


def test_rank_correlation_needs_three_pairs_that_differ():
    assert math.isnan(rank_correlation(np.array([1.0, 2.0]), np.array([1.0, 2.0])))
    assert math.isnan(rank_correlation(np.ones(4), np.arange(4.0)))
    assert rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([3.0, 2.0, 1.0])) == pytest.approx(-1.0)


def test_coverage_with_and_without_noise():
    low, high = np.array([0.0, 0.0, 0.0, 0.0]), np.full(4, 2.0)
    realised = np.array([1.0, 2.0, 2.2, 5.0])
    found = cover(low, high, realised, noise=0.5, level=0.9)
    assert found.held == 0.5
    # Half width sqrt(1 + (1.645 x 0.5)^2) = 1.295: 2.2 lies within 1 + 1.295.
    assert found.held_widened == 0.75
    assert found.fair == 0.75
    assert (found.low, found.high) == pytest.approx(wilson(0.75, 4))
    assert math.isnan(cover(low, high, realised, NAN, 0.9).held_widened)


def test_wilson_interval_of_eight_in_ten():
    low, high = wilson(0.8, 10)
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)
    assert wilson(1.0, 10)[1] == pytest.approx(1.0)


def test_share_of_a_reference_gain():
    gains, reference = np.array([1.0, 3.0]), np.array([2.0, 6.0])
    assert share_of(gains, reference) == 0.5
    assert share_interval(gains, reference, 0) == pytest.approx((0.5, 0.5))
    assert math.isnan(share_of(gains, -reference))
    assert math.isnan(share_interval(gains, np.array([2.0, -6.0]), 0)[0])
