"""Every estimator behind the one interface: known effects are found, fits are stored, settings refused."""

import dataclasses

import numpy as np
import pytest

from benchmarks.truth import true_effects
from benchmarks.worlds import make_world
from causalmix_core.effects.config import ESTIMATORS, FitConfig
from causalmix_core.effects.estimators.registry import REGISTRY, concrete, offered
from causalmix_core.effects.fit import fit
from causalmix_core.effects.fit_directory import load_fit, save_fit
from causalmix_core.errors import ConfigError
from causalmix_core.evidence import read_runs, write_runs

OWN = make_world(3, 2, own=True, confounding=0.0, seed=2)
POOLED = make_world(3, 2, own=False, confounding=0.0, seed=2)
# In the world of own states domains differ on average too, which averages can find.
AVERAGES = {"constant", "log-linear", "regmix", "smooth"}
WORLDS = {name: OWN if name.startswith("shared") or name in AVERAGES else POOLED for name in REGISTRY}
# Ridges are stored as arrays; trees are grown again.
STORED = {"constant", "log-linear", "shared-slopes", "components", "shared-slopes-r", "linear-dml", "ridge"}
NAMES = sorted(REGISTRY)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The worlds' tables as they read back from disk."""
    folder = tmp_path_factory.mktemp("tables")
    return {
        id(world): read_runs(write_runs(world.table(240, seed=3), folder / str(number)))
        for number, world in enumerate((OWN, POOLED))
    }


@pytest.fixture(scope="module")
def fits(tables):
    """Each estimator, fitted once."""
    return {
        name: fit(tables[id(WORLDS[name])], FitConfig("score", name, trees=40), calibrate=False)
        for name in NAMES
    }


def found_and_true(fitted, world):
    states, anchor = world.draw_states(40, np.random.default_rng(9)), fitted.table.shares.mean(axis=0)
    found = np.array([fitted.response(state).substitution_effects(anchor) for state in states])
    return found, true_effects(world, anchor, states)


@pytest.mark.parametrize("name", NAMES)
def test_known_effects_are_found_where_mixtures_are_random(fits, name):
    found, truth = found_and_true(fits[name], WORLDS[name])
    if REGISTRY[name].conditions:
        assert np.corrcoef(found.ravel(), truth.ravel())[0, 1] > 0.6
        assert (np.sign(found) == np.sign(truth)).mean() > 0.65
    else:
        assert np.ptp(found, axis=0).max() < 1e-12
        assert np.corrcoef(found[0], truth.mean(axis=0))[0, 1] > 0.95


