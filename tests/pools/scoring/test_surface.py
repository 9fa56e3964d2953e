"""What is on the surface, counted by hand."""

import pytest

from causalmix_core.pools.scoring.surface import surface


def test_counted_by_hand():
    ratio, style = surface("The cat and the dog.\n7_")
    assert ratio == 4 / 5  # the (twice), cat, and, dog
    # the, and, the of 5 words; . _ (punctuation), 7 (digit) and a line end of 23 characters
    assert style == pytest.approx(3 / 5 - 4 / 23)


def test_repeats_are_counted_within_a_hundred_words():
    assert surface("same " * 100)[0] == 0.01
    distinct = " ".join("abcdefghij"[i // 10] + "abcdefghij"[i % 10] for i in range(100))
    assert surface(distinct + " " + distinct)[0] == 1.0


def test_other_languages_and_nothing_at_all():
    assert surface("Bonjour à tous les amis du quartier") == (1.0, 0.0)
    assert surface("") == (0.0, 0.0)
    assert surface("你好") == (1.0, 0.0)
