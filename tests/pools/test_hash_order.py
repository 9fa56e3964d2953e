"""Documents in the order of their hashes, however many pieces they were sorted in."""

from __future__ import annotations

import hashlib

import pytest

from causalmix_core.pools.document import Draft
from causalmix_core.pools.hash_order import PIECES_OF_A_LEVEL, HashOrder
from tests.pools.conftest import made_text


def ordered(folder, texts: list[str], piece_bytes: int) -> list[tuple[str, Draft]]:
    folder.mkdir()
    order = HashOrder(folder, piece_bytes)
    for number, text in enumerate(texts):
        order.add(Draft(text, number, f"s{number}"))
    return list(order)


# 1,200 documents in one piece, in some, and in so many (one each) that levels are joined twice.
@pytest.mark.parametrize("piece_bytes", [10**9, 20_000, 1])
def test_order_is_that_of_the_hashes(tmp_path, piece_bytes):
    texts = [made_text(i) for i in range(PIECES_OF_A_LEVEL * (PIECES_OF_A_LEVEL + 5))]
    drafts = [Draft(text, number, f"s{number}") for number, text in enumerate(texts)]
    pairs = [(hashlib.sha256(draft.text.encode()).hexdigest(), draft) for draft in drafts]
    expected = sorted(pairs, key=lambda pair: pair[0])
    assert ordered(tmp_path / "work", texts, piece_bytes) == expected


def test_equal_texts_come_in_the_order_of_their_arrival(tmp_path):
    texts = ["twice", "once", "twice"] + [made_text(i) for i in range(50)] + ["twice"]
    found = [
        draft.response_start for _, draft in ordered(tmp_path / "w", texts, 100) if draft.text == "twice"
    ]
    assert found == [0, 2, 53]


def test_text_with_every_kind_of_line_end_survives(tmp_path):
    text = "a\nb\r\nc\u2028d\x85e\x00f é 中"
    assert [draft.text for _, draft in ordered(tmp_path / "w", [text, "x"], 1) if draft.text != "x"] == [text]


def test_pieces_stay_few_and_may_be_read_twice(tmp_path):
    order = HashOrder(tmp_path, 1)
    for number in range(1200):
        order.add(Draft(made_text(number)))
    assert len(list(tmp_path.iterdir())) < 2 * PIECES_OF_A_LEVEL
    assert list(order) == list(order)
