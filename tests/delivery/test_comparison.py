"""A comparison in words, as rows and as JSON."""

from __future__ import annotations

import dataclasses
import json

from causalmix_core.delivery.comparison import (
    HEADER,
    comparison_json,
    comparison_sentence,
    criterion_sentence,
    rows,
)
from tests.delivery.comparisons import comparison, row, within_noise


def test_a_simpler_one_within_noise_is_the_default():
    assert comparison_sentence(within_noise()) == (
        "On these runs constant does as well as shared-slopes, which foretells best: the difference in mixture R², "
        "0.02 (90 % interval −0.03 to 0.07), is within noise, so the simpler one is the default."
    )


def test_the_best_alone():
    rows_ = (row("constant", 1, 0.2, 0.3, False), row("shared-slopes", 3, 0.5, 0.0, True))
    assert comparison_sentence(comparison(*rows_, chosen="shared-slopes", best="shared-slopes")) == (
        "On these runs shared-slopes foretells best what the mixture does (mixture R² 0.50), and no simpler estimator "
        "comes within noise of it."
    )


def test_the_simplest_may_be_the_best():
    rows_ = (row("constant", 1, 0.5, 0.0, True), row("shared-slopes", 3, 0.4, 0.1, False))
    assert comparison_sentence(comparison(*rows_, chosen="constant", best="constant")) == (
        "On these runs constant foretells best what the mixture does (mixture R² 0.50), and it is the simplest too. "
        "The usual recommendation, shared-slopes, is behind by 0.10 (90 % interval 0.05 to 0.15)."
    )


def test_where_nothing_is_foretold_it_is_said():
    rows_ = (row("constant", 1, -0.2, 0.1, True), row("ridge", 5, -0.1, 0.0, True))
    sentence = comparison_sentence(comparison(*rows_, chosen="constant", best="ridge"))
    assert sentence.startswith("On these runs no estimator foretells what the mixture does")
    assert "constant, the simplest" in sentence


def test_the_criterion_says_what_folds_keep_together():
    found = within_noise()
    assert "differences between runs of one pool" in criterion_sentence(found)
    assert criterion_sentence(found).endswith(
        "5 folds, the same for all. No fold splits a pool or a mixture."
    )
    loose = dataclasses.replace(found, kept="pools", within="folds")
    assert "the same mixture may be in two folds" in criterion_sentence(loose)
    assert "less what the pool's state foretells" in criterion_sentence(loose)


def test_rows_stand_under_their_header_and_mark_the_chosen():
    shown = rows(within_noise())
    assert [len(line) for line in shown] == [len(HEADER)] * 3
    assert [line[0] for line in shown] == ["constant *", "shared-slopes", "ridge"]
    assert shown[0][1:3] == ("0.48 [0.43, 0.53]", "0.02 [−0.03, 0.07]")
    assert shown[1][2] == "best"
    assert shown[2][5:] == ("75.0 %", "0.00 [0.00, 0.00]", "0.0020 [0.0010, 0.0030]", "0.2 s")


def test_json_holds_every_figure_with_its_interval():
    found = dataclasses.replace(within_noise(), refused=(("forest", "it has no leaves."),))
    read = json.loads(json.dumps(comparison_json(found), allow_nan=False))
    assert (read["best"], read["chosen"], read["recommended"]) == (
        "shared-slopes",
        "constant",
        "shared-slopes",
    )
    assert read["refused"] == [{"name": "forest", "reason": "it has no leaves."}]
    first = read["estimators"][0]
    assert first["mixture_r2"] == {"value": 0.48, "interval": [0.48 - 0.05, 0.48 + 0.05]}
    assert first["within_noise"] is True
    without = tuple(dataclasses.replace(row, pairs_right=None) for row in found.estimators)
    bare = comparison_json(dataclasses.replace(found, estimators=without))
    assert bare["estimators"][0]["pairs_right"] is None