@pytest.mark.parametrize("name", NAMES)
def test_predictions_follow_the_outcome_and_have_spread(fits, name):
    fitted = fits[name]
    table = fitted.table
    predicted = fitted.predict(table.shares, table.states)
    assert np.corrcoef(predicted, table.score("score"))[0, 1] > (0.5 if fitted.reads_states else 0.2)
    response = fitted.response(fitted.default_pool)
    assert (response.substitution_se(table.shares.mean(axis=0)) > 0).all()
    variances = fitted.engine.direction_variances(table.states[:1], np.ones(fitted.engine.coding.size))
    assert variances[0] == pytest.approx(fitted.engine.covariance(table.states[0]).sum(), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_fit_comes_back_with_equal_numbers(fits, tmp_path, name):
    fitted = fits[name]
    save_fit(fitted, tmp_path)
    assert (tmp_path / "model.npz").exists() == (name in STORED)
    again = load_fit(tmp_path)
    first, second = fitted.response(fitted.default_pool), again.response(fitted.default_pool)
    assert np.array_equal(first.coefficients, second.coefficients)
    if name in STORED:  # what is fitted anew is calibrated too
        assert np.array_equal(first.covariance, second.covariance)
    rows = fitted.table.shares[:9], fitted.table.states[:9]
    assert np.array_equal(fitted.predict(*rows), again.predict(*rows))
    assert (again.summary, again.method, again.notes) == (fitted.summary, fitted.method, fitted.notes)


@pytest.mark.parametrize("name", ["regmix", "smooth", "s-learner"])
def test_trees_predict_by_themselves_and_lend_a_projection(fits, name):
    engine, table = fits[name].engine, fits[name].table
    own = engine.predict(table.shares, table.states)
    projected = engine.level(table.states) + (
        engine.coding.encode(table.shares) * engine.slopes(table.states)
    ).sum(1)
    assert np.corrcoef(own, projected)[0, 1] > 0.6
    assert np.abs(own - projected).max() > 1e-3


def test_averages_purged_of_the_state_survive_confounding():
    world = dataclasses.replace(OWN, confounding=2.0)
    table = world.table(400, seed=5)

    def error(name):
        found, truth = found_and_true(fit(table, FitConfig("score", name)), world)
        return np.abs(found[0] - truth.mean(axis=0)).mean()

    assert error("constant") < 0.3 * error("log-linear")


def test_recommended_stands_for_what_the_table_allows(tables):
    own, pooled = tables[id(OWN)], tables[id(POOLED)]
    bare = dataclasses.replace(own, covariates=(), states=own.states[:, :0])
    assert concrete(FitConfig("score"), own).name == "components"
    assert concrete(FitConfig("score"), pooled).name == "components"
    assert concrete(FitConfig("score"), bare).name == "log-linear"
    assert concrete(FitConfig("score", covariates=False), own).name == "log-linear"
    first = fit(own, FitConfig("score")).response(own.states[0])
    second = fit(own, FitConfig("score", "components")).response(own.states[0])
    assert np.array_equal(first.coefficients, second.coefficients)


def test_every_estimator_says_who_it_is(fits):
    assert set(REGISTRY) | {"recommended"} == set(ESTIMATORS)
    ranks = [found.complexity for found in REGISTRY.values()]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    for found in REGISTRY.values():
        assert found.sentence.endswith(".")
        assert fits[found.name].summary.endswith(".")


def test_a_table_without_covariates_is_refused_by_who_needs_them(tables):
    own = tables[id(OWN)]
    bare = dataclasses.replace(own, covariates=(), states=own.states[:, :0])
    assert offered(bare) == ("log-linear", "regmix", "smooth", "paper")
    for name in set(NAMES) - {"log-linear", "regmix", "smooth", "paper"}:
        with pytest.raises(ConfigError, match=f"{name} needs .*covariates"):
            fit(bare, FitConfig("score", name))


def test_own_states_are_needed_by_own_state_slopes(tables):
    with pytest.raises(ConfigError, match=r"shared-slopes-r needs the same covariates for every domain"):
        fit(tables[id(POOLED)], FitConfig("score", "shared-slopes-r"))


@pytest.mark.parametrize(
    ("name", "settings", "part"),
    [
        ("ridge", {"covariates": False}, "ridge cannot leave the covariates out"),
        ("constant", {"orthogonalise": False}, "constant cannot leave the purging out"),
        ("forest", {"epsilon": 0.01}, "forest has no epsilon"),
    ],
)
def test_settings_without_a_meaning_are_refused(tables, name, settings, part):
    with pytest.raises(ConfigError, match=part):
        fit(tables[id(POOLED)], FitConfig("score", name, **settings))


def test_least_squares_refuse_too_few_runs():
    table = make_world(6, 6, own=False, confounding=0.0, seed=0).table(90, 0)
    with pytest.raises(ConfigError, match="35 coefficients for 90 runs"):
        fit(table, FitConfig("score", "linear-dml"))


def test_linear_dml_agrees_with_econml(tables):
    from econml.dml import LinearDML

    from causalmix_core.effects.coding import helmert
    from causalmix_core.effects.folds import group_folds
    from causalmix_core.effects.nuisance import ridge_nuisance

    table = tables[id(POOLED)]
    theirs = LinearDML(
        model_y=ridge_nuisance(2), model_t=ridge_nuisance(2), cv=group_folds(table.groups(), 5, 0)
    ).fit(table.score("score"), table.shares @ helmert(3), X=table.states)
    ours = fit(table, FitConfig("score", "linear-dml")).engine.slopes(table.states)
    # Nuisances choose their penalties on targets of another scale; the rest is the same.
    assert np.abs(ours - theirs.const_marginal_effect(table.states)).max() < 0.05 * np.abs(ours).max()
