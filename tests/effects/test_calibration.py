"""Intervals against known truth, and the rich model that they are measured with."""

import numpy as np
import pytest

from benchmarks.truth import true_effects
from benchmarks.worlds import make_world
from causalmix_core.effects import calibration
from causalmix_core.effects.calibration import calibrate, foretold_part
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.rich_model import (
    LEAST_CONTRASTS,
    fit_rich_model,
    learn_within_pools,
    within_pools,
)

WORLD = make_world(4, 3, own=False, confounding=1.0, seed=1)
TABLE = WORLD.table(200, seed=0)


def coverage(world, n, seeds, level=1.645):
    held = []
    for seed in seeds:
        table = world.table(n, seed=seed)
        states, anchor = world.draw_states(20, np.random.default_rng(seed)), table.shares.mean(axis=0)
        fitted, truth = fit(table, FitConfig("score")), true_effects(world, anchor, states)
        for state, true in zip(states, truth, strict=True):
            response = fitted.response(state)
            off = np.abs(response.substitution_effects(anchor) - true)
            held.append(off <= level * response.substitution_se(anchor))
    return float(np.mean(held))


def test_intervals_hold_about_as_often_as_they_say_and_more_often_than_the_estimators_own():
    found = coverage(WORLD, 200, range(4))
    assert 0.8 < found <= 1.0
    scale = fit(TABLE, FitConfig("score")).calibration.scale
    assert scale > 1.2


def test_a_state_foretells_no_mixture_that_was_drawn_at_random():
    drawn = make_world(4, 3, own=False, confounding=0.0, seed=1).table(300, seed=0)
    assert foretold_part(drawn, FitConfig("score")) < 0.1
    assert foretold_part(TABLE, FitConfig("score")) > 0.25


def test_scale_is_what_its_parts_say():
    found = fit(TABLE, FitConfig("score")).calibration
    assert found.scale**2 == pytest.approx(found.form + found.disagreement)
    assert found.within == pytest.approx(1.0 - (1.0 - found.foretold) ** 2)


def test_contrasts_within_pools_are_orthonormal_and_blind_to_the_level():
    states = np.array([[0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [5.0, 5.0]])
    found = within_pools(states)
    assert found.shape == (3, 6)  # three runs, two runs and one run
    assert found @ found.T == pytest.approx(np.eye(3))
    assert found @ (states @ np.array([3.0, -7.0])) == pytest.approx(np.zeros(3))
    assert within_pools(states[[0, 1, 5]]).shape == (0, 3)


def test_few_pools_with_several_runs_teach_nothing_by_themselves_and_confounding_then_widens(
    monkeypatch,
):
    single = WORLD.table(200, 0, per_pool=1)
    found = fit(single, FitConfig("score")).calibration
    assert found.within == 0.0
    assert found.foretold > 0.25
    target = single.score("score")
    rich = fit_rich_model(single, target, 0)
    assert learn_within_pools(rich, single, target, 0) is None
    few = WORLD.table(2 * LEAST_CONTRASTS - 2, 0)
    rich = fit_rich_model(few, few.score("score"), 0)
    assert learn_within_pools(rich, few, few.score("score"), 0) is None
    monkeypatch.setattr(calibration, "foretold_part", lambda *_: 0.0)
    unaware = fit(single, FitConfig("score")).calibration
    assert found.form == pytest.approx(unaware.form / (1.0 - found.foretold))
    assert found.disagreement == pytest.approx(unaware.disagreement)


def test_where_people_choose_by_worth_runs_of_different_pools_say_too_little_of_effects():
    from_all, within = [], []
    for seed in range(3):
        world = make_world(5, 4, own=False, confounding=1.0, seed=seed)
        table = world.table(300, seed)
        states, anchor = world.draw_states(20, np.random.default_rng(seed)), table.shares.mean(axis=0)
        truth = true_effects(world, anchor, states).ravel()
        rich = fit_rich_model(table, table.score("score"), 0)
        inside = learn_within_pools(rich, table, table.score("score"), 0)
        to = np.tile(anchor + 0.01 * (np.eye(5) - anchor), (20, 1))
        for model, held in ((rich, from_all), (inside, within)):
            found, variance = model.differences(to, np.tile(anchor, (100, 1)), np.repeat(states, 5, axis=0))
            held.append((np.abs(found - truth) <= 1.645 * np.sqrt(variance)).mean())
    assert np.mean(within) > np.mean(from_all) + 0.03
    assert np.mean(within) > 0.75


def test_an_estimator_that_is_far_off_gets_wide_intervals():
    target = TABLE.score("score")
    for name in ("components", "log-linear"):
        engine = fit(TABLE, FitConfig("score", name), calibrate=False).engine
        found = calibrate(TABLE, target, FitConfig("score", name), engine)
        assert found.disagreement > 0
    assert found.disagreement > 3.0


def test_calibrated_engine_scales_variances_and_nothing_else():
    fitted = fit(TABLE, FitConfig("score"))
    plain = fit(TABLE, FitConfig("score"), calibrate=False)
    state, direction = TABLE.states[:3], np.ones(8)
    squared = fitted.calibration.scale**2
    assert fitted.engine.covariance(state[0]) == pytest.approx(squared * plain.engine.covariance(state[0]))
    variances = plain.engine.direction_variances(state, direction)
    assert fitted.engine.direction_variances(state, direction) == pytest.approx(squared * variances)
    assert np.array_equal(fitted.engine.slopes(state), plain.engine.slopes(state))
    assert plain.calibration is None


@pytest.mark.parametrize("own", [True, False])
def test_rich_model_foretells_differences_with_an_honest_variance(own):
    world = make_world(3, 3, own=own, confounding=0.0, seed=4)
    table = world.table(200, seed=0)
    rich = fit_rich_model(table, table.score("score"), seed=0)
    rng = np.random.default_rng(2)
    states = world.draw_states(200, rng)
    to, start = world.draw_mixtures(states, rng), world.draw_mixtures(states, rng)
    found, variance = rich.differences(to, start, states)
    truth = world.value(to, states) - world.value(start, states)
    assert np.corrcoef(found, truth)[0, 1] > 0.8
    assert 0.8 < (np.abs(found - truth) <= 1.645 * np.sqrt(variance)).mean() <= 1.0
    same, none = rich.differences(to[:5], to[:5], states[:5])
    assert same == pytest.approx(np.zeros(5), abs=1e-9)
    assert none == pytest.approx(np.zeros(5), abs=1e-6)


def test_a_table_without_covariates_is_calibrated_too():
    import dataclasses

    bare = dataclasses.replace(TABLE, covariates=(), states=TABLE.states[:, :0])
    found = fit(bare, FitConfig("score")).calibration
    assert (found.foretold, found.within) == (0.0, 0.0)
    assert found.scale > 0.5
