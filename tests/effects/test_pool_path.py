"""Shifts of a pool along one covariate."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.effects.pool_path import pool_path
from causalmix_core.errors import PoolError
from tests.figures.examples import runs_table

TABLE = runs_table()
POOL = TABLE.states.mean(axis=0)


def test_one_domains_covariate_goes_over_the_runs_range_through_the_pool():
    path = pool_path(TABLE, POOL, "x_web__duplicate_rate", 5)
    assert not path.whole
    assert (path.positions[0], path.positions[-1]) == pytest.approx((0.1, 0.4))
    assert path.here in path.positions
    states = path.states(path.positions)
    assert states[:, 3].tolist() == path.positions.tolist()
    assert np.delete(states, 3, axis=1) == pytest.approx(np.tile(np.delete(POOL, 3), (len(states), 1)))
    assert path.run_positions().tolist() == TABLE.states[:, 3].tolist()


def test_all_domains_shift_by_spreads_and_stay_within_what_was_seen():
    path = pool_path(TABLE, POOL, "duplicate_rate", 5)
    assert path.whole
    assert path.here == 0.0
    columns = [1, 3, 5]
    assert path.states(np.zeros(1))[0].tolist() == POOL.tolist()
    small = path.states(np.array([0.1]))[0]
    assert small[columns] - POOL[columns] == pytest.approx(0.1 * TABLE.states[:, columns].std(axis=0))
    far = path.states(np.array([100.0]))[0]
    assert far[columns] == pytest.approx(TABLE.states[:, columns].max(axis=0))
    assert np.delete(far, columns) == pytest.approx(np.delete(POOL, columns))


def test_a_pool_outside_the_runs_is_part_of_its_own_path():
    far = POOL.copy()
    far[3] = 5.0
    path = pool_path(TABLE, far, "x_web__duplicate_rate", 5)
    assert path.positions[-1] == 5.0
    assert not path.supported(np.array([5.0]))[0]
    assert pool_path(TABLE, far, "duplicate_rate", 5).states(np.zeros(1))[0].tolist() == far.tolist()


def test_what_cannot_be_shifted_is_named():
    with pytest.raises(PoolError, match=r"no covariate 'hes'.*duplicate_rate"):
        pool_path(TABLE, POOL, "hes")
    with pytest.raises(PoolError, match="same in all runs"):
        pool_path(TABLE, POOL, "x_math__loss")
