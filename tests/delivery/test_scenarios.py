"""Scenarios in words: tables whose differing lines are marked, and sentences that say how sure it is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.delivery.numbers import percent
from causalmix_core.delivery.scenario_comparison import (
    better_sentences,
    comparison_json,
    matrix_rows,
    pool_sentence,
    table_rows,
)
from causalmix_core.delivery.scenarios import (
    anchor_words,
    objective_words,
    pool_words,
    radius_words,
    saved_gain,
    stale_sentence,
)
from causalmix_core.scenarios.compare import compare_scenarios
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.saved import SavedScenario, content_of
from causalmix_core.scenarios.scenario import Scenario
from tests.scenarios.fits import small_fit, two_outcomes

NEAR, FAR = Scenario(radius=0.05), Scenario(radius=0.3)


@pytest.fixture(scope="module")
def fitted():
    return small_fit()


@pytest.fixture(scope="module")
def found(fitted):
    return compare_scenarios(fitted, [("near", NEAR), ("far", FAR)])


def test_lines_that_differ_are_marked(found, fitted):
    rows = {row.label: row for row in table_rows(found, fitted.table)}
    assert rows["radius"].cells == ("5.0 %", "30.0 %")
    assert rows["radius"].differs
    assert rows["policy"].cells == ("analytic", "analytic")
    assert not rows["policy"].differs
    assert rows["data moved"].cells == tuple(percent(entry.decision.moved) for entry in found.entries)
    assert rows["from"].cells == ("mean of the runs",) * 2


def test_shares_add_to_a_hundred_in_each_column(found, fitted):
    rows = [row for row in table_rows(found, fitted.table) if row.label.endswith(" %")]
    assert [row.label for row in rows] == ["web %", "code %", "math %"]
    for column in zip(*(row.cells for row in rows), strict=True):
        assert sum(map(float, column)) == pytest.approx(100.0)


def test_gains_stand_with_equal_decimals(found, fitted):
    gains = next(row for row in table_rows(found, fitted.table) if row.label == "gain").cells
    assert len({len(gain.split(".")[1]) for gain in gains}) == 1
    assert all(gain.startswith("+") for gain in gains)


def test_the_matrix_has_no_diagonal(found):
    assert matrix_rows(found) == (("near", "", "below 0.01"), ("far", "above 0.99", ""))


def test_the_better_one_leads_the_sentence(found, fitted):
    (sentence,) = better_sentences(found)
    assert sentence.startswith("far over near: +0.")
    assert "90 % interval" in sentence
    assert sentence.endswith("probability of being better above 0.99): surely better.")


def test_equal_mixtures_are_said_to_be_equal(fitted):
    same = compare_scenarios(fitted, [("a", FAR), ("b", replace(FAR, level=0.5))])
    assert better_sentences(same) == ("a and b are the same mixture.",)


def test_a_doubtful_lead_is_not_called_sure(found, fitted):
    doubtful = replace(found, p_better=np.array([[0.5, 0.3], [0.7, 0.5]]))
    (sentence,) = better_sentences(doubtful)
    assert sentence.endswith("probability of being better 0.70): not surely better.")


def test_the_pool_of_a_comparison_is_named_where_it_matters(found, fitted):
    assert pool_sentence(found).startswith("All scenarios are for the same pool")
    shifted = replace(FAR, pool=PoolChoice().with_own("x_code__duplicate_rate", -1.0))
    other = compare_scenarios(fitted, [("near", NEAR), ("clean", shifted)], pool_of=1)
    assert "that of clean" in pool_sentence(other)


def test_the_outcome_of_a_comparison_is_named_where_they_differ():
    weighted = replace(FAR, weights=(("score", 0.5), ("other", 0.5)))
    mixed = compare_scenarios(two_outcomes(), [("own", FAR), ("both", weighted)], pool_of=1)
    assert "different outcomes, so that their mixtures are compared in that of both" in pool_sentence(mixed)
    rows = {row.label: row for row in table_rows(mixed, two_outcomes().table)}
    assert rows["in"].differs


def test_what_a_scenario_asks_for_in_a_few_words(fitted):
    assert pool_words(PoolChoice()) == "average of the runs"
    assert pool_words(PoolChoice("table", "p7").with_own("a", 1.0)) == "pool p7, 1 shift"
    assert pool_words(
        PoolChoice("file", values=(1.0,), label="may").with_own("a", 1.0).with_whole("b", 1.0)
    ) == ("may, 2 shifts")
    assert objective_words(Scenario()) == "expected gain"
    assert objective_words(Scenario(objective=Objective("least_change", 0.25))) == "least change for +0.25"
    two = Scenario(objective=Objective("maximin"), futures=(PoolChoice(),), floors=(Floor("y"),))
    assert objective_words(two) == "worst of 2 pools, 1 floor"
    assert radius_words(Scenario(metric="kl", radius=0.125)) == "0.125 KL"
    assert anchor_words(fitted.table, "best") == "best observed run"


def test_kept_numbers_are_written_with_their_unit_and_stale_ones_say_whose_they_are(found, fitted):
    made = content_of(fitted, FAR, found.entries[1].decision)
    saved = SavedScenario(1, "lean", made, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")
    assert saved_gain(saved).startswith("+0.")
    assert "…" in saved_gain(saved)
    sentence = stale_sentence(saved)
    assert "shared-slopes, outcome score, 2026-01-02" in sentence


def test_the_json_is_json_and_holds_the_numbers(found, fitted):
    value = json.loads(json.dumps(comparison_json(found), allow_nan=False))
    far = value["scenarios"][1]
    assert far["mixture"]["code"] == found.entries[1].decision.shares[1]
    assert value["p_better"][1][0] == found.p_better[1, 0]
    assert far["id"].startswith("sc-")
