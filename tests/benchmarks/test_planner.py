"""The benchmark of the planner: counting on made-up curves, and one small world run through."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import planner

FOUND = [
    {
        "best": [1.0],
        planner.RANDOM: [0.8, 0.6, 0.7, 0.5, 0.4, 0.3, 0.2],
        planner.AT_TARGET: [0.8, 0.4, 0.4, 0.3, 0.3, 0.2, 0.1],
        "planned, regret": [0.8, 0.35, 0.2, 0.15, 0.1, 0.1, 0.1],
    }
]


def test_runs_needed_are_read_off_the_falling_curve():
    # 0.35 lies half way between 0.4 after 64 and 0.3 after 128 random runs.
    assert planner.needed(FOUND, "planned, regret", 8, planner.RANDOM) == pytest.approx(96)
    assert planner.needed(FOUND, "planned, regret", 16, planner.RANDOM) == pytest.approx(256)
    assert planner.needed(FOUND, "planned, regret", 32, planner.RANDOM) == np.inf
    assert planner.needed(FOUND, "planned, regret", 8, planner.AT_TARGET) == pytest.approx(24)


def test_one_world_has_no_spread():
    assert planner.needed_words(FOUND, "planned, regret", 8, planner.RANDOM) == ("96", "96 to 96")
    assert planner.needed_words(FOUND, "planned, regret", 32, planner.RANDOM)[0] == "> 256"


def test_regret_is_what_the_best_mixture_has_over_the_chosen(monkeypatch):
    monkeypatch.setattr(planner, "RANDOM_RUNS", (0, 8))
    monkeypatch.setattr(planner, "BATCHES", 1)
    found = planner.regrets((planner.CELLS[0], 0))
    best = found.pop("best")[0]
    assert best > 0.0
    first = {values[0] for values in found.values()}
    assert len(first) == 1
    for values in found.values():
        assert len(values) == 2
        assert all(-1e-3 <= value <= 2.0 * best for value in values)
