"""What further runs would say: equal to the posterior of the model with those runs in it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.calibration import CalibratedEngine
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.effects.fit import fit
from causalmix_core.effects.information import knows_pools, run_information, unexplained_variances

WORLD = make_world(k=3, covariates=2, own=True, confounding=0.0, seed=2)


@pytest.fixture(scope="module")
def fitted():
    return fit(WORLD.table(80, seed=1), FitConfig("score", "components", epsilon=0.03))


@pytest.fixture(scope="module")
def asked():
    rng = np.random.default_rng(4)
    return WORLD.draw_states(1, rng)[0], rng.dirichlet(np.ones(3), size=5), WORLD.draw_states(5, rng)


def test_the_response_in_it_is_the_fits_own(fitted, asked):
    pool, shares, states = asked
    found = run_information(fitted, pool, shares, states)
    assert found.exact
    np.testing.assert_allclose(
        found.covariance[5:, 5:], fitted.response(pool).covariance, rtol=1e-9, atol=1e-12
    )


def test_observing_runs_gives_the_posterior_of_all_runs(fitted, asked):
    pool, shares, states = asked
    engine = fitted.engine.engine
    scale = fitted.engine.calibration.scale**2
    joint = run_information(fitted, pool, shares, states)
    noise = engine.ridge.cv_error
    assert joint.noise == pytest.approx(scale * noise)

    # The same model written out: a flat intercept, the prior that the fit had, and five runs more.
    rows = engine.columns(fitted.table.shares, fitted.table.states)
    centred = rows - rows.mean(axis=0)
    prior = np.linalg.inv(engine.ridge.covariance) - centred.T @ centred / noise
    together = np.concatenate([rows, engine.columns(shares, states)])
    design = np.column_stack([np.ones(len(together)), together])
    precision = design.T @ design / noise
    precision[1:, 1:] += prior
    slopes = np.column_stack([np.zeros(6), engine.slope_columns(pool)])
    expected = scale * slopes @ np.linalg.solve(precision, slopes.T)

    within, shared = joint.covariance[:5, :5] + joint.noise * np.eye(5), joint.covariance[5:, :5]
    after = joint.covariance[5:, 5:] - shared @ np.linalg.solve(within, shared.T)
    np.testing.assert_allclose(after, expected, rtol=1e-5, atol=1e-7 * np.abs(expected).max())


def test_a_pool_beyond_the_runs_is_learned_of_on_that_pool_alone(fitted, asked):
    pool, shares, states = asked
    far = pool + 8.0
    assert fitted.widening(far) > 1.0
    there = run_information(fitted, far, shares, np.tile(far, (5, 1)))
    elsewhere = run_information(fitted, far, shares, states)
    response = fitted.response(far)
    for found in (there, elsewhere):
        np.testing.assert_allclose(found.covariance[5:, 5:], response.covariance, rtol=1e-9, atol=1e-12)
        assert np.linalg.eigvalsh(found.covariance).min() > -1e-9 * np.trace(found.covariance)

    def left(found):
        within, shared = found.covariance[:5, :5] + found.noise * np.eye(5), found.covariance[5:, :5]
        return np.trace(found.covariance[5:, 5:] - shared @ np.linalg.solve(within, shared.T))

    own = (fitted.widening(far) ** 2 - 1.0) / fitted.widening(far) ** 2 * np.trace(response.covariance)
    assert left(elsewhere) > own
    assert left(there) < left(elsewhere)


def test_other_estimators_answer_by_the_responses_covariance(asked):
    pool, shares, states = asked
    averages = fit(WORLD.table(80, seed=1), FitConfig("score", "constant"), calibrate=False)
    assert not knows_pools(averages)
    assert not isinstance(averages.engine, CalibratedEngine)
    found, response = run_information(averages, pool, shares, states), averages.response(pool)
    steps = response.features(shares) - response.features(averages.table.shares).mean(axis=0)
    noise, level = unexplained_variances(averages)
    assert not found.exact
    assert found.noise == noise
    expected = steps @ response.covariance @ steps.T + level * np.eye(5)
    np.testing.assert_allclose(found.covariance[:5, :5], expected, atol=1e-12)
    together = run_information(averages, pool, shares, np.tile(pool, (5, 1))).covariance
    np.testing.assert_allclose(together[:5, :5], expected + level * (1.0 - np.eye(5)), atol=1e-12)


def test_what_is_unexplained_is_near_the_noise():
    even = WORLD.with_differences(0.0)
    table = even.table(200, seed=5)
    averages = fit(table, FitConfig("score", "constant"), calibrate=False)
    noise, level = unexplained_variances(averages)
    assert noise == pytest.approx(WORLD.noise**2, rel=0.5)
    left = cross_validate(table, averages.resolved, 4)
    assert noise + level == pytest.approx(float(((left.observed - left.predicted) ** 2).mean()))
    alone = dataclasses.replace(averages, table=dataclasses.replace(table, pool_ids=None))
    assert unexplained_variances(alone)[1] == 0.0
