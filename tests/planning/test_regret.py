"""Expected regret: against the closed form of two mixtures, and at both ends of what runs can tell."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from causalmix_core.effects.response import Response
from causalmix_core.planning.regret import expected_regret
from causalmix_core.planning.rivals import Rivals, centred_draws

DOMAINS = ("a", "b")


@pytest.fixture(scope="module")
def two():
    """Two mixtures whose difference is N(-0.3, 0.5^2), the first ahead."""
    covariance = np.zeros((4, 4))
    covariance[2, 2] = 0.25
    response = Response(DOMAINS, 0.01, np.zeros(2), np.array([-0.3, 0.0]), covariance)
    shares = np.array([[0.0, 1.0], [1.0, 0.0]])
    return response, Rivals(shares, np.ones(2) / 2, centred_draws(covariance, np.random.default_rng(0)))


def loss(mean: float, sd: float) -> float:
    """E max(N(mean, sd^2), 0)."""
    normal = NormalDist()
    return sd * normal.pdf(mean / sd) + mean * normal.cdf(mean / sd)


def test_before_runs_it_is_what_the_better_one_brings(two):
    assert expected_regret(*two) == pytest.approx(loss(-0.3, 0.5), rel=0.06)


def test_runs_that_tell_nothing_leave_it(two):
    response, rivals = two
    assert expected_regret(response, rivals, response.covariance) == pytest.approx(
        expected_regret(response, rivals), rel=1e-9
    )


def test_runs_that_tell_all_leave_none(two):
    response, rivals = two
    assert expected_regret(response, rivals, np.zeros((4, 4))) == pytest.approx(0.0, abs=1e-9)


def test_half_the_variance(two):
    response, rivals = two
    expected = loss(-0.3, 0.5) - loss(-0.3, 0.5 * np.sqrt(0.5))
    assert expected_regret(response, rivals, 0.5 * response.covariance) == pytest.approx(expected, rel=0.1)


def test_draws_have_mean_zero_and_the_covariance_asked_for():
    root = np.random.default_rng(1).normal(size=(4, 4))
    draws = centred_draws(root @ root.T, np.random.default_rng(2))
    np.testing.assert_allclose(draws.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.cov(draws.T), root @ root.T, atol=0.15 * np.abs(root @ root.T).max())
