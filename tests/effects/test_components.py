"""Variances learned from the runs, and the estimator that stands on them."""

import numpy as np
import pytest

from benchmarks.truth import true_effects
from benchmarks.worlds import make_world
from causalmix_core.effects.components import fit_components, learn_components
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.folds import pools_up_to


def drawn(variances, noise, n=300, width=12, seed=0):
    """Columns of blocks, and a target whose coefficients have these variances per block."""
    rng = np.random.default_rng(seed)
    blocks = np.repeat(np.arange(len(variances)), width)
    columns = rng.normal(size=(n, len(blocks)))
    spread = np.sqrt(np.asarray(variances) / width)[blocks]
    target = columns @ (spread * rng.normal(size=len(blocks))) + np.sqrt(noise) * rng.normal(size=n)
    return columns, blocks, target


def test_variances_and_noise_are_recovered():
    columns, blocks, target = drawn([1.0, 0.1, 0.0], noise=0.2)
    found = learn_components(columns, blocks, target)
    explained = found.variances * target.var()
    assert explained[0] > 4.0 * explained[1] > 4.0 * explained[2]
    assert found.noise * target.var() == pytest.approx(0.2, rel=0.3)


def test_no_variance_is_learned_to_be_zero():
    columns, blocks, target = drawn([1.0, 0.0], noise=0.2)
    assert 1e-4 < learn_components(columns, blocks, target).variances[1] < 0.05


def test_evidence_prefers_the_columns_that_made_the_outcome():
    columns, blocks, target = drawn([1.0], noise=0.3)
    others = np.random.default_rng(9).normal(size=columns.shape)
    right, wrong = (learn_components(c, blocks, target).evidence for c in (columns, others))
    assert right > wrong + 20.0


def test_posterior_is_that_of_the_gaussian_model():
    columns, blocks, target = drawn([1.0, 0.2], noise=0.5, n=60, width=3)
    components = learn_components(columns, blocks, target)
    ridge = fit_components(columns, blocks, target, components)
    centred = columns - columns.mean(axis=0)
    norms = np.array([(centred[:, blocks == b] ** 2).sum(axis=1).mean() for b in range(2)])
    prior = np.diag((target.var() * components.variances / norms)[blocks])
    noise = components.noise * target.var()
    covariance = np.linalg.inv(np.linalg.inv(prior) + centred.T @ centred / noise)
    assert ridge.covariance == pytest.approx(covariance)
    assert ridge.coefficients == pytest.approx(covariance @ centred.T @ (target - target.mean()) / noise)
    assert ridge.predict(columns).mean() == pytest.approx(target.mean())


@pytest.mark.parametrize("n", [20, 200])
def test_without_covariance_the_coefficients_are_the_same(n):
    columns, blocks, target = drawn([1.0, 0.2], noise=0.5, n=n, width=20)
    components = learn_components(columns, blocks, target)
    whole, certain = (fit_components(columns, blocks, target, components, c) for c in (False, True))
    assert certain.coefficients == pytest.approx(whole.coefficients)
    assert certain.intercept == pytest.approx(whole.intercept)
    assert certain.covariance.size == 0


@pytest.mark.parametrize("own", [True, False])
def test_slopes_covariance_and_prediction_agree(own):
    world = make_world(4, 3, own=own, confounding=1.0, seed=2)
    table = world.table(160, seed=0)
    engine = fit(table, FitConfig("score"), calibrate=False).engine
    states, direction = table.states[:4], np.random.default_rng(1).normal(size=8)
    one_by_one = [direction @ engine.covariance(state) @ direction for state in states]
    assert engine.direction_variances(states, direction) == pytest.approx(np.array(one_by_one))
    predicted = engine.predict(table.shares, table.states)
    columns = [engine.basis.columns(h, engine.basis.features(table.states)) for h in _halves(engine, table)]
    both = np.concatenate([*columns, engine.level_part.columns(table.states)], axis=1)
    assert predicted == pytest.approx(engine.ridge.predict(both))


def _halves(engine, table):
    return np.split(engine.coding.encode(table.shares) - engine.centre, 2, axis=1)


def test_without_orthogonalisation_there_is_no_level():
    table = make_world(4, 3, own=True, confounding=1.0, seed=2).table(160, seed=0)
    fitted = fit(table, FitConfig("score", orthogonalise=False), calibrate=False)
    assert np.ptp(fitted.engine.level(table.states)) == 0.0


def test_own_state_law_is_found_with_few_runs():
    world = make_world(5, 3, own=True, confounding=0.0, seed=3)
    table, anchor = world.table(256, seed=1), np.full(5, 0.2)
    states = world.draw_states(40, np.random.default_rng(5))
    truth = true_effects(world, anchor, states)
    fitted = fit(table, FitConfig("score"), calibrate=False)
    found = np.array([fitted.response(state).substitution_effects(anchor) for state in states])
    assert np.sqrt(((found - truth) ** 2).mean() / (truth**2).mean()) < 0.45


def test_same_input_same_bytes():
    table = make_world(3, 2, own=False, confounding=1.0, seed=2).table(100, seed=0)
    first, second = (fit(table, FitConfig("score")).response(table.states[0]) for _ in range(2))
    assert first.coefficients.tobytes() == second.coefficients.tobytes()
    assert first.covariance.tobytes() == second.covariance.tobytes()


def test_a_sample_of_runs_holds_whole_pools():
    groups = np.repeat(np.arange(50), 2)
    rows = pools_up_to(groups, 30, seed=3)
    assert len(rows) == 30
    assert np.array_equal(np.bincount(groups[rows], minlength=50) % 2, np.zeros(50))
    assert np.array_equal(pools_up_to(groups, 200, seed=3), np.arange(100))
