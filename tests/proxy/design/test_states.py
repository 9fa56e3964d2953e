"""Pool states: drawn from their own seeds, U-shaped, read back as written, refused where they cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.damage import boilerplate, garbled, shuffled
from causalmix_core.proxy.design.measures import MEASURES, compressibility, distinct_words, letters
from causalmix_core.proxy.design.names import KINDS
from causalmix_core.proxy.design.states import (
    DomainState,
    Keep,
    Tilt,
    draw_state,
    healthy,
    parse_state,
)

DOMAINS = tuple("abcdefg")


def test_a_pool_is_of_its_name_and_seed_alone():
    assert draw_state(DOMAINS, 5, "p003") == draw_state(DOMAINS, 5, "p003")
    assert draw_state(DOMAINS, 5, "p003") != draw_state(DOMAINS, 5, "p004")
    assert draw_state(DOMAINS, 5, "p003") != draw_state(DOMAINS, 6, "p003")


def test_qualities_are_u_shaped_and_kinds_as_frequent_as_stated():
    states = [s for i in range(600) for s in draw_state(DOMAINS, 0, f"p{i}").values()]
    quality = np.array([s.quality for s in states])
    assert quality.mean() == pytest.approx(0.59, abs=0.03)
    assert quality.std() == pytest.approx(0.35, abs=0.02)
    assert np.mean(quality < 0.2) == pytest.approx(0.21, abs=0.03)
    assert np.mean(quality > 0.8) == pytest.approx(0.39, abs=0.03)
    kinds = [s.damage for s in states if s.damage]
    for kind, part in KINDS.items():
        assert kinds.count(kind) / len(kinds) == pytest.approx(part, abs=0.03)


def test_only_the_kinds_asked_for_are_drawn():
    states = [
        s for i in range(20) for s in draw_state(DOMAINS, 0, f"p{i}", {"dup": 1.0, "foreign": 0}).values()
    ]
    assert {s.damage for s in states} <= {"dup", None}
    for kinds, said in (
        ({"rot": 1.0}, "no kind of damage 'rot'"),
        ({"dup": -1.0}, "is -1"),
        ({"dup": 0.0}, "above 0"),
        ({"dup": math.inf}, "is inf"),
    ):
        with pytest.raises(DesignError, match=said):
            draw_state(DOMAINS, 0, "p", kinds)


def test_states_read_back():
    state = {
        **healthy(DOMAINS),
        "a": DomainState(0.25, "garble", 0.2),
        "b": DomainState(0.5, "narrow", 40, Keep("letters", 0.5), Tilt("length", -1.0)),
    }
    plain = {d: s.to_json() for d, s in state.items()}
    assert parse_state(plain, DOMAINS, "here") == state
    assert parse_state({"a": {"quality": 0.5, "damage": "dup"}}, DOMAINS, "here")["a"].amount == 4


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ([], "no"),
        ({"z": {}}, "names the domain 'z'"),
        ({"a": {"quality": 2}}, "quality is 2"),
        ({"a": {"quality": True}}, "quality is True"),
        ({"a": {"quality": 0.5}}, "no damage"),
        ({"a": {"damage": "rot"}}, "'rot'"),
        ({"a": {"rot": 1}}, "keys"),
        ({"a": {"damage": "garble", "amount": 0}}, "amount is 0"),
        ({"a": {"keep": {"by": "taste", "fraction": 0.5}}}, "'taste'"),
        ({"a": {"keep": {"by": "length", "fraction": 0}}}, "keep is 0"),
        ({"a": {"tilt": {"by": "length"}}}, "tilt is None"),
    ],
)
def test_states_that_cannot_be_are_refused(state, said: str):
    with pytest.raises(DesignError, match=said):
        parse_state(state, DOMAINS, "here")


def test_garbled_text_loses_the_part_of_its_characters_that_was_asked_for():
    text = "x" * 20_000
    out = garbled(text, 0.2, np.random.default_rng(0))
    # Of the 20 %, three fifths are replaced, one fifth dropped, one fifth doubled.
    assert len(out) == pytest.approx(20_000, abs=200)
    assert sum(c != "x" for c in out) == pytest.approx(2_400, abs=250)
    assert garbled(text, 0.2, np.random.default_rng(0)) == out


def test_shuffled_text_has_the_same_words():
    text = "one two  three\nfour five six"
    out = shuffled(text, np.random.default_rng(1))
    assert sorted(out.split(" ")) == sorted(text.split(" "))
    assert out != text


def test_boilerplate_is_of_four_kinds_and_long_enough():
    texts = [boilerplate(300, np.random.default_rng(i)) for i in range(40)]
    assert min(map(len, texts)) >= 300
    assert len({text[:4] for text in texts if text[:4] in ("Home", "We u")}) == 2


def test_measures_of_plain_texts():
    assert distinct_words("a b A c") == 0.75
    assert letters("ab1 ") == 0.5
    assert compressibility("ab" * 500) > 20
    assert [measure("") for measure in MEASURES.values()] == [0.0] * len(MEASURES)
