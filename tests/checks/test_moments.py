"""The statistics behind the checks, against closed forms and other people's code."""

from __future__ import annotations

import math

import numpy as np
import pytest

from causalmix_core.checks.robustness import robustness_value
from causalmix_core.effects.moments import PolicyScore, least_squares_hc3, p_above_zero, shrunk_covariance


@pytest.fixture(scope="module")
def sample():
    draw = np.random.default_rng(0)
    columns = draw.normal(size=(80, 2)) @ np.array([[1.0, 0.5], [0.0, 2.0]])
    target = columns @ np.array([1.5, -0.3]) + draw.normal(size=80) * (0.5 + np.abs(columns[:, 0]))
    return columns, target


def test_hc3_is_that_of_statsmodels(sample):
    import statsmodels.api as sm

    columns, target = sample
    theirs = sm.OLS(target, columns).fit(cov_type="HC3")
    slopes, errors = least_squares_hc3(columns, target)
    assert slopes == pytest.approx(theirs.params)
    assert errors == pytest.approx(theirs.bse)


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
