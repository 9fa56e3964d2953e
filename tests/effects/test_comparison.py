"""Comparing estimators: common folds, the simplest within noise, scores and their intervals."""

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects import comparison
from causalmix_core.effects.comparison import compare
from causalmix_core.effects.comparison_scores import Held, HeldRuns, Resamples, figure, score
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate, score_predictions
from causalmix_core.effects.estimators.registry import REGISTRY, offered
from causalmix_core.effects.folds import group_folds, linked_groups
from causalmix_core.errors import ConfigError

OWN = make_world(4, 2, own=True, confounding=0.5, seed=1, noise=0.15)
# The same world, in which every pool answers alike.
ALIKE = dataclasses.replace(OWN, worth=0.0 * OWN.worth, harm=0.0 * OWN.harm, scale=2.0)
QUICK = ("constant", "log-linear", "shared-slopes", "ridge", "linear-dml")


@pytest.fixture(scope="module")
def varied():
    return compare(OWN.table(240, seed=3), "score", QUICK)


@pytest.fixture(scope="module")
def alike():
    return compare(ALIKE.table(240, seed=4), "score", QUICK)


def without_pools(table):
    return dataclasses.replace(table, pool_ids=None)


def test_folds_split_neither_pool_nor_mixture():
    pools = np.repeat(np.arange(20), 2)
    shares = np.random.default_rng(0).dirichlet(np.ones(3), 40)
    shares[3] = shares[10]  # pools 1 and 5 hang together
    shares[11] = shares[30]  # and 15 with them
    islands = linked_groups(pools, shares)
    assert len(np.unique(islands)) == 18
    assert len({islands[i] for i in (2, 3, 10, 11, 30, 31)}) == 1
    for train, test in group_folds(islands, 5, seed=2):
        assert not set(pools[train]) & set(pools[test])
        assert not {tuple(row) for row in shares[train]} & {tuple(row) for row in shares[test]}


def test_mixtures_that_tie_all_pools_together_are_let_go_and_said():
    table = OWN.table(80, seed=0)
    shares = np.tile(table.shares[:2], (40, 1))  # every pool was run with the same two mixtures
    found = compare(dataclasses.replace(table, shares=shares), "score", ("log-linear",), folds=3)
    assert (found.kept, found.islands) == ("pools", 40)


def test_where_pools_differ_own_states_win(varied):
    assert varied.best == varied.chosen == "shared-slopes"
    assert varied.of("shared-slopes").mixture_r2.lower > varied.of("constant").mixture_r2.upper
    assert varied.of("shared-slopes").r_score.value > 0.1
    assert (varied.kept, varied.within, varied.islands) == ("pools and mixtures", "pools", 120)


def test_where_pools_answer_alike_the_simplest_is_chosen(alike):
    assert alike.chosen == "constant"
    assert alike.of("constant").within_noise
    assert alike.of("constant").mixture_r2.value > 0.5


def test_the_chosen_is_the_simplest_within_noise_and_the_best_is_the_best(varied, alike):
    for found in (varied, alike):
        near = [row for row in found.estimators if row.within_noise]
        assert found.chosen == min(near, key=lambda row: row.complexity).name
        assert found.of(found.best).mixture_r2.value == max(r.mixture_r2.value for r in found.estimators)
        assert found.of(found.best).behind.value == 0.0
        assert [row.complexity for row in found.estimators] == sorted(r.complexity for r in found.estimators)
        assert found.of("constant").r_score.value == 0.0


def test_scores_are_those_of_a_cross_validation_on_the_same_folds(varied):
    # Without a penalty there is nothing to choose across pools, of which a comparison makes cheaper ones than a fit.
    table = OWN.table(240, seed=3)
    expected = cross_validate(
        table, FitConfig("score", "linear-dml", seed=varied.seed), folds=5, seed=varied.seed
    )
    row = varied.of("linear-dml")
    assert row.r2.value == pytest.approx(expected.r2)
    assert row.rank_correlation.value == pytest.approx(expected.spearman)
    assert row.pairs_right.value == pytest.approx(expected.pair_accuracy)
    assert row.mixture_r2.value == pytest.approx(expected.pair_r2)


def test_runs_that_have_a_pool_each_are_judged_on_purged_outcomes():
    found = compare(without_pools(OWN.table(200, seed=3)), "score", ("shared-slopes",), folds=3)
    assert found.within == "folds"
    assert all(row.pairs_right is None for row in found.estimators)
    assert found.chosen == "shared-slopes"
    assert found.of("shared-slopes").regret.value < found.of("constant").regret.value


