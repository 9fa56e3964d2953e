"""Whether pools differ is asked of unseen runs, and the answer decides what is recommended."""

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.fit_directory import load_fit, save_fit
from causalmix_core.effects.heterogeneity import MIN_PAIRS, measure_heterogeneity, unseen_effects
from causalmix_core.effects.out_of_fold import out_of_fold

WORLD = make_world(4, 3, own=True, confounding=1.0, seed=1)
ALIKE = dataclasses.replace(WORLD, worth=0.0 * WORLD.worth, harm=0.0 * WORLD.harm)


@pytest.fixture(scope="module")
def differing():
    return fit(WORLD.table(240, seed=0), FitConfig("score"))


@pytest.fixture(scope="module")
def alike():
    return fit(ALIKE.table(240, seed=0), FitConfig("score"))


def test_where_pools_differ_the_answer_depends_on_the_pool(differing):
    assert differing.heterogeneity.supported
    assert differing.heterogeneity.slope == pytest.approx(1.0, abs=0.35)
    assert differing.depends_on_pool
    assert differing.estimator == "components"


def test_where_pools_do_not_differ_averages_are_fitted_and_it_is_said(alike):
    assert not alike.heterogeneity.supported
    assert alike.estimator == "constant"
    assert not alike.depends_on_pool
    assert alike.reads_states
    first, second = alike.table.states[0], alike.table.states[-1]
    assert np.array_equal(alike.response(first).coefficients, alike.response(second).coefficients)
    assert alike.predict(alike.table.shares[:2], np.stack([first, second])).std() > 0
    assert any("moves the level, not the mixture" in note for note in alike.notes)
    assert alike.resolved.estimator == "constant"


def test_an_estimator_asked_for_by_name_is_not_asked(alike):
    named = fit(alike.table, FitConfig("score", "components"))
    assert named.heterogeneity is None
    assert named.depends_on_pool
    assert fit(alike.table, FitConfig("score", orthogonalise=False)).heterogeneity is None


def test_the_answer_is_kept_with_the_fit(tmp_path, alike):
    from causalmix_core.evidence import read_runs, write_runs

    stored = fit(read_runs(write_runs(alike.table, tmp_path / "table")), FitConfig("score"))
    save_fit(stored, tmp_path / "fit")
    again = load_fit(tmp_path / "fit")
    assert again.heterogeneity == stored.heterogeneity
    assert (again.estimator, again.notes) == (stored.estimator, stored.notes)
    assert np.array_equal(
        again.response(again.default_pool).covariance, stored.response(stored.default_pool).covariance
    )


def test_runs_of_one_pool_are_compared_where_there_are_enough(differing):
    table = differing.table
    oof = out_of_fold(table, differing.resolved, engine=differing.engine)
    assert unseen_effects(oof, table.groups()).pairs == 120
    alone = unseen_effects(oof, np.arange(table.n_runs))
    assert alone.pairs == 0
    assert len(alone.left) == table.n_runs
    few = np.concatenate(
        [np.repeat(np.arange(MIN_PAIRS - 1), 2), np.arange(1000, 1000 + 240 - 2 * (MIN_PAIRS - 1))]
    )
    assert unseen_effects(oof, few).pairs == 0


def test_runs_without_pools_answer_too():
    table = dataclasses.replace(WORLD.table(240, seed=0), pool_ids=None)
    fitted = fit(table, FitConfig("score", "components"), calibrate=False)
    found = measure_heterogeneity(out_of_fold(table, fitted.config, engine=fitted.engine), table.groups())
    assert found.pairs == 0
    assert found.supported
