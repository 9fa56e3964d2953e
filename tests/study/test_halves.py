"""Chosen against drawn runs on any table, against worlds whose slopes are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.errors import StudyError
from causalmix_core.evidence import parse_runs
from causalmix_core.study.halves import (
    HALVES_HEADER,
    can_be_halved,
    halves_json,
    halves_of,
    halves_rows,
    halves_sentence,
)

WORTH = np.array([0.3, 0.1, 0.0])


def world(confounded: bool = True, pools: int = 60):
    """Half of the runs drawn; the other half leans to the domain whose state is good, and good pools score higher."""
    rng = np.random.default_rng(3)
    lines = ["pool_id,assignment,share_a,share_b,share_c,x_a__clean,x_b__clean,x_c__clean,y_score"]
    for pool in range(pools):
        state = rng.uniform(0, 1, 3)
        for how in ("random", "chosen"):
            mixture = rng.dirichlet(np.ones(3)) * 0.9 + 0.1 / 3
            if how == "chosen" and confounded:
                mixture = mixture * np.exp(3.0 * state)
                mixture /= mixture.sum()
            score = np.log(mixture + 0.1) @ WORTH + 2.0 * state[0] + 0.05 * rng.standard_normal()
            cells = [*mixture, *state, score]
            lines.append(f"p{pool},{how}," + ",".join(f"{cell:.6f}" for cell in cells))
    return parse_runs(("\n".join(lines) + "\n").encode(), "world.csv")


@pytest.fixture(scope="module")
def found():
    return halves_of(world())


def test_choosing_bends_the_slope_and_purging_mends_it(found):
    truth, naive, purged = (found.of(n) for n in ("yardstick", "chosen naive", "chosen orthogonalised"))
    assert naive.values["a"] - truth.values["a"] > 0.2
    assert abs(purged.values["a"] - truth.values["a"]) < 0.1
    assert naive.p < 0.001 < 0.01 < purged.p
    assert purged.error < 0.5 * naive.error
    assert (truth.error, truth.p) == (None, None)


def test_the_sentence_says_so(found):
    said = halves_sentence(found)
    assert said.startswith("Average slopes of the 60 runs whose mixture was chosen are ")
    assert "(p below 0.001: a difference)" in said
    assert "with the pool's state taken out" in said
    assert "no difference is shown" in said


def test_rows_and_json_hold_everything(found):
    rows = halves_rows(found)
    assert [row[0] for row in rows] == ["a", "b", "c"]
    assert {len(row) for row in rows} == {len(HALVES_HEADER)}
    assert halves_json(found)["rows"][0]["values"]["a"] == found.rows[0].values["a"]


def test_the_same_table_gives_the_same_numbers(found):
    assert halves_of(world()) == found


def test_designed_runs_count_as_drawn(found):
    table = world()
    designed = replace(table, assignment=tuple("designed" if a == "random" else a for a in table.assignment))
    assert halves_of(designed).rows == found.rows


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"assignment": None}, "column assignment"),
        ({"assignment": ("random",) * 120}, "column assignment"),
    ],
)
def test_tables_without_two_halves_are_refused(change, said):
    table = replace(world(), **change)
    assert not can_be_halved(table)
    with pytest.raises(StudyError, match=said):
        halves_of(table)


def test_few_runs_are_refused_with_their_number():
    with pytest.raises(StudyError, match="10 random runs, too few"):
        halves_of(world(pools=10))
