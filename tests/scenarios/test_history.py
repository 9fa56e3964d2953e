"""Undo and redo: any sequence of edits goes back and forth to the byte."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.scenarios.codec import canonical_bytes
from causalmix_core.scenarios.history import LONGEST, History
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound, Scenario
from tests.scenarios.examples import new_domains, scenarios

START = Scenario()
DEEPER = st.floats(0.0, 1.0)
EDITS = st.one_of(
    st.builds(lambda r: lambda s: replace(s, radius=r), DEEPER),
    st.builds(lambda v: lambda s: replace(s, pool=s.pool.with_own("x_math__hes", v)), DEEPER),
    st.builds(lambda v: lambda s: replace(s, pool=s.pool.with_whole("hes", v)), DEEPER),
    st.builds(lambda k: lambda s: replace(s, anchor=k), st.sampled_from(["natural", "equal", "mean"])),
    st.builds(lambda f: lambda s: replace(s, bounds=(Bound("web", f),)), DEEPER),
    st.builds(lambda new: lambda s: replace(s, new_domain=new), new_domains()),
    st.just(Scenario.without_new_domain),
    st.builds(lambda other: lambda s: other, scenarios()),
)
MOVES = st.one_of(EDITS, st.sampled_from(["undo", "redo", "seal"]))


def played(moves):
    """The history after these moves, and for each of its steps the bytes when it was last present."""
    history, seen = History((START,)), [canonical_bytes(START)]
    for move in moves:
        if move == "undo":
            history = history.undone()
        elif move == "redo":
            history = history.redone()
        elif move == "seal":
            history = history.sealed()
        else:
            history = history.edited(move(history.present))
            seen = [*seen[: history.cursor], canonical_bytes(history.present)]
    return history, seen


@settings(max_examples=80, deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_undo_and_redo_restore_the_bytes_after_any_sequence_of_edits(moves):
    history, seen = played(moves)
    while history.can_undo:
        history = history.undone()
        assert canonical_bytes(history.present) == seen[history.cursor]
    assert canonical_bytes(history.present) == canonical_bytes(START)
    while history.can_redo:
        history = history.redone()
    assert [canonical_bytes(s) for s in history.scenarios[: len(seen)]] == seen


@settings(max_examples=80, deadline=None)
@given(st.lists(MOVES, max_size=25), EDITS)
def test_one_undo_takes_back_one_edit(moves, edit):
    history, _ = played(moves)
    history = history.sealed()
    before = canonical_bytes(history.present)
    changed = history.edited(edit(history.present))
    if canonical_bytes(changed.present) != before:
        assert canonical_bytes(changed.undone().present) == before
        assert not changed.can_redo


def radius(history, *radii):
    for r in radii:
        history = history.edited(replace(history.present, radius=r))
    return history


def test_moves_of_one_slider_are_one_step():
    history = radius(History((START,)), 0.2, 0.3, 0.4)
    assert len(history.scenarios) == 2
    assert history.undone().present == START


def test_another_control_or_a_save_ends_a_step():
    history = radius(History((START,)), 0.2, 0.3)
    saved = radius(history.sealed(), 0.4)
    assert [s.radius for s in saved.scenarios] == [START.radius, 0.3, 0.4]
    pool = PoolChoice().with_own("x_math__hes", 1.0)
    other = radius(history.edited(replace(history.present, pool=pool)), 0.5)
    assert [s.radius for s in other.scenarios] == [START.radius, 0.3, 0.3, 0.5]


def test_shifts_of_two_covariates_are_two_steps():
    history = History((START,))
    for column, shift in (("a", 1.0), ("a", 2.0), ("b", 1.0), ("b", 0.0)):
        history = history.edited(replace(history.present, pool=history.present.pool.with_own(column, shift)))
    assert [dict(s.pool.own) for s in history.scenarios] == [{}, {"a": 2.0}]


def test_a_slider_back_where_it_began_leaves_no_step():
    history = radius(History((START,)), 0.2, START.radius)
    assert history.scenarios == (START,)
    assert not history.can_undo


def test_what_was_undone_is_forgotten_by_an_edit():
    history = radius(History((START,)), 0.2).sealed()
    history = radius(history, 0.3).undone()
    assert history.can_redo
    assert not radius(history, 0.5).can_redo


def test_putting_the_present_right_is_no_step():
    history = radius(History((START,)), 0.2)
    amended = history.amended(replace(history.present, level=0.8))
    assert amended.present.level == 0.8
    assert amended.undone().present == START


def test_the_history_ends_somewhere():
    history = History((START,))
    for step in range(LONGEST + 50):
        history = radius(history.sealed(), step / 1000)
    assert len(history.scenarios) == LONGEST
    assert history.present.radius == (LONGEST + 49) / 1000
