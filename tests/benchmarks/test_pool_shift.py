"""Policies on pools that no run has seen."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import pool_shift


@pytest.fixture(scope="module")
def found():
    """One small world at one radius."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {"POOLS": 4, "RADII": (0.1,)}.items():
            patched.setattr(pool_shift, name, value)
        return pool_shift.measure(pool_shift.Task(3, 0.0, 160, 0))


def test_no_policy_beats_the_oracle_and_the_conditioned_one_comes_close(found):
    assert set(found) == {
        (shift, 0.1, policy) for shift in pool_shift.SHIFTS for policy in pool_shift.POLICIES
    }
    for one in found.values():
        assert len(one.gained) == 4
        assert (one.gained <= one.best + 1e-12).all()
        assert 0.0 <= one.harm <= 1.0
        assert one.regret >= 0.0
    conditioned, equal = found[1.0, 0.1, "conditioned"], found[1.0, 0.1, "equal"]
    assert conditioned.gained.sum() > 0.5 * conditioned.best.sum()
    assert conditioned.regret < equal.regret


def test_harm_counts_what_falls_below_the_anchor():
    one = pool_shift.Found(
        np.array([-0.1, 0.0, 0.2, -1e-12]), np.full(4, 0.2), np.array([True, False, True, True])
    )
    assert one.harm == 0.25
    assert one.kept == 0.25
    assert one.regret == pytest.approx(0.175)
