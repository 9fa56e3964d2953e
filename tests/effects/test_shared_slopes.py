"""Slopes of each domain in its own state, on a world whose law is exactly of that form."""

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.estimators.shared_slopes import part_columns, part_slopes, slope_map
from causalmix_core.effects.fit import fit


def world_table(n=600, seed=0):
    return make_world(4, 3, own=True, confounding=1.0, seed=seed).table(n, seed=seed)


def with_score(table, score):
    return dataclasses.replace(table, scores=score[:, None], sha256="f" * 64)


def exact_score(table):
    """log and linear slopes that are the same quadratic of each domain's own first covariate."""
    own = table.states.reshape(table.n_runs, 4, 3)
    log_slope = 0.5 + 0.3 * own[:, :, 0] - 0.1 * own[:, :, 0] ** 2
    linear_slope = np.array([1.0, 0.0, -1.0, 0.5]) + 0.4 * own[:, :, 1]
    return (log_slope * np.log(table.shares + 0.03) + linear_slope * table.shares).sum(axis=1) + table.states[
        :, 2
    ]


def test_columns_slopes_and_map_agree():
    rng = np.random.default_rng(0)
    u, coded = rng.normal(size=(7, 4, 3)), rng.normal(size=(7, 4))
    coefficients = rng.normal(size=4 + 6 + 12)
    slopes = part_slopes(coefficients, u)
    assert part_columns(coded, u) @ coefficients == pytest.approx((coded * slopes).sum(axis=1))
    assert slope_map(u) @ coefficients == pytest.approx(slopes)


def test_recovers_a_law_of_its_own_form_without_noise():
    table = world_table()
    table = with_score(table, exact_score(table))
    fitted = fit(table, FitConfig("score", "shared-slopes", epsilon=0.03))
    residual = fitted.predict(table.shares, table.states) - table.score("score")
    assert residual.std() < 0.02 * table.score("score").std()
    anchor = np.full(4, 0.25)
    pool = table.states[3]
    own = pool.reshape(4, 3)
    log_slope, linear = (
        0.5 + 0.3 * own[:, 0] - 0.1 * own[:, 0] ** 2,
        np.array([1.0, 0.0, -1.0, 0.5]) + 0.4 * own[:, 1],
    )
    slope = log_slope / (anchor + 0.03) + linear
    truth = 0.01 * (slope - anchor @ slope)
    assert fitted.response(pool).substitution_effects(anchor) == pytest.approx(
        truth, abs=0.15 * np.abs(truth).max()
    )


def test_predict_is_level_plus_response():
    table = world_table(200)
    fitted = fit(table, FitConfig("score", "shared-slopes"))
    pool = table.states[0]
    pair = fitted.predict(table.shares[:2], np.tile(pool, (2, 1)))
    gain = fitted.response(pool).gain(table.shares[1], table.shares[0])
    assert pair[1] - pair[0] == pytest.approx(float(gain))


def test_variance_along_a_direction_is_that_of_the_covariance():
    fitted = fit(world_table(200), FitConfig("score", "shared-slopes"))
    states, direction = fitted.table.states[:5], np.random.default_rng(1).normal(size=8)
    one_by_one = [direction @ fitted.engine.covariance(state) @ direction for state in states]
    assert fitted.engine.direction_variances(states, direction) == pytest.approx(np.array(one_by_one))


def test_states_far_outside_the_runs_do_not_run_away():
    fitted = fit(world_table(200), FitConfig("score", "shared-slopes"))
    far, farther = fitted.default_pool + 50.0, fitted.default_pool + 500.0
    assert np.array_equal(fitted.engine.slopes(far[None]), fitted.engine.slopes(farther[None]))


def test_without_orthogonalisation_there_is_no_level():
    table = world_table(200)
    fitted = fit(table, FitConfig("score", "shared-slopes", orthogonalise=False))
    assert np.ptp(fitted.engine.level(table.states)) == 0.0
    assert any("confounded" in note for note in fitted.notes)


def test_same_input_same_bytes():
    table = world_table(200)
    first, second = (
        fit(table, FitConfig("score", "shared-slopes")),
        fit(table, FitConfig("score", "shared-slopes")),
    )
    assert (
        first.engine.engine.ridge.coefficients.tobytes() == second.engine.engine.ridge.coefficients.tobytes()
    )
    assert first.engine.engine.ridge.covariance.tobytes() == second.engine.engine.ridge.covariance.tobytes()
