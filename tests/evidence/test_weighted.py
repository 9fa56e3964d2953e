"""Weights of outcomes: read, closed, and made a further outcome of the table."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.errors import ObjectiveError
from causalmix_core.evidence.table import Outcome
from causalmix_core.evidence.weighted import closed_weights, parse_weights, weighted_name, with_weighted


@pytest.fixture(scope="module")
def table():
    from dataclasses import replace

    made = make_world(3, 2, own=False, confounding=0.0, seed=0).table(40, 0)
    scores = np.column_stack([made.scores[:, 0], np.arange(40.0), -(np.arange(40.0) ** 2)])
    outcomes = (
        Outcome("code", True, "points"),
        Outcome("maths", True, "points"),
        Outcome("loss", False, "bits"),
    )
    return replace(made, outcomes=outcomes, scores=scores, default_outcome="code")


def test_weights_are_read_inline_and_from_json():
    assert parse_weights("a=1, b b=-0.5") == (("a", 1.0), ("b b", -0.5))
    assert parse_weights(b'{"a": 1, "b": 0.5}') == (("a", 1.0), ("b", 0.5))


@pytest.mark.parametrize(
    ("entered", "part"),
    [
        ("a", "'a'"),
        ("a=x", "a is 'x'"),
        ("a=1,a=2", "a has two"),
        (b'{"a": "1"}', "weight of a"),
        (b"[1]", "JSON"),
    ],
)
def test_what_is_no_weight_is_named(entered, part):
    with pytest.raises(ObjectiveError, match=part):
        parse_weights(entered)


def test_absolute_weights_add_to_one_in_the_tables_order(table):
    assert closed_weights(table, [("maths", -1.0), ("code", 3.0), ("loss", 0.0)]) == (
        ("code", 0.75),
        ("maths", -0.25),
    )


@pytest.mark.parametrize(
    ("weights", "part"),
    [
        ([("poetry", 1.0)], "no outcome 'poetry'"),
        ([("code", float("nan"))], "weight of code is nan"),
        ([("code", 0.0), ("maths", 0.0)], "All outcome weights are 0"),
    ],
)
def test_weights_that_mean_nothing_are_refused(table, weights, part):
    with pytest.raises(ObjectiveError, match=part):
        closed_weights(table, weights)


def test_the_weighted_outcome_is_the_sum_of_what_is_held(table):
    made, name = with_weighted(table, [("code", 1.0), ("loss", 1.0), ("maths", -2.0)])
    assert name == "0.25 code - 0.5 maths + 0.25 loss"
    expected = 0.25 * table.scores[:, 0] - 0.5 * table.scores[:, 1] + 0.25 * table.scores[:, 2]
    assert made.score(name) == pytest.approx(expected)
    assert made.outcome(name) == Outcome(name, True, "")
    assert with_weighted(table, [("code", 1.0), ("maths", 1.0)])[0].outcomes[-1].unit == "points"
    assert not with_weighted(table, [("loss", 1.0)])[0].outcomes[-1].higher_is_better


def test_the_hash_tells_weights_apart_and_their_size_does_not_matter(table):
    one, other, same = (
        with_weighted(table, weights)[0].sha256
        for weights in (
            [("code", 1.0), ("maths", 1.0)],
            [("code", 1.0), ("maths", 2.0)],
            [("code", 2.0), ("maths", 2.0)],
        )
    )
    assert one == same
    assert len({one, other, table.sha256}) == 3


def test_names_of_weighted_outcomes_begin_with_their_sign():
    assert weighted_name([("a", -1.0)]) == "-1 a"
