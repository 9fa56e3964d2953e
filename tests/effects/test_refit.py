"""Refits on like tables: near the whole fit, for any estimator, also where covariates are gone."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.refit import refit
from causalmix_core.errors import ConfigError
from tests.checks.tables import changed, clean_table

ESTIMATORS = ("recommended", "shared-slopes", "linear-dml", "log-linear")


@pytest.fixture(scope="module")
def table():
    return clean_table(120)


@pytest.fixture(scope="module", params=ESTIMATORS)
def fitted(request, table):
    return fit(table, FitConfig("score", estimator=request.param, folds=3))


def test_a_refit_of_the_same_table_says_nearly_the_same(fitted, table):
    again = refit(fitted, table)
    whole = fitted.predict(table.shares, table.states)
    assert np.corrcoef(whole, again.predict(table.shares, table.states))[0, 1] > 0.99
    assert again.epsilon == fitted.epsilon
    assert again.method == fitted.method


def test_a_refit_learns_from_the_table_given(fitted, table):
    turned = changed(table, scores=-table.scores)
    again = refit(fitted, turned)
    assert np.corrcoef(again.predict(table.shares, table.states), table.scores[:, 0])[0, 1] < -0.2


def test_without_covariates_the_recommended_averages_are_fitted(fitted, table):
    bare = changed(table, covariates=(), states=np.empty((table.n_runs, 0)))
    again = refit(fitted, bare)
    assert not again.depends_on_pool
    assert np.isfinite(again.predict(bare.shares, bare.states)).all()


def test_an_outcome_that_does_not_vary_is_refused(fitted, table):
    with pytest.raises(ConfigError, match="same in all runs"):
        refit(fitted, changed(table, scores=np.ones_like(table.scores)))
