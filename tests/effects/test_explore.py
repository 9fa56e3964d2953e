"""Views of a fit: they say what the response says, and mark what lies outside the runs."""

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import (
    cate_map,
    effect_slice,
    effects_view,
    normal_quantile,
    response_curve,
)
from causalmix_core.effects.fit import fit
from causalmix_core.effects.support import mixture_support, mixtures_inside, pool_support, pools_inside
from causalmix_core.errors import ConfigError, PoolError

TABLE = make_world(4, 3, own=True, confounding=1.0, seed=2).table(300, 0)
FIT = fit(TABLE, FitConfig("score"))
POOL, ANCHOR = TABLE.states[10], TABLE.shares.mean(axis=0)


def test_effects_view_holds_effects_and_interval():
    view = effects_view(FIT, POOL, ANCHOR, 0.8)
    response = FIT.response(POOL)
    assert np.array_equal(view.effects, response.substitution_effects(ANCHOR))
    assert view.upper - view.effects == pytest.approx(1.2815515655 * view.se)
    assert view.effects - view.lower == pytest.approx(view.upper - view.effects)


def test_map_slice_and_effects_agree_at_the_pool():
    view = effects_view(FIT, POOL, ANCHOR)
    held = cate_map(FIT, POOL, ANCHOR, "d1", "x_d1__c0", "x_d1__c1", size=5)
    states = np.tile(POOL, (25, 1))
    states[:, TABLE.covariate_columns.index("x_d1__c0")] = np.tile(held.x_values, 5)
    states[:, TABLE.covariate_columns.index("x_d1__c1")] = np.repeat(held.y_values, 5)
    for cell in (0, 7, 24):
        response = FIT.response(states[cell])
        assert held.effects.ravel()[cell] == pytest.approx(response.substitution_effects(ANCHOR)[1])
        assert held.se.ravel()[cell] == pytest.approx(response.substitution_se(ANCHOR)[1])
    line = effect_slice(FIT, POOL, ANCHOR, "d1", "x_d1__c0", size=1001)
    nearest = int(np.argmin(np.abs(line.values - line.pool_value)))
    assert line.effects[nearest] == pytest.approx(view.effects[1], abs=0.02 * np.ptp(line.effects))


def test_map_marks_cells_far_from_the_runs():
    held = cate_map(FIT, POOL, ANCHOR, "d0", "x_d0__c0", "x_d0__c1")
    assert 0.2 < held.supported.mean() < 0.98
    assert not held.supported[0, 0] or not held.supported[-1, 0]
    centre = held.supported[held.supported.shape[0] // 2, held.supported.shape[1] // 2]
    assert centre


def test_map_reaches_a_pool_beyond_the_runs():
    far = POOL.copy()
    far[0] = TABLE.states[:, 0].max() + 3.0
    held = cate_map(FIT, far, ANCHOR, "d0", "x_d0__c0", "x_d0__c1")
    assert held.x_values[-1] == far[0]
    assert not held.supported[:, -1].any()


def test_response_curve_is_zero_at_the_anchor_and_keeps_the_rest_in_proportion():
    curve = response_curve(FIT, POOL, ANCHOR, "d2", size=1001)
    at = int(np.argmin(np.abs(curve.shares - ANCHOR[2])))
    assert abs(curve.gains[at]) < 0.01 * np.ptp(curve.gains)
    mixture = ANCHOR * (1 - 0.6) / (1 - ANCHOR[2])
    mixture[2] = 0.6
    assert curve.gains[600] == pytest.approx(float(FIT.response(POOL).gain(mixture, ANCHOR)))
    assert not curve.supported[-1] or TABLE.shares[:, 2].max() == 1.0


def test_unknown_names_are_named():
    with pytest.raises(ConfigError, match="no domain 'x'"):
        response_curve(FIT, POOL, ANCHOR, "x")
    with pytest.raises(PoolError, match="no covariate 'x_q'"):
        effect_slice(FIT, POOL, ANCHOR, "d0", "x_q")
    with pytest.raises(ConfigError, match="twice"):
        cate_map(FIT, POOL, ANCHOR, "d0", "x_d0__c0", "x_d0__c0")
    with pytest.raises(ConfigError, match="nothing to trade"):
        response_curve(FIT, POOL, np.array([1.0, 0, 0, 0]), "d0")
    with pytest.raises(ConfigError, match="between 0 and 1"):
        normal_quantile(90.0)


def test_pools_of_the_runs_are_inside_and_far_ones_outside():
    inside = [pool_support(TABLE, state).inside for state in TABLE.states[::10]]
    assert np.mean(inside) > 0.9
    far = pool_support(TABLE, POOL + 10.0)
    assert not far.inside
    assert far.distance > far.threshold
    assert set(far.outside) == set(TABLE.covariate_columns)


def test_mixture_support_names_the_nearest_run_and_what_is_outside():
    own = mixture_support(TABLE, TABLE.shares[17])
    assert TABLE.run_ids.index(own.nearest_run) == 17
    corner = mixture_support(TABLE, np.array([1.0, 0.0, 0.0, 0.0]))
    assert not corner.inside
    assert mixture_support(TABLE, ANCHOR).inside


def test_support_of_many_at_once_is_that_of_each():
    rng = np.random.default_rng(0)
    shares = np.concatenate([TABLE.shares[:6], rng.dirichlet(np.full(4, 0.4), 20)])
    one_by_one = [mixture_support(TABLE, mixture).inside for mixture in shares]
    assert mixtures_inside(TABLE, shares).tolist() == one_by_one
    assert len(set(one_by_one)) == 2
    states = TABLE.states[:10] * np.linspace(0.5, 3.0, 10)[:, None]
    one_by_one = [pool_support(TABLE, state).inside for state in states]
    assert pools_inside(TABLE, states).tolist() == one_by_one
    assert len(set(one_by_one)) == 2
