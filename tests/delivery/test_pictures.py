"""What pictures of a decision say."""

from __future__ import annotations

import dataclasses

import numpy as np

from causalmix_core.decision.result import Frontier
from causalmix_core.decision.trajectory import trajectory
from causalmix_core.delivery.pictures import (
    frontier_sentence,
    pareto_sentence,
    path_words,
    position_text,
    ternary_sentence,
    trajectory_sentence,
)
from causalmix_core.effects.pool_path import pool_path
from tests.figures import pictures
from tests.figures.examples import runs_table

RADII = np.array([0.0, 0.1, 0.2, 0.3])
GAINS = np.array([0.0, 0.02, 0.03, 0.03])
PATH = Frontier(RADII, GAINS, GAINS - 0.01, GAINS + 0.01, np.zeros((4, 3)), 0.9, 0.15, 0.1)


def test_the_frontier_names_its_marks():
    assert frontier_sentence(PATH, 0.1, 0.2, "tv", "points") == (
        "The estimated gain reaches +0.030 points at a radius of 20.0 %; at the current 10.0 % it is +0.020 "
        "(90 % interval 0.010 to 0.030); the curve bends most at 10.0 % (its knee); from 15.0 % on a step brings half of "
        "what the first did; beyond 20.0 % the mixtures leave those of the runs."
    )
    plain = dataclasses.replace(PATH, half_marginal_radius=None, knee=None)
    assert frontier_sentence(plain, None, None, "kl") == (
        "The estimated gain reaches +0.030 at a radius of 0.2; all its mixtures lie within those of the runs."
    )


def test_a_trajectory_names_shares_and_jumps():
    assert trajectory_sentence(pictures.path(), pictures.moved()) == (
        "As duplicate rate of code goes from 0.1 to 0.4 (this pool: 0.25), the recommended share of code goes from 30.0 "
        "to 20.0 %, math goes from 30.0 to 40.0 %; the mixture jumps 1 time, farthest at 0.259, by 10.0 % of the data."
    )
    still = dataclasses.replace(
        pictures.moved(), shares=np.tile([0.2, 0.5, 0.3], (len(pictures.moved().positions), 1))
    )
    assert trajectory_sentence(pictures.path(), still).endswith("the recommended mixture stays the same.")


def test_a_shift_of_all_domains_is_told_in_spreads():
    table = runs_table()
    path = pool_path(table, table.states.mean(axis=0), "duplicate_rate")
    assert path_words(path) == "duplicate rate of all domains"
    assert position_text(path, -1.5) == "\N{MINUS SIGN}1.5 sd"
    still = trajectory(
        lambda p: [pictures.response([0.1, 0.0, 0.0])] * len(p), pictures.region(), path.positions
    )
    assert " sd from this pool, the recommended mixture stays the same." in trajectory_sentence(path, still)


def test_two_outcomes_are_weighed_against_each_other():
    said = pareto_sentence(pictures.traded(), pictures.OUTCOMES)
    assert said.startswith("With all weight on bpb the best mixture gains +")
    assert "with all on recall" in said
    assert said.endswith(
        "The mixture at hand gains 0.00 in bpb and 0.00 in recall: a mixture on the line beats it."
    )


def test_a_triangle_says_what_it_divides():
    assert ternary_sentence(pictures.divided()).startswith(
        "100.0 % of the mixture divided among code, web, math, the others held as recommended: inside the region the "
        "estimated gain is "
    )
    assert "the last standing for all others too" in ternary_sentence(pictures.divided("summed"))
    assert ternary_sentence(pictures.divided()).endswith("4 runs stand by their shares among these domains.")
    narrow = dataclasses.replace(
        pictures.divided(), inside=np.zeros(len(pictures.divided().gains), dtype=bool)
    )
    assert "too narrow" in ternary_sentence(narrow)
