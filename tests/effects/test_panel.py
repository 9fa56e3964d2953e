"""Fits of several outcomes for one decision."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.panel import fit_outcomes, make_panel
from causalmix_core.errors import ObjectiveError
from causalmix_core.evidence.canonical import content_hash
from causalmix_core.evidence.table import Outcome


@pytest.fixture(scope="module")
def fitted():
    world = make_world(3, 2, own=False, confounding=0.5, seed=2)
    table = world.table(160, 0)
    other = -table.scores[:, 0] + np.random.default_rng(0).normal(size=160)
    made = replace(
        table,
        outcomes=(*table.outcomes, Outcome("other", True, "")),
        scores=np.column_stack([table.scores, other]),
    )
    return fit(replace(made, sha256=content_hash(made)), FitConfig("score"))


@pytest.fixture(scope="module")
def panel(fitted):
    return make_panel(fitted, [("score", 3.0), ("other", 1.0)])


def test_the_fit_at_hand_is_its_own_outcomes_and_others_share_its_epsilon(fitted, panel):
    assert panel.outcomes["score"] is fitted
    assert list(panel.outcomes) == ["score", "other"]
    assert {one.epsilon for one in (*panel.outcomes.values(), panel.raised)} == {fitted.epsilon}
    assert panel.outcomes["other"].config.estimator == fitted.resolved.estimator


def test_the_weighted_outcome_is_an_ordinary_fit_that_its_hash_tells_apart(fitted, panel):
    assert panel.weights == (("score", 0.75), ("other", 0.25))
    assert panel.raised.outcome.name == "0.75 score + 0.25 other"
    again = make_panel(
        fitted, [("score", 1.0), ("other", 1.0)], make=lambda table, config, report: fit(table, config)
    )
    assert len({panel.raised.sha256, again.raised.sha256, fitted.sha256}) == 3


def test_progress_goes_from_nothing_to_all(fitted):
    seen = []

    def make(table, config, report):
        report(0.0, "begun")
        report(1.0, "done")
        return fitted

    make_panel(
        fitted,
        [("score", 1.0), ("other", 1.0)],
        progress=lambda done, phase: seen.append((done, phase)),
        make=make,
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (1.0, "the weighted outcome: done")
    assert seen[0] == (0.0, "other: begun")


def test_without_weights_the_fit_at_hand_is_what_is_raised(fitted):
    alone = make_panel(fitted)
    assert alone.raised is fitted
    assert not alone.outcomes
    assert make_panel(fitted, [("score", 2.0)]).raised is fitted


def test_an_unknown_outcome_is_named(fitted):
    with pytest.raises(ObjectiveError, match="no outcome 'poetry'"):
        fit_outcomes(fitted, ["poetry"])
    with pytest.raises(ObjectiveError, match="no outcome 'poetry'"):
        make_panel(fitted, [("poetry", 1.0)])
