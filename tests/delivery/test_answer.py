"""What a decision comes to, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.decision.result import Gain, OutcomeGain
from causalmix_core.decision.verdict import Verdict
from causalmix_core.delivery.answer import (
    answer_sentences,
    answer_title,
    future_rows,
    objective_phrase,
    outcome_rows,
    outcomes_sentence,
)
from causalmix_core.evidence.table import Outcome
from tests.delivery.decisions import decision

POINTS = Outcome("code", True, "points")


def said(kind, *, best_gain=0.01, best_upper=0.03, worth=0.0, surest=0.0, more=None, objective=None):
    verdict = Verdict(kind, worth, best_gain, best_upper, surest, more)
    made = replace(decision(), verdict=verdict, objective=objective or Objective())
    return answer_sentences(POINTS, made)


def test_recommended():
    assert said("recommend") == (
        "Recommended: at this pool the 90 % interval of the gain over the reference lies above 0.",
    )
    assert "at every pool asked for" in said("recommend", objective=Objective("maximin"))[0]


def test_keep_the_anchor():
    assert said("keep", best_gain=0.0, best_upper=0.1) == (
        "Keep the anchor: no mixture in this region is better with 90 % confidence, and none is expected to be.",
    )
    assert said("keep", worth=0.05) == (
        "Keep the anchor: with 90 % confidence even the best mixture in this region gains less than 0.050 points, "
        "the least worth having.",
    )


def test_not_enough_evidence_and_what_would_settle_it():
    first, second = said("not_enough", more=1234)
    assert first.startswith("Not enough evidence: the 90 % interval of this mixture's gain includes 0")
    assert second.startswith(
        "Roughly 1,234 further runs like these would settle it: if the gain is what is estimated"
    )
    assert said("not_enough", more=1)[1].startswith("Roughly 1 further run like")
    assert said("not_enough", more=10**7)[1].startswith("More than 100,000 further runs")
    assert "cannot be said" in said("not_enough")[1]


def test_a_surer_mixture_is_told_of():
    sentences = said("not_enough", surest=0.0042, more=10)
    assert sentences[1] == (
        "A mixture in this region is sure to gain at least +0.0042 points with that confidence: "
        "take the lower bound as the objective to see it."
    )


def test_nothing_is_said_where_nothing_was_judged():
    assert answer_sentences(POINTS, decision()) == ()
    assert answer_title(decision()) == ""
    judged = replace(decision(), verdict=Verdict("keep", 0.0, 0.0, 0.0, 0.0, None))
    assert answer_title(judged) == "Keep the anchor"


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        (Objective(), "the highest expected gain"),
        (Objective("least_change", 0.05), "the least change for a gain of +0.050 points"),
        (Objective("maximin"), "the highest gain at the worst of several pools"),
    ],
)
def test_objectives_in_words(objective, words):
    assert objective_phrase(objective, POINTS) == words


def test_outcomes_win_lose_or_are_unsure():
    outcomes = (
        OutcomeGain(0.02, 0.005, (0.01, 0.03), "code", "wins"),
        OutcomeGain(-0.02, 0.005, (-0.03, -0.01), "essays", "loses", Floor("essays", -0.1)),
        OutcomeGain(0.0, 0.005, (-0.01, 0.01), "maths", "unsure", Floor("maths", sure=True)),
    )
    made = replace(decision(), outcomes=outcomes)
    assert outcome_rows(made) == [
        ("code", "+0.020", "+0.010", "+0.030", "wins", ""),
        ("essays", "\u22120.020", "\u22120.030", "\u22120.010", "loses", "at least \u22120.10"),
        ("maths", "0.000", "\u22120.010", "+0.010", "unsure", "at least 0, surely"),
    ]
    assert outcomes_sentence(made) == "Of 3 outcomes at the 90 % level: 1 wins, 1 loses, 1 is unsure."
    alone = replace(decision(), outcomes=outcomes[:1])
    assert outcomes_sentence(alone) == "At the 90 % level, the one outcome asked for wins."
    assert outcomes_sentence(decision()) == ""


def test_pools_by_name():
    made = replace(decision(), futures=(Gain(0.01, 0.001, (0.008, 0.012)),))
    assert [row[0] for row in future_rows(made, ("p1",))] == ["this pool", "p1"]
