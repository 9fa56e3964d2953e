"""Worlds of the benchmarks: what they call the truth is the truth."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.rough_worlds import make_rough_world
from benchmarks.truth import make_targets, oracle, true_effects, true_gain
from benchmarks.worlds import make_world

WORLDS = {
    "pooled": make_world(4, 3, False, 1.0, 2),
    "own": make_world(4, 2, True, 0.0, 2),
    "rough": make_rough_world(4, 3, 1.0, 2),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_gradient_is_the_derivative_of_the_value(world):
    rng = np.random.default_rng(0)
    states = world.draw_states(6, rng)
    shares, step = world.draw_mixtures(states, rng) + 0.01, 1e-5
    gradient = world.gradient(shares, states)
    for k in range(world.k):
        up, down = shares.copy(), shares.copy()
        up[:, k] += step
        down[:, k] -= step
        slope = (world.value(up, states) - world.value(down, states)) / (2 * step)
        assert gradient[:, k] == pytest.approx(slope, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_mixture_effect_and_level_have_unit_spread_over_the_runs(world):
    rng = np.random.default_rng(1)
    states = world.draw_states(4000, rng)
    assert world.value(world.draw_mixtures(states, rng), states).std() == pytest.approx(1.0, abs=0.1)
    assert world.background(states).std() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_effects_weighted_by_the_anchor_cancel_and_point_where_the_outcome_goes(world):
    table = world.table(60, 0)
    targets = make_targets(world, table, 5, 3)
    anchor = targets.region.anchor
    assert targets.effects @ anchor == pytest.approx(np.zeros(5), abs=1e-12)
    to = anchor + 1e-4 * (np.eye(world.k)[0] - anchor)
    moved = [true_gain(world, to, anchor, state) * 100 for state in targets.states]
    assert true_effects(world, anchor, targets.states)[:, 0] == pytest.approx(moved, rel=1e-2, abs=1e-5)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_no_mixture_of_the_region_beats_the_oracle(world):
    targets = make_targets(world, world.table(60, 0), 2, 3)
    region, rng = targets.region, np.random.default_rng(4)
    for state, best in zip(targets.states, targets.best_gains(), strict=True):
        ends = rng.dirichlet(np.ones(world.k), 400)
        steps = np.minimum(1.0, 2 * region.radius / np.abs(ends - region.anchor).sum(axis=1))
        inside = region.anchor + steps[:, None] * (ends - region.anchor)
        assert max(true_gain(world, shares, region.anchor, state) for shares in inside) <= best + 1e-3
        assert 0.5 * np.abs(oracle(world, region, state) - region.anchor).sum() <= region.radius + 1e-9


def test_tables_have_as_many_runs_a_pool_as_asked_for():
    world = WORLDS["rough"]
    assert np.bincount(world.table(60, 0).groups()).tolist() == [2] * 30
    assert np.bincount(world.table(60, 0, per_pool=1).groups()).tolist() == [1] * 60


def test_confounded_mixtures_follow_the_state_and_random_ones_do_not():
    def followed(confounding):
        table = make_rough_world(4, 3, confounding, 5).table(2000, 0)
        return max(
            abs(np.corrcoef(table.states[:, j], table.shares[:, k])[0, 1]) for j in range(3) for k in range(4)
        )

    assert followed(0.0) < 0.1
    assert followed(1.0) > 0.3


def test_a_world_without_differences_has_the_same_effects_at_every_pool():
    world = make_world(5, 4, False, 1.0, 0)
    same = world.with_differences(0.0)
    states = world.draw_states(8, np.random.default_rng(0))
    anchor = np.full(5, 0.2)
    assert np.ptp(true_effects(same, anchor, states), axis=0) == pytest.approx(np.zeros(5), abs=1e-12)
    assert np.ptp(true_effects(world, anchor, states), axis=0).min() > 0.0
    assert np.array_equal(same.table(50, 1).shares, world.table(50, 1).shares)


def test_a_world_of_scale_zero_is_noise_and_the_state_alone():
    world = replace(WORLDS["rough"], scale=0.0)
    states = world.draw_states(5, np.random.default_rng(0))
    assert not world.value(world.draw_mixtures(states, np.random.default_rng(1)), states).any()
    assert world.background(states).any()
