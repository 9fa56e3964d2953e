"""What each table and each setting leads to."""

import dataclasses

import numpy as np
import pytest

from benchmarks.truth import true_effects
from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError, PoolError

POOLED = make_world(4, 3, own=False, confounding=1.0, seed=1)
OWN = make_world(4, 3, own=True, confounding=1.0, seed=1)


def without_states(table):
    return dataclasses.replace(table, covariates=(), states=table.states[:, :0], sha256="a" * 64)


@pytest.mark.parametrize(
    ("table", "config", "method"),
    [
        (OWN.table(160, 0), FitConfig("score"), "own-state components"),
        (OWN.table(160, 0), FitConfig("score", "shared-slopes"), "own-state slopes"),
        (POOLED.table(160, 0), FitConfig("score"), "pool-state components"),
        (POOLED.table(160, 0), FitConfig("score", epsilon=0.01), "pool-state components"),
        (POOLED.table(160, 0), FitConfig("score", "hybrid", trees=40), "ridge R-learner and forest"),
        (without_states(POOLED.table(160, 0)), FitConfig("score"), "average effects"),
        (OWN.table(160, 0), FitConfig("score", covariates=False), "average effects"),
        (POOLED.table(160, 0), FitConfig("score", "paper", trees=40), "causal forest"),
        (POOLED.table(160, 0), FitConfig("score", "paper", covariates=False), "least squares on logs"),
        (without_states(POOLED.table(160, 0)), FitConfig("score", "paper"), "least squares on logs"),
    ],
)
def test_table_and_settings_decide_the_method(table, config, method):
    fitted = fit(table, config)
    assert fitted.method == method
    anchor = table.shares.mean(axis=0)
    response = fitted.response(fitted.default_pool)
    assert abs(anchor @ response.substitution_effects(anchor)) < 1e-12
    assert (response.substitution_se(anchor) > 0).all()
    assert np.isfinite(fitted.predict(table.shares, table.states)).all()
    assert fitted.summary.endswith(".")


@pytest.mark.parametrize(("world", "worst"), [(OWN, 0.6), (POOLED, 0.6)])
def test_sign_and_size_of_effects_under_confounding(world, worst):
    table = world.table(512, seed=4)
    states, anchor = world.draw_states(40, np.random.default_rng(9)), table.shares.mean(axis=0)
    truth = true_effects(world, anchor, states)
    fitted = fit(table, FitConfig("score"))
    found = np.array([fitted.response(state).substitution_effects(anchor) for state in states])
    assert (np.sign(found) == np.sign(truth)).mean() > 0.8
    assert np.sqrt(((found - truth) ** 2).mean() / (truth**2).mean()) < worst


def test_confounding_is_removed_where_mixture_alone_is_misled():
    world = make_world(4, 3, own=True, confounding=2.0, seed=3)
    table = world.table(512, seed=5)
    states, anchor = world.draw_states(60, np.random.default_rng(9)), table.shares.mean(axis=0)
    truth = true_effects(world, anchor, states)

    def error(config):
        fitted = fit(table, config)
        found = np.array([fitted.response(state).substitution_effects(anchor) for state in states])
        return np.sqrt(((found - truth) ** 2).mean())

    assert error(FitConfig("score")) < 0.7 * error(FitConfig("score", covariates=False))


def test_paper_keeps_all_coordinates_and_has_no_linear_part():
    fitted = fit(POOLED.table(160, 0), FitConfig("score", "paper", trees=40))
    response = fitted.response(fitted.default_pool)
    assert fitted.engine.slopes(fitted.table.states).shape == (160, 4)
    assert np.array_equal(response.linear_coefficients, np.zeros(4))
    assert np.array_equal(response.log_coefficients, fitted.engine.slopes(fitted.default_pool[None])[0])


def test_paper_uses_the_epsilon_given_and_chooses_one_otherwise():
    table = POOLED.table(160, 0)
    assert fit(table, FitConfig("score", "paper", epsilon=0.02, trees=40)).epsilon == 0.02
    assert fit(table, FitConfig("score", "paper", covariates=False)).epsilon in (
        0.001,
        0.003,
        0.01,
        0.03,
        0.1,
    )


def test_forest_is_the_same_on_a_second_run():
    table = POOLED.table(160, 0)
    first, second = (fit(table, FitConfig("score", "paper", trees=40)) for _ in range(2))
    assert np.array_equal(first.engine.slopes(table.states), second.engine.slopes(table.states))


def test_mean_outcome_averages_all(sample_table):
    fitted = fit(sample_table, FitConfig("mean", covariates=False))
    assert fitted.outcome.higher_is_better
    assert sample_table.score("mean") == pytest.approx(sample_table.scores.mean(axis=1))


def test_constant_outcome_is_named():
    table = dataclasses.replace(OWN.table(60, 0), scores=np.ones((60, 1)))
    with pytest.raises(ConfigError, match="score is the same in all runs"):
        fit(table, FitConfig("score"))


def test_unknown_outcome_is_named_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"no outcome 'speed'.*score"):
        fit(OWN.table(60, 0), FitConfig("speed"))


def test_a_forest_refuses_too_many_domains():
    world = make_world(70, 2, own=False, confounding=0.0, seed=0)
    with pytest.raises(ConfigError, match="70 domains"):
        fit(world.table(240, 0), FitConfig("score", "paper"))


def test_pool_of_another_length_or_with_nan_is_refused():
    fitted = fit(OWN.table(160, 0), FitConfig("score"))
    with pytest.raises(PoolError, match="needs 12 covariates and has 3"):
        fitted.response(np.zeros(3))
    with pytest.raises(PoolError, match="not a finite number"):
        fitted.response(np.full(12, np.nan))


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimator": "magic"},
        {"epsilon": 0.0},
        {"epsilon": float("nan")},
        {"folds": 1},
        {"seed": -1},
        {"trees": 41},
    ],
)
def test_settings_out_of_range_are_named(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        FitConfig("score", **wrong)


def test_settings_survive_json_and_refuse_strangers():
    config = FitConfig("score", "paper", epsilon=0.01, seed=3)
    assert FitConfig.from_json(config.to_json()) == config
    for broken in (
        {"outcome": "score", "magic": 1},
        {"seed": 1},
        {"outcome": "score", "folds": "5"},
        {"outcome": "s", "seed": True},
    ):
        with pytest.raises(ConfigError):
            FitConfig.from_json(broken)


def test_few_runs_bring_a_note():
    few, enough = (
        fit(OWN.table(n, 0), FitConfig("score", "shared-slopes"), calibrate=False) for n in (100, 200)
    )
    assert any("few to condition" in note for note in few.notes)
    assert not enough.notes
    assert not any("few to condition" in note for note in fit(OWN.table(100, 0), FitConfig("score")).notes)


@pytest.mark.parametrize("config", [FitConfig("score"), FitConfig("score", "paper", trees=40)])
def test_progress_rises_to_done_and_names_its_phases(config):
    steps = []
    fit(OWN.table(160, 0), config, lambda done, phase: steps.append((done, phase)))
    done = [step[0] for step in steps]
    assert done == sorted(done)
    assert steps[-1] == (1.0, "done")
    assert len({phase for _, phase in steps}) >= 3
