"""Held-out documents: 5 % by hash, never both splits for one text, never an empty split by bad luck."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from causalmix_core.pools.splits import SplitRule


def digests(count: int, start: int = 0) -> list[str]:
    return [hashlib.sha256(str(start + i).encode()).hexdigest() for i in range(count)]


def splits(seen: list[str]) -> list[str]:
    rule = SplitRule()
    for digest in seen:
        rule.see(digest)
    return [rule.split(digest) for digest in seen]


def test_one_in_twenty_is_held_out():
    found = Counter(splits(digests(20_000)))
    assert found["val"] / 20_000 == pytest.approx(0.05, abs=0.005)


def test_what_is_held_out_does_not_depend_on_the_company():
    both = dict(zip(digests(4000), splits(digests(4000)), strict=True))
    assert splits(digests(1000)) == [both[digest] for digest in digests(1000)]


@pytest.mark.parametrize("start", range(40))
@pytest.mark.parametrize("count", [2, 3, 7])
def test_both_splits_hold_something_where_there_are_two_texts(count, start):
    assert set(splits(digests(count, start * 10))) == {"train", "val"}


@pytest.mark.parametrize("start", range(40))
def test_one_text_is_for_training(start):
    assert set(splits(digests(1, start) * 3)) == {"train"}


def test_two_texts_that_are_both_drawn_are_shared_out():
    drawn = [d for d in digests(2000) if int(d[-8:], 16) % 20 == 0][:2]
    assert sorted(splits(drawn)) == ["train", "val"]
