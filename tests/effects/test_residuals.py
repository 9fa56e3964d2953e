"""Cross-fitted residuals: made once, by models that saw other pools, sums and contrasts kept."""

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.coding import Coding, helmert
from causalmix_core.effects.folds import group_folds
from causalmix_core.effects.residuals import Residuals

TABLE = make_world(4, 3, own=False, confounding=2.0, seed=1).table(160, seed=0)
TARGET = TABLE.score("score")
LOGS = Coding("log-linear", 4, 0.01)


def residuals(nuisance="ridge", target=TARGET):
    return Residuals(TABLE, target, 5, 0, nuisance)


def test_residuals_of_shares_sum_to_zero_and_contrasts_are_contrasts_of_them():
    made = residuals()
    shares = made.mixture(LOGS)[:, 4:]
    assert np.abs(shares.sum(axis=1)).max() < 1e-9
    assert np.array_equal(made.mixture(Coding("contrast", 4)), shares @ helmert(4))
    assert np.array_equal(made.mixture(Coding("log", 4, 0.01)), made.mixture(LOGS)[:, :4])


@pytest.mark.parametrize("nuisance", ["ridge", "boosted"])
def test_what_the_state_foretells_is_taken_out(nuisance):
    made = residuals(nuisance)
    assert made.outcome.var() < 0.8 * TARGET.var()
    assert made.mixture(LOGS)[:, 4:].var() < 0.9 * TABLE.shares.var(axis=0).mean()


def test_a_constant_nuisance_takes_out_the_mean_of_the_other_folds():
    made = residuals("constant")
    for train, test in group_folds(TABLE.groups(), 5, 0):
        assert np.allclose(made.outcome[test], TARGET[test] - TARGET[train].mean())


def test_a_run_is_foretold_without_its_pool():
    changed = TARGET.copy()
    changed[:2] += 100.0  # both runs of the first pool
    difference = residuals(target=changed).outcome - residuals().outcome
    assert np.allclose(difference[:2], 100.0)


def test_parts_are_made_once():
    made = residuals()
    assert made.mixture(Coding("log", 4, 0.01)) is made.mixture(Coding("log", 4, 0.01))
    assert made.coding(None) is made.coding(None)
    assert made.coding(0.02) == Coding("log-linear", 4, 0.02)
    calls = []
    for _ in range(2):
        made.shared("trend", lambda: calls.append(1) or object())
    assert len(calls) == 1
