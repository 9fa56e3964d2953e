"""The scenario as a plain value: pools, shifts, bounds, anchors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from pages._ui.mixture.bounds_table import read_bounds
from pages._ui.mixture.presets import presets
from pages._ui.scenario import Bound, PoolChoice, Scenario, default_scenario, reach, shift_range
from tests.app.tables import runs_csv


@pytest.fixture(scope="module")
def study():
    return ProjectStore().sample()


def test_a_scenario_starts_at_the_natural_shares_if_they_are_known(study):
    assert default_scenario(study).anchor == "natural"
    assert default_scenario(parse_runs(runs_csv(), "runs.csv")).anchor == "mean"


def test_an_unshifted_pool_is_its_base(study):
    assert np.array_equal(PoolChoice().state(study), study.states.mean(axis=0))
    outside = tuple(study.states.max(axis=0) + 1.0)
    assert np.array_equal(PoolChoice("file", values=outside).state(study), outside)
    first = study.pool_ids[0]
    rows = [i for i, pool in enumerate(study.pool_ids) if pool == first]
    assert np.array_equal(PoolChoice("table", pool_id=first).state(study), study.states[rows].mean(axis=0))


def test_own_and_whole_shifts_add_in_standard_deviations(study):
    pool = PoolChoice().with_own("x_math__duplicate_rate", 0.5).with_whole("duplicate_rate", 0.25)
    moved = (pool.state(study) - PoolChoice().state(study)) / study.states.std(axis=0)
    for column, steps in zip(study.covariate_columns, moved, strict=True):
        expected = 0.75 if column == "x_math__duplicate_rate" else 0.25 * column.endswith("duplicate_rate")
        assert steps == pytest.approx(expected)


def test_shifts_stop_at_the_edge_of_the_runs(study):
    far = PoolChoice().with_own("x_math__duplicate_rate", 99.0).state(study)
    j = study.covariate_columns.index("x_math__duplicate_rate")
    assert far[j] == study.states[:, j].max()


def test_a_shift_of_zero_is_no_shift(study):
    pool = PoolChoice().with_own("x_math__hes", 1.0)
    assert pool.shifted
    assert pool.with_own("x_math__hes", 0.0) == PoolChoice()
    assert pool.unshifted() == PoolChoice()


def test_the_sliders_reach_the_runs_range_and_hold_zero(study):
    base = PoolChoice().base(study)
    for covariate in study.covariates:
        low, high = shift_range(study, base, covariate)
        j = study.covariates.index(covariate)
        spread = study.states[:, j].std()
        assert low <= 0.0 <= high
        assert base[j] + low * spread <= study.states[:, j].min() + 1e-9
        assert base[j] + high * spread >= study.states[:, j].max() - 1e-9


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


def test_limits_and_locks_are_told_apart():
    scenario = Scenario(bounds=(Bound("web", 0.1, 0.9), Bound("code", lock=True)))
    assert scenario.limits() == {"web": (0.1, 0.9)}
    assert scenario.locked() == ("code",)


def test_the_slider_reaches_farther_once_a_larger_radius_was_typed():
    assert reach(Scenario(radius=0.5)) == 0.5
    assert reach(Scenario(radius=0.6)) == 1.0
