"""Mixtures picked by looking at earlier results are recognised from the order of the rows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.checks.order import blocks, order_check, sorted_by
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.out_of_fold import out_of_fold
from tests.checks.tables import adaptive_log, changed, clean_table, world


def checked(table):
    # Average effects: the check reads residuals only, which do not depend on the estimator.
    return order_check(table, out_of_fold(table, FitConfig("score", covariates=False, epsilon=0.03)))


@pytest.mark.parametrize("how", ["greedy", "model"])
def test_an_adaptive_log_is_recognised(how):
    found = [checked(adaptive_log(seed, how)) for seed in range(10)]
    assert sum(check.status != "PASS" for check in found) >= 8
    assert {check.status for check in found if check.value > check.threshold} <= {"PASS"}


def test_runs_in_random_order_are_left_alone():
    found = [checked(adaptive_log(seed, "random")) for seed in range(10)]
    # Mixtures that follow the pool's state, two runs to a pool: confounded, and not adaptive.
    found += [checked(world(confounding=2.0, seed=seed).table(100, seed)) for seed in range(10)]
    assert sum(check.status != "PASS" for check in found) <= 1


def test_a_search_in_a_table_that_says_random_fails():
    table = adaptive_log(1, "model")
    assert checked(changed(table, assignment=("random",) * table.n_runs)).status == "FAIL"


def test_what_a_search_asks_for_is_said():
    check = checked(adaptive_log(1, "model"))
    assert check.value <= 0.01
    assert "picked by looking at earlier results" in check.sentence
    assert "assignment" in check.remedy


def test_the_same_rows_give_the_same_answer():
    assert checked(adaptive_log(2, "greedy")) == checked(adaptive_log(2, "greedy"))


@pytest.mark.parametrize("reverse", [False, True])
def test_sorted_rows_tell_nothing(reverse):
    table = adaptive_log(0, "random")
    order = np.argsort(table.scores[:, 0])[:: -1 if reverse else 1]
    names = ("shares", "states", "scores")
    ordered = changed(table, **{name: getattr(table, name)[order] for name in names})
    assert sorted_by(table) is None
    assert sorted_by(ordered) == "score"
    check = checked(ordered)
    assert (check.status, check.value) == ("REVIEW", None)
    assert "sorted by score" in check.sentence


def test_too_few_rows_tell_nothing():
    table = adaptive_log(0, "random", runs=19)
    assert checked(table).value is None


def test_neighbours_of_one_pool_are_shuffled_together():
    table = clean_table(60)
    number = blocks(table)
    assert (number[:60] == np.arange(60) // 2).all()
    one_pool = dataclasses.replace(table, pool_ids=("only",) * table.n_runs)
    assert (blocks(one_pool) == np.arange(table.n_runs)).all()
