"""Presets of pool shifts and the edited bounds table, as values of a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound
from causalmix_core.store import ProjectStore
from pages._ui.mixture.bounds_table import read_bounds
from pages._ui.mixture.presets import presets


@pytest.fixture(scope="module")
def study():
    return ProjectStore().sample()


def test_twice_the_duplicates_is_twice_the_duplicates(study):
    base = PoolChoice().base(study)
    math = tuple(c for c in study.covariates if c.domain == "math")
    twice = next(p for p in presets(study, base, math) if p.words == "Twice the duplicate rate in math")
    pool = PoolChoice()
    for column, shift in twice.shifts:
        pool = pool.with_own(column, shift)
    j = study.covariate_columns.index("x_math__duplicate_rate")
    assert pool.state(study)[j] == pytest.approx(2.0 * base[j])
    assert np.delete(pool.state(study), j) == pytest.approx(np.delete(base, j))


def test_as_in_the_tenth_of_pools_takes_their_mean(study):
    base = PoolChoice().base(study)
    math = tuple(c for c in study.covariates if c.domain == "math")
    preset = next(p for p in presets(study, base, math) if "highest" in p.words)
    j = study.covariate_columns.index("x_math__duplicate_rate")
    tenth = study.states[study.states[:, j] >= np.quantile(study.states[:, j], 0.9)]
    pool = PoolChoice()
    for column, shift in preset.shifts:
        pool = pool.with_own(column, shift)
    own = [i for i, c in enumerate(study.covariates) if c.domain == "math"]
    assert pool.state(study)[own] == pytest.approx(tenth.mean(axis=0)[own])


def test_bounds_are_read_from_the_edited_table():
    edited = pd.DataFrame(
        {"Floor": [20.0, 0.0, 0.0], "Cap": [90.0, 100.0, 7.0], "Lock": [False, True, False]}, dtype=object
    )
    assert read_bounds(("web", "code", "math"), edited) == (
        Bound("web", 0.2, 0.9),
        Bound("code", lock=True),
        Bound("math", 0.0, 0.07),
    )


def test_emptied_cells_free_their_side_and_free_bounds_are_dropped():
    edited = pd.DataFrame({"Floor": [np.nan, 10.0], "Cap": [np.nan, np.nan], "Lock": [False, False]})
    assert read_bounds(("web", "code"), edited) == (Bound("code", 0.1, 1.0),)
