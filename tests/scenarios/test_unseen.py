"""A domain that no run has seen, in a decision."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.decision.objective import Objective
from causalmix_core.delivery.unseen import unseen_decision_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out
from causalmix_core.effects.unseen import unseen_effect, unseen_response
from causalmix_core.errors import UnseenDomainError
from causalmix_core.scenarios.decide import decide_scenario
from causalmix_core.scenarios.scenario import Scenario
from causalmix_core.scenarios.unseen import decide_with_unseen

TABLE = make_world(5, 3, own=True, confounding=0.5, seed=1).table(300, 1)
SCENARIO = Scenario(anchor="mean", radius=0.15)


@pytest.fixture(scope="module")
def fitted():
    return fit(TABLE, FitConfig("score", "shared-slopes", epsilon=0.1), calibrate=False)


@pytest.fixture(scope="module")
def report(fitted):
    found = leave_one_domain_out(fitted)
    assert found.passed
    return found


@pytest.fixture(scope="module")
def best_state(fitted, report):
    """The most welcome of many states."""
    states = np.random.default_rng(0).normal(size=(60, 3))
    pool, anchor = fitted.default_pool, TABLE.shares.mean(axis=0)
    return max(states, key=lambda s: unseen_effect(fitted, "new", s, pool, anchor, report).effect)


def test_bringing_it_in_is_worth_its_effect(fitted, report, best_state):
    pool, anchor = fitted.default_pool, TABLE.shares.mean(axis=0)
    anchor = anchor / anchor.sum()
    response = unseen_response(fitted, "new", best_state, pool, report)
    effect = unseen_effect(fitted, "new", best_state, pool, anchor, report)
    before, share = np.append(anchor, 0.0), report.share
    after = np.append((1.0 - share) * anchor, share)
    assert response.gain(after, before) / (100.0 * share) == pytest.approx(effect.effect, rel=1e-9)
    assert response.gain_se(after, before) / (100.0 * share) >= effect.se


def test_without_it_all_is_as_it_was(fitted, report, best_state):
    pool, anchor = fitted.default_pool, TABLE.shares.mean(axis=0)
    extended, plain = unseen_response(fitted, "new", best_state, pool, report), fitted.response(pool)
    moved = np.roll(anchor, 1)
    assert extended.gain(np.append(moved, 0.0), np.append(anchor, 0.0)) == pytest.approx(
        plain.gain(moved, anchor)
    )
    assert extended.gain_se(np.append(moved, 0.0), np.append(anchor, 0.0)) == pytest.approx(
        plain.gain_se(moved, anchor)
    )


def test_a_welcome_domain_gets_a_share_and_never_more_than_was_checked(fitted, report, best_state):
    without = decide_scenario(fitted, SCENARIO)
    made = decide_with_unseen(fitted, SCENARIO, "new", best_state, report)
    assert 0.0 < made.shares[-1] <= report.share + 1e-9
    assert made.gain > without.gain
    assert made.se > without.se
    said = unseen_decision_sentence(fitted.outcome, without, made)
    assert "Allowed up to 5.0 % of new, which no run has seen, the best mixture would hold" in said


def test_an_unwelcome_one_changes_nothing(fitted, report, best_state):
    without = decide_scenario(fitted, SCENARIO)
    made = decide_with_unseen(fitted, SCENARIO, "new", -4.0 * best_state, report)
    assert made.shares[-1] == pytest.approx(0.0, abs=1e-9)
    assert made.gain == pytest.approx(without.gain, abs=1e-7)
    assert "holds nothing of it" in unseen_decision_sentence(fitted.outcome, without, made)


def test_what_cannot_be_decided_is_refused(fitted, report, best_state):
    unsupported = dataclasses.replace(report, predicted=-report.full, rank=-1.0)
    with pytest.raises(UnseenDomainError, match="no run has seen"):
        decide_with_unseen(fitted, SCENARIO, "new", best_state, unsupported)
    careful = dataclasses.replace(SCENARIO, objective=Objective("lower_bound"))
    with pytest.raises(UnseenDomainError, match="expected gain"):
        decide_with_unseen(fitted, careful, "new", best_state, report)
    with pytest.raises(UnseenDomainError, match="d1 is a domain"):
        decide_with_unseen(fitted, SCENARIO, "d1", best_state, report)
