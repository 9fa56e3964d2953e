"""The one form that every estimator ends in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.effects.coding import Coding, helmert
from causalmix_core.effects.response import Response


def random_response(seed: int, k: int = 5) -> Response:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(2 * k, 2 * k))
    names = tuple(f"d{i}" for i in range(k))
    return Response(names, 0.01, rng.normal(size=k), rng.normal(size=k), root @ root.T / 100)


@given(st.integers(0, 10_000), st.integers(2, 20))
def test_anchor_weighted_effects_cancel(seed, k):
    anchor = np.random.default_rng(seed).dirichlet(np.ones(k))
    effects = random_response(seed, k).substitution_effects(anchor)
    assert abs(anchor @ effects) < 1e-12 * (1 + np.abs(effects).max())


def test_effect_is_the_gain_of_a_small_replacement():
    response, anchor = random_response(1), np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    small = 1e-6
    for k, effect in enumerate(response.substitution_effects(anchor)):
        moved = anchor + small * (np.eye(5)[k] - anchor)
        assert response.gain(moved, anchor) / small * 0.01 == pytest.approx(effect, rel=1e-4)


def test_standard_errors_are_those_of_drawn_coefficients():
    response, anchor = random_response(2), np.full(5, 0.2)
    moved = np.array([0.4, 0.1, 0.1, 0.2, 0.2])
    draws = np.random.default_rng(0).multivariate_normal(response.coefficients, response.covariance, 40_000)
    step = response.features(moved) - response.features(anchor)
    assert response.gain_se(moved, anchor) == pytest.approx((draws @ step).std(), rel=0.02)
    effects = draws @ response.substitution_map(anchor).T
    assert response.substitution_se(anchor) == pytest.approx(effects.std(axis=0), rel=0.03)


def test_gradient_is_the_derivative_of_the_gain():
    response, anchor = random_response(3), np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    step = 1e-7
    numeric = [(response.gain(anchor + step * unit, anchor)) / step for unit in np.eye(5)]
    assert response.gradient(anchor) == pytest.approx(np.array(numeric), rel=1e-4)


def test_elasticity_is_share_times_slope():
    response, anchor = random_response(4), np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    assert response.elasticities(anchor) == pytest.approx(
        anchor * response.substitution_effects(anchor) * 100
    )


@pytest.mark.parametrize("k", [2, 3, 17])
def test_helmert_is_orthonormal_and_blind_to_the_sum(k):
    basis = helmert(k)
    assert basis.T @ basis == pytest.approx(np.eye(k - 1), abs=1e-12)
    assert basis.sum(axis=0) == pytest.approx(np.zeros(k - 1), abs=1e-12)


@pytest.mark.parametrize("name", ["log", "contrast", "log-linear"])
def test_decoded_gain_is_the_coded_difference(name):
    coding = Coding(name, 4, 0.02)
    rng = np.random.default_rng(5)
    slopes = rng.normal(size=coding.size)
    first, second = rng.dirichlet(np.ones(4), 2)
    response = coding.response(("a", "b", "c", "d"), slopes, np.eye(coding.size))
    coded = coding.encode(first) - coding.encode(second)
    assert response.gain(first, second) == pytest.approx(coded @ slopes)
    assert response.gain_se(first, second) == pytest.approx(np.linalg.norm(coded))
