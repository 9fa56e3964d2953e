"""Choosing runs: exact updates, and a choice that no exchange of one run improves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from causalmix_core.planning.exchange import best_run, choose_runs, forget, in_order, observe

RUNS, WANTED, VARIANCE = 7, 3, 0.4


def joint(seed: int) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(RUNS + WANTED, 5))
    return root @ root.T


def after(covariance: np.ndarray, runs: list[int]) -> np.ndarray:
    """Covariance of the wanted quantities after runs, by the textbook formula on all of them at once."""
    within = covariance[np.ix_(runs, runs)] + VARIANCE * np.eye(len(runs))
    shared = covariance[RUNS:][:, runs]
    return covariance[RUNS:, RUNS:] - shared @ np.linalg.solve(within, shared.T)


def criterion(covariance: np.ndarray, runs: list[int], determinant: bool) -> float:
    left = after(covariance, runs)
    return float(np.linalg.slogdet(left)[1] if determinant else np.trace(left))


def test_observing_one_by_one_is_observing_all_at_once():
    covariance = joint(0)
    now = covariance
    for run in (2, 5, 2, 0):
        now = observe(now, run, VARIANCE)
    np.testing.assert_allclose(now[RUNS:, RUNS:], after(covariance, [2, 5, 2, 0]), atol=1e-10)


def test_forgetting_undoes_observing():
    covariance = joint(1)
    once = observe(covariance, 3, VARIANCE)
    np.testing.assert_allclose(forget(once, 3, VARIANCE), covariance, atol=1e-9)


@pytest.mark.parametrize("determinant", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_no_exchange_of_one_run_improves_the_choice(seed, determinant):
    covariance = joint(seed)
    chosen = choose_runs(covariance, RUNS, VARIANCE, 4, determinant)
    reached = criterion(covariance, chosen, determinant)
    for place, other in itertools.product(range(4), range(RUNS)):
        changed = [*chosen[:place], other, *chosen[place + 1 :]]
        assert criterion(covariance, changed, determinant) >= reached - 1e-7


@pytest.mark.parametrize("seed", range(6))
def test_the_choice_is_close_to_the_best_of_all(seed):
    covariance = joint(seed)
    chosen = criterion(covariance, choose_runs(covariance, RUNS, VARIANCE, 3, False), False)
    best = min(
        criterion(covariance, list(runs), False)
        for runs in itertools.combinations_with_replacement(range(RUNS), 3)
    )
    nothing = float(np.trace(covariance[RUNS:, RUNS:]))
    assert nothing - chosen >= 0.9 * (nothing - best)


def test_equal_runs_are_taken_in_their_order():
    covariance = joint(2)
    twice = np.block(
        [[covariance[:RUNS, :RUNS]] * 2 + [covariance[:RUNS, RUNS:]]] * 2
        + [[covariance[RUNS:, :RUNS]] * 2 + [covariance[RUNS:, RUNS:]]]
    )
    chosen = choose_runs(twice, 2 * RUNS, VARIANCE, 4, False)
    assert all(run < RUNS for run in chosen)


def test_order_puts_what_helps_most_first():
    covariance = joint(3)
    ordered = in_order(covariance, RUNS, VARIANCE, [0, 1, 2, 3], False)
    assert sorted(ordered) == [0, 1, 2, 3]
    first = [criterion(covariance, [run], False) for run in range(4)]
    assert ordered[0] == int(np.argmin(first))


def test_best_run_for_one_contrast():
    covariance, row = joint(4), np.array([1.0, -1.0, 0.0])
    left = [row @ after(covariance, [run]) @ row for run in range(RUNS)]
    assert best_run(covariance, RUNS, VARIANCE, row) == int(np.argmin(left))
