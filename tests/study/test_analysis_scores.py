"""Scores of held-out predictions: the usual figures, with intervals over pools."""

import numpy as np
import pytest

from causalmix_core.effects.cross_validation import score_predictions
from causalmix_core.study.analysis.scores import interval, mean_of, score

POOLS = np.repeat(np.arange(30), 2)


@pytest.fixture
def observed():
    return np.random.default_rng(0).normal(size=60)


@pytest.fixture
def predicted(observed):
    return observed + np.random.default_rng(1).normal(size=60)


def test_scores_are_those_of_cross_validation(observed, predicted):
    found, expected = (
        score(observed, predicted, POOLS, 0).plain(),
        score_predictions(observed, predicted, POOLS, 6),
    )
    values = {key: found[key]["value"] for key in ("r2", "spearman", "pair_r2", "pairs_right")}
    assert values == pytest.approx(
        {
            "r2": expected.r2,
            "spearman": expected.spearman,
            "pair_r2": expected.pair_r2,
            "pairs_right": expected.pair_accuracy,
        }
    )
    assert (found["runs"], found["pairs"]) == (60, 30)


def test_intervals_hold_their_figure(observed, predicted):
    found = score(observed, predicted, POOLS, 0).plain()
    for key in ("r2", "spearman", "pair_r2", "pairs_right"):
        assert found[key]["lower"] < found[key]["value"] < found[key]["upper"]


def test_perfect_predictions_score_one_without_doubt(observed):
    found = score(observed, observed, POOLS, 0).plain()
    for key in ("r2", "spearman", "pair_r2", "pairs_right"):
        assert found[key] == pytest.approx({"value": 1.0, "lower": 1.0, "upper": 1.0})


def test_a_shift_of_whole_pools_leaves_pairs_alone(observed, predicted):
    shift = np.random.default_rng(2).normal(size=30)[POOLS]
    plain, shifted = score(observed, predicted, POOLS, 0), score(observed, predicted + shift, POOLS, 0)
    np.testing.assert_allclose(shifted.pair_r2, plain.pair_r2)
    assert shifted.r2[0] < plain.r2[0]


def test_there_are_no_pairs_where_pools_have_one_run(observed, predicted):
    found = score(observed, predicted, np.arange(60), 0).plain()
    assert (found["pair_r2"], found["pairs_right"], found["pairs"]) == (None, None, 0)


def test_differences_on_the_same_resamples_are_surer_than_the_scores(observed, predicted):
    better = 0.5 * (observed + predicted)
    one, other = score(observed, better, POOLS, 0), score(observed, predicted, POOLS, 0)
    apart = interval(one.r2 - other.r2)
    assert apart["lower"] > 0.0
    assert apart["upper"] - apart["lower"] < np.ptp(np.quantile(other.r2[1:], [0.05, 0.95]))


def test_a_mean_has_the_error_of_a_mean():
    assert mean_of([1.0, 2.0, 3.0]) == pytest.approx({"mean": 2.0, "se": 1.0 / np.sqrt(3)})
    assert mean_of([1.0]) == {"mean": 1.0, "se": 0.0}


def test_a_mean_with_a_hole_is_none():
    assert mean_of([1.0, None]) is None
