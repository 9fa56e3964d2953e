"""Rules and drivers find the covariate that effects depend on, and say how far they hold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import World, make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explain.drivers import effect_drivers, move_drivers
from causalmix_core.effects.explain.pools import explained_pools, point_responses, pool_effects
from causalmix_core.effects.explain.surrogate import explain, share_explained
from causalmix_core.effects.explain.tree import DEPTHS, effect_tree, shortest_between
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError

DECIDES = "x_d0__c1"


def one_covariate_world() -> World:
    """Three domains with two covariates each; only c1 of d0 changes what d0 is worth, most around 0."""
    world = make_world(3, 2, own=True, confounding=0.5, seed=4, noise=0.1)
    worth = np.zeros((3, 2))
    worth[0, 1] = 2.0
    return dataclasses.replace(world, worth=worth, harm=np.zeros((3, 2)), attraction=worth)


TABLE = one_covariate_world().table(400, 0)
FIT = fit(TABLE, FitConfig("score"))
POOL, ANCHOR = TABLE.states[10], TABLE.shares.mean(axis=0)


@pytest.fixture(scope="module")
def drivers():
    return effect_drivers(FIT, POOL, ANCHOR)


def test_distinct_pools_are_looked_at_once_and_thinned_evenly():
    assert np.array_equal(explained_pools(FIT), np.unique(TABLE.states, axis=0))
    few = explained_pools(FIT, 50)
    assert len(few) == 50
    assert np.array_equal(few[[0, -1]], np.unique(TABLE.states, axis=0)[[0, -1]])


def test_effects_at_all_pools_are_those_of_the_responses():
    states = TABLE.states[:5]
    effects = pool_effects(FIT, states, ANCHOR)
    for state, row, point in zip(states, effects, point_responses(FIT, states), strict=True):
        assert row == pytest.approx(FIT.response(state).substitution_effects(ANCHOR))
        assert point.coefficients == pytest.approx(FIT.response(state).coefficients)
        assert not point.covariance.any()


@pytest.mark.parametrize("domain", ["d0", None])
def test_the_first_rule_asks_for_the_covariate_that_decides_near_where_it_does(domain):
    root = effect_tree(FIT, ANCHOR, 2, domain).nodes[0]
    assert root.covariate.column == DECIDES
    assert abs(root.threshold) < 0.35


def test_what_lies_above_the_first_threshold_is_worth_more():
    tree = effect_tree(FIT, ANCHOR, 1, "d0")
    low, high = tree.nodes[tree.nodes[0].low], tree.nodes[tree.nodes[0].high]
    assert low.mean[0] < high.mean[0]
    assert low.pools + high.pools == tree.nodes[0].pools == 200
    assert tree.r2 > 0.5


@pytest.mark.parametrize("depth", DEPTHS)
def test_depth_and_size_of_groups_are_kept(depth):
    tree = effect_tree(FIT, ANCHOR, depth)
    assert tree.depth <= depth
    assert tree.domains == TABLE.domains
    assert sum(tree.nodes[leaf].pools for leaf in tree.leaves) == 200
    assert min(node.pools for node in tree.nodes) >= 10


def test_groups_hold_the_pools_that_their_rules_say():
    tree = effect_tree(FIT, ANCHOR, 3)
    states = np.unique(TABLE.states, axis=0)
    effects = pool_effects(FIT, states, ANCHOR)
    ends = np.array([tree.path(state)[-1] for state in states])
    predicted = np.empty_like(effects)
    for leaf in tree.leaves:
        inside = ends == leaf
        node = tree.nodes[leaf]
        assert inside.sum() == node.pools
        assert effects[inside].mean(axis=0) == pytest.approx(node.mean)
        assert effects[inside].std(axis=0) == pytest.approx(node.spread)
        predicted[inside] = node.mean
    assert share_explained(effects, predicted) == pytest.approx(tree.r2)
    assert tree.r2_unseen < tree.r2


def test_thresholds_have_as_few_digits_as_sort_the_pools_alike():
    assert shortest_between(0.1234, 0.1349) == 0.13
    assert shortest_between(-0.2, 0.3) == 0.0
    assert shortest_between(0.01, 0.5) == 0.3
    assert shortest_between(1234.0, 1789.0) == 1500.0
    assert shortest_between(0.1, np.nextafter(0.1, 1.0)) == 0.1


def test_the_covariate_that_decides_drives_every_effect(drivers):
    for view in drivers:
        assert view.covariates[view.order[0]].column == DECIDES
        assert view.importance[view.order[0]] > 2 * view.importance[view.order[1]]
        assert 0.8 < view.r2 <= view.r2_in_sample <= 1.0


def test_values_and_base_add_to_the_surrogates_prediction(drivers):
    for k, view in enumerate(drivers):
        assert view.here.base + view.here.values.sum() == pytest.approx(view.here.predicted)
        assert share_explained(view.observed, view.predicted) == pytest.approx(view.r2_in_sample)
        assert view.here.actual == pytest.approx(FIT.response(POOL).substitution_effects(ANCHOR)[k])
        assert view.here.remainder == pytest.approx(view.here.actual - view.here.predicted)


def test_a_pool_of_the_runs_is_explained_as_among_them(drivers):
    row = int(np.flatnonzero((drivers[0].states == POOL).all(axis=1))[0])
    assert drivers[0].here.values == pytest.approx(drivers[0].values[row])
    assert drivers[0].here.actual == pytest.approx(drivers[0].observed[row])


def test_one_domain_is_explained_alone_and_the_same(drivers):
    alone = effect_drivers(FIT, POOL, ANCHOR, ["d1"])
    assert [view.domain for view in alone] == ["d1"]
    assert np.array_equal(alone[0].values, drivers[1].values)


def test_moves_are_explained_in_percentage_points():
    states = explained_pools(FIT)
    first = states[:, TABLE.covariate_columns.index(DECIDES)]
    moves = np.stack([0.1 * (first > 0), -0.1 * (first > 0), np.zeros(len(first))], axis=1)
    here = np.array([0.1, -0.1, 0.0])
    views = move_drivers(FIT, states, moves, POOL, here, ["d0", "d2"])
    assert views[0].covariates[views[0].order[0]].column == DECIDES
    assert views[0].unit == "percentage points of share"
    assert views[0].here.actual == pytest.approx(10.0)
    assert views[0].observed.max() == pytest.approx(10.0)
    assert not views[1].values.any()


def test_what_never_varies_is_driven_by_nothing():
    found = explain(TABLE.states, np.full(400, 0.3), TABLE.states[:3])
    assert not found.values.any()
    assert (found.base, found.r2, found.r2_in_sample) == (pytest.approx(0.3), 1.0, 1.0)


def test_noise_cannot_be_explained_and_the_r2_says_so():
    noise = np.random.default_rng(0).normal(size=400)
    found = explain(TABLE.states, noise, TABLE.states[:3])
    assert found.r2 < 0.1 < found.r2_in_sample


def test_the_same_question_has_the_same_answer(drivers):
    again = effect_drivers(FIT, POOL, ANCHOR)
    for one, other in zip(drivers, again, strict=True):
        assert np.array_equal(one.values, other.values)
        assert one.r2 == other.r2


def test_averages_few_pools_and_unknown_names_are_refused():
    averages = fit(TABLE, FitConfig("score", covariates=False))
    with pytest.raises(ConfigError, match="averages, the same for every pool"):
        effect_tree(averages, ANCHOR)
    with pytest.raises(ConfigError, match="averages, the same for every pool"):
        effect_drivers(averages, POOL, ANCHOR)
    with pytest.raises(ConfigError, match="from 1 to 4"):
        effect_tree(FIT, ANCHOR, 5)
    with pytest.raises(ConfigError, match="no domain 'x'"):
        effect_tree(FIT, ANCHOR, 2, "x")
    with pytest.raises(ConfigError, match="no domain 'x'"):
        effect_drivers(FIT, POOL, ANCHOR, ["x"])
    few = dataclasses.replace(FIT, table=TABLE.with_rows(np.arange(400) < 20))
    with pytest.raises(ConfigError, match="10 distinct pools and an explanation needs 20"):
        effect_tree(few, ANCHOR)
