"""The scenario as a plain value: pools, shifts, bounds, anchors."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.evidence import parse_runs
from causalmix_core.scenarios.pool_choice import PoolChoice, shift_range, state_limits
from causalmix_core.scenarios.scenario import Bound, Scenario, default_scenario, reach
from causalmix_core.store import ProjectStore
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


def test_shifts_stop_at_one_and_a_half_times_the_range_of_the_runs(study):
    for column in ("x_math__normalized_loss", "x_code__normalized_loss"):
        j = study.covariate_columns.index(column)
        low, high = study.states[:, j].min(), study.states[:, j].max()
        far = PoolChoice().with_own(column, 99.0).state(study)
        assert far[j] == pytest.approx(high + 0.25 * (high - low))


def test_a_rate_stays_a_rate_and_an_amount_is_never_negative(study):
    limits = zip(*state_limits(study), study.states.min(axis=0), study.states.max(axis=0), strict=True)
    for least, most, low, high in limits:
        assert least <= low
        assert most >= high
        assert least >= 0.0 or low < 0.0
        assert most <= 1.0 or high > 1.0 or low < 0.0


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


def test_limits_and_locks_are_told_apart():
    scenario = Scenario(bounds=(Bound("web", 0.1, 0.9), Bound("code", lock=True)))
    assert scenario.limits() == {"web": (0.1, 0.9)}
    assert scenario.locked() == ("code",)


def test_the_slider_reaches_farther_once_a_larger_radius_was_typed():
    assert reach(Scenario(radius=0.5)) == 0.5
    assert reach(Scenario(radius=0.6)) == 1.0
