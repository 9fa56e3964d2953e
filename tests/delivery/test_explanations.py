"""Explanations in words: rules, drivers and what drives a recommendation, as text."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.delivery.explanations import (
    drivers_sentence,
    here_sentence,
    last_rule_words,
    r2_words,
    recommendation_sentences,
    rule_words,
    tree_sentence,
)
from causalmix_core.delivery.recommendation import (
    Recommendation,
    asked_pools,
    explain_recommendation,
    recommended_moves,
)
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explain.views import Drivers, PoolDrivers
from causalmix_core.effects.fit import fit
from causalmix_core.evidence.table import Covariate, Outcome
from tests.delivery.decisions import UNMOVED, decision
from tests.figures import examples

LOSS = Outcome("bpb_code", False, "bits per byte")
DUPLICATES = Covariate("x_code__duplicate_rate", "duplicate_rate", "code")
SIZE = Covariate("x_size", "size")


def moves_of(
    domain: str, actual: float, r2: float = 0.8, predicted: float = 9.0, state=(0.02, 5.0)
) -> Drivers:
    """Duplicates from 0 to 1 over the pools, the size from 0 to 10; duplicates carry the difference here."""
    states = np.stack([np.linspace(0.0, 1.0, 101), np.linspace(0.0, 10.0, 101)], axis=1)
    here = PoolDrivers(np.array(state), np.array([predicted - 3.0, 1.0]), 2.0, predicted, actual)
    values = np.stack([0.5 - states[:, 0], np.zeros(101)], axis=1)
    unit = "percentage points of share"
    return Drivers(
        domain, "recommended move", unit, (DUPLICATES, SIZE), states, values.sum(axis=1), values, 2.0, r2, 0.9, here
    )  # fmt: skip


def said(*drivers: Drivers, average=(0.001, -0.002, 0.0), **made) -> tuple[str, ...]:
    effects = np.array([0.0021, -0.0034, 0.0])
    mean = None if average is None else np.array(average)
    return recommendation_sentences(LOSS, Recommendation(decision(**made), effects, mean, drivers))


def test_r2_is_never_rounded_to_perfection():
    assert [r2_words(r2) for r2 in (0.714, 0.999, 1.0, -0.2, -7.0)] == [
        "R2 0.71", "R2 above 0.99", "R2 1.00", "R2 −0.20", "R2 below −1",
    ]  # fmt: skip


def test_a_group_is_named_by_its_tightest_rules():
    tree = examples.effect_tree()
    assert rule_words(tree, 0) == "all pools"
    assert rule_words(tree, 3) == "duplicate rate of code ≤ 0.3 and loss of code > −5.5"
    tighter = dataclasses.replace(tree.nodes[1], covariate=tree.nodes[0].covariate, threshold=0.1)
    again = dataclasses.replace(tree, nodes=(tree.nodes[0], tighter, *tree.nodes[2:]))
    assert rule_words(again, 2) == "duplicate rate of code ≤ 0.1"
    assert rule_words(again, 3) == "duplicate rate of code ≤ 0.3 and duplicate rate of code > 0.1"
    assert [last_rule_words(again, number) for number in (0, 2, 3)] == [
        "all pools", "duplicate rate of code ≤ 0.1", "duplicate rate of code > 0.1",
    ]  # fmt: skip


def test_sentence_of_a_tree():
    tree = examples.effect_tree()
    assert tree_sentence(tree) == (
        "The first rule for the effect of code asks whether duplicate rate of code is at most 0.3; 3 groups explain "
        "70 % of the variance over the runs' 40 pools and 60 % on pools left out: the rules hold on other pools too."
    )
    rough = dataclasses.replace(tree, domains=examples.DOMAINS, r2_unseen=-0.1)
    assert "the effects of all domains" in tree_sentence(rough)
    assert tree_sentence(rough).endswith(
        "70 % of the variance over the runs' 40 pools and none on pools left out: these rules are a rough summary, "
        "and most of what makes pools differ is not in them."
    )
    flat = dataclasses.replace(tree, nodes=(dataclasses.replace(tree.nodes[4], depth=0),))
    assert tree_sentence(flat) == "No rule tells the runs' 10 pools apart by the effect of code."


def test_sentence_of_drivers_says_how_far_they_hold():
    assert drivers_sentence(examples.drivers()) == (
        "The effect of code depends most on duplicate rate of code and loss of code. On pools left out, the simple "
        "model behind this foretells it with R2 0.80 (0.90 on its own pools)."
    )
    assert drivers_sentence(examples.drivers(r2=0.3)).endswith(
        "R2 0.30 (0.90 on its own pools): that is little, so a simple explanation does not hold."
    )
    flat = dataclasses.replace(examples.drivers(), values=np.zeros((11, 2)))
    assert drivers_sentence(flat) == "The effect of code is the same at all 11 pools: no covariate drives it."


def test_sentence_of_one_pool():
    assert here_sentence(examples.drivers()) == (
        "At this pool the effect of code is +0.55 bits per byte per percentage point, against +0.10 on average over "
        "the runs' pools, mostly because duplicate rate of code is low (0.02, lower than at 91 % of the pools); of "
        "this, −0.04 is not held by the simple model."
    )
    view = examples.drivers()
    off = dataclasses.replace(view, here=dataclasses.replace(view.here, actual=0.15))
    assert "because" not in here_sentence(off)


def test_what_drives_a_recommendation():
    sentences = said(moves_of("code", 10.0), moves_of("web", -10.0, predicted=-9.0))
    assert sentences == (
        "code gains 10.0 points of share (+2.0 on average over the runs' pools), mostly because duplicate rate of "
        "code is low (0.02, lower than at 97 % of the pools); 1 % more of it is worth +0.0021 here and +0.0010 on "
        "average.",
        "web loses 10.0 points of share (+2.0 on average over the runs' pools), mostly because duplicate rate of "
        "code is low (0.02, lower than at 97 % of the pools); 1 % more of it is worth −0.0034 here and −0.0020 on "
        "average.",
        "Reasons come from a simple model of the moves, whose R2 on pools left out is 0.80 for code and 0.80 for "
        "web; what 1 % more of a domain is worth is counted in bpb_code (bits per byte, sign turned so that higher "
        "is better).",
    )


def test_where_the_simple_model_is_poor_no_reason_is_given():
    code, web = said(moves_of("code", 10.0, r2=0.3), moves_of("web", -10.0, predicted=3.0))[:2]
    assert (
        "a simple explanation of that does not hold: the covariates, few at a time, foretell its move badly"
        in code
    )
    assert "(R2 0.30)" in code
    assert "of the −12.0 points by which this pool differs, the covariates account for +1.0" in web
    assert "because" not in code + web


def test_a_usual_move_needs_no_reason():
    usual = dataclasses.replace(moves_of("code", 10.0), base=9.0)
    usual = dataclasses.replace(usual, here=dataclasses.replace(usual.here, base=9.0))
    first = said(usual, moves_of("web", -10.0))[0]
    assert first.startswith("code gains 10.0 points of share, about as usual (+9.0 on average")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ((0.0, 5.0), "is 0, the lowest there is (0.5 on average)"),
        ((1.0, 5.0), "is 1, the highest there is (0.5 on average)"),
        ((0.95, 5.0), "is high (0.95, higher than at 94 % of the pools)"),
        ((0.6, 5.0), "is 0.6 (0.5 on average)"),
        ((0.51, 5.0), "is at its average (0.51)"),
    ],
)
def test_values_are_placed_among_the_pools(state, words):
    first = said(moves_of("code", 10.0, state=state), moves_of("web", -10.0))[0]
    assert f"duplicate rate of code {words}" in first


def test_averages_say_that_the_pool_plays_no_part():
    sentences = said(average=None)
    assert sentences == (
        "code gains 10.0 points of share; 1 % more of it is worth +0.0021 on average.",
        "web loses 10.0 points of share; 1 % more of it is worth −0.0034 on average.",
        "This fit's effects are averages: the pool's state plays no part in the recommendation; what 1 % more of a "
        "domain is worth is counted in bpb_code (bits per byte, sign turned so that higher is better).",
    )


def test_nothing_to_explain():
    assert said(**UNMOVED) == (
        "The recommended mixture is the reference itself, so there is nothing to explain.",
    )
    assert said(shares=(0.203, 0.397, 0.4)) == (
        "No domain's share moves by half a percentage point, so there is little to explain.",
    )


def test_moves_at_all_pools_are_those_of_decisions(study_fit, study_decision):
    from causalmix_core.decision.decide import decide

    region, states = study_decision.region, study_fit.table.states[[0, 40, 99]]
    moves = recommended_moves(study_fit, states, region)
    for state, move in zip(states, moves, strict=True):
        assert move == pytest.approx(
            decide(study_fit.response(state), region).shares - region.anchor, abs=1e-9
        )


def test_more_domains_mean_fewer_pools():
    assert [asked_pools(k) for k in (3, 8, 17, 64)] == [256, 256, 120, 64]


def test_a_real_recommendation_is_explained(study_fit, study_decision):
    made = explain_recommendation(study_fit, study_fit.default_pool, study_decision)
    change = study_decision.shares - study_decision.region.anchor
    assert np.abs(change)[list(made.movers)].tolist() == sorted(np.abs(change), reverse=True)[:3]
    assert [view.domain for view in made.drivers] == [study_decision.region.domains[k] for k in made.movers]
    for k, view in zip(made.movers, made.drivers, strict=True):
        assert view.here.actual == pytest.approx(100.0 * change[k])
    assert 2 <= len(recommendation_sentences(study_fit.outcome, made)) <= 4


def test_averages_are_explained_without_any_model(study_fit, study_decision):
    averages = fit(study_fit.table, FitConfig("bpb_weighted", covariates=False))
    made = explain_recommendation(averages, averages.default_pool, study_decision)
    assert made.drivers == ()
    assert made.average_effects is None