def test_the_same_seed_gives_the_same_scores_whatever_else_is_compared(varied):
    again = compare(OWN.table(240, seed=3), "score", ("ridge",))
    for name in ("constant", "ridge"):
        first, second = dataclasses.asdict(varied.of(name)), dataclasses.asdict(again.of(name))
        for own in ("mixture_r2", "rank_correlation", "r2", "pairs_right", "r_score", "regret"):
            assert first[own] == second[own]
    assert [row.name for row in again.estimators] == ["constant", "ridge"]


def test_recommended_is_compared_under_its_own_name():
    found = compare(OWN.table(80, seed=0), "score", ("recommended",), folds=2)
    assert [row.name for row in found.estimators] == ["constant", "components"]
    assert found.recommended == "components"


def test_who_cannot_be_fitted_is_left_out_with_the_reason():
    world = make_world(3, 2, own=False, confounding=0.0, seed=0)
    found = compare(world.table(60, seed=0), "score", ("ridge", "shared-slopes"), folds=3)
    assert [name for name, _ in found.refused] == ["shared-slopes"]
    assert "same covariates for every domain" in found.refused[0][1]
    assert [row.name for row in found.estimators] == ["constant", "ridge"]


def test_a_table_without_covariates_has_averages_to_compare():
    table = OWN.table(120, seed=0)
    bare = dataclasses.replace(table, covariates=(), states=table.states[:, :0])
    found = compare(bare, "score", ("log-linear", "regmix"), folds=2)
    assert found.recommended == "log-linear"
    assert found.of("log-linear").r_score.value == 0.0


@pytest.mark.parametrize(
    ("change", "part"),
    [({"outcome": "speed"}, "no outcome 'speed'"), ({"folds": 1}, "folds is 1")],
)
def test_mistakes_are_named(change, part):
    with pytest.raises(ConfigError, match=part):
        compare(OWN.table(60, seed=0), **{"outcome": "score", "estimators": ("log-linear",), **change})


def test_one_pool_cannot_be_held_out():
    table = dataclasses.replace(OWN.table(40, seed=0), pool_ids=("p",) * 40)
    with pytest.raises(ConfigError, match="one pool only"):
        compare(table, "score")


def test_slow_ones_wait_to_be_asked_for(sample_table):
    assert "paper" not in offered(sample_table)
    assert "smooth" not in offered(sample_table)


def test_progress_names_the_estimator_and_ends_done():
    steps = []
    compare(OWN.table(60, seed=0), "score", ("log-linear",), 2, progress=lambda *step: steps.append(step))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert any("log-linear, fold" in phase for _, phase in steps)
    assert steps[-1] == (1.0, "done")


def test_regret_is_what_the_preferred_run_loses():
    pools = np.array([0, 0, 1, 1, 2])
    observed = np.array([1.0, 3.0, 5.0, 4.0, 9.0])
    runs = HeldRuns(observed, observed, pools, pools, [(np.arange(0), np.arange(5))])
    wrong_once = Held(np.array([2.0, 1.0, 1.0, 0.0, 0.0]), np.zeros(5), 0.0)
    undecided = Held(np.zeros(5), np.zeros(5), 0.0)
    rows, within = score({"constant": wrong_once, "ridge": undecided}, runs, "constant", seed=0)
    assert within == "pools"
    assert rows[0].regret.value == pytest.approx((2.0 + 0.0) / 2)
    assert rows[1].regret.value == pytest.approx((1.0 + 0.5) / 2)
    assert rows[0].pairs_right.value == 0.5


def test_scores_match_the_plain_formulas():
    draw = np.random.default_rng(0)
    pools = np.repeat(np.arange(50), 2)
    observed, predicted = draw.normal(size=(2, 100))
    predicted += observed
    runs = HeldRuns(observed, observed, pools, pools, [(np.arange(0), np.arange(100))])
    (row,), _ = score({"ridge": Held(predicted, predicted, 0.0)}, runs, "ridge", seed=0)
    expected = score_predictions(observed, predicted, pools, 2)
    assert row.r2.value == pytest.approx(expected.r2)
    assert row.rank_correlation.value == pytest.approx(expected.spearman)
    assert row.rank_correlation.lower < expected.spearman < row.rank_correlation.upper


def test_the_interval_of_a_mean_is_as_wide_as_its_groups_say():
    groups = np.repeat(np.arange(200), 2)
    values = np.repeat(np.random.default_rng(0).normal(size=200), 2)
    draws = Resamples(groups, seed=1)
    found = figure(draws.sums(values) / draws.sums(np.ones(400)))
    expected = 2 * 1.645 * values[::2].std() / np.sqrt(200)
    assert found.upper - found.lower == pytest.approx(expected, rel=0.1)


def test_every_offered_estimator_has_a_place_in_the_order(sample_table):
    ranks = [REGISTRY[name].complexity for name in offered(sample_table)]
    assert ranks == sorted(ranks)
    assert offered(sample_table)[:2] == comparison.BASELINES
