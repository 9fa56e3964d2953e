"""The statistics behind the checks, against closed forms and other people's code."""

from __future__ import annotations

import math

import numpy as np
import pytest

from causalmix_core.checks.robustness import robustness_value
from causalmix_core.effects.moments import PolicyScore, clustered_slopes, p_above_zero, shrunk_covariance


@pytest.fixture(scope="module")
def sample():
    draw = np.random.default_rng(0)
    columns = draw.normal(size=(80, 2)) @ np.array([[1.0, 0.5], [0.0, 2.0]])
    target = columns @ np.array([1.5, -0.3]) + draw.normal(size=80) * (0.5 + np.abs(columns[:, 0]))
    return columns, target


def test_errors_of_lone_runs_are_hc3_of_statsmodels(sample):
    import statsmodels.api as sm

    columns, target = sample
    theirs = sm.OLS(target, columns).fit(cov_type="HC3")
    slopes, errors = clustered_slopes(columns, target, np.arange(80))
    assert slopes == pytest.approx(theirs.params)
    assert errors == pytest.approx(theirs.bse)


def test_copies_in_one_cluster_are_no_more_evidence(sample):
    columns, target = sample
    alone = clustered_slopes(columns, target, np.arange(80))
    twice = clustered_slopes(np.tile(columns, (2, 1)), np.tile(target, 2), np.tile(np.arange(80), 2))
    assert twice[0] == pytest.approx(alone[0])
    assert twice[1] == pytest.approx(alone[1], rel=0.1)


def test_a_flat_column_has_no_slope(sample):
    columns, target = sample
    slopes, errors = clustered_slopes(np.column_stack([columns, np.zeros(80)]), target, np.arange(80))
    assert (slopes[2], errors[2]) == (0.0, 0.0)


def test_shrinkage_is_that_of_scikit_learn():
    from sklearn.covariance import ledoit_wolf

    values = np.random.default_rng(1).normal(size=(30, 12)) * np.linspace(1, 3, 12)
    assert shrunk_covariance(values) == pytest.approx(ledoit_wolf(values, assume_centered=True)[0])


def test_p_is_that_of_the_normal():
    assert p_above_zero(1.6448536, 1.0) == pytest.approx(0.05)
    assert p_above_zero(0.0, 1.0) == 0.5
    assert p_above_zero(1.0, 0.0) == 1.0


@pytest.mark.parametrize("gain", [0.05, 0.4, 3.0])
def test_a_confounder_of_the_robustness_value_takes_the_gain(gain):
    """The bound of the omitted variable's bias, at equal strength r, is the gain itself."""
    score = PolicyScore(gain, 0.1, noise=0.7, weight=1.3)
    r = robustness_value(gain, score)
    assert 0.0 < r < 1.0
    assert math.sqrt(r * r / (1.0 - r)) * score.noise * score.weight == pytest.approx(gain)


def test_no_gain_has_no_robustness():
    assert robustness_value(0.0, PolicyScore(0.0, 0.1, 0.7, 1.3)) == 0.0
