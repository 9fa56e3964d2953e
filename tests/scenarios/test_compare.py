"""Scenarios side by side: probabilities from the joint covariance, at one common pool."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.decision.correction import Correction
from causalmix_core.decision.region import make_region
from causalmix_core.effects.response import Response
from causalmix_core.errors import InfeasibleRegion, ScenarioError
from causalmix_core.scenarios.compare import compare_scenarios, contrasts
from causalmix_core.scenarios.decide import decide_scenario, panel_of
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound, Scenario
from tests.scenarios.fits import small_fit, two_outcomes

NEAR, FAR = Scenario(radius=0.05), Scenario(radius=0.3)
CLEAN = PoolChoice().with_own("x_code__duplicate_rate", -1.0)
SHRUNK = Correction(0.8, 0.1)


@pytest.fixture(scope="module")
def fitted():
    return small_fit()


def test_probabilities_are_those_of_drawn_coefficients(fitted):
    found = compare_scenarios(
        fitted, [("near", NEAR), ("far", FAR), ("code", replace(NEAR, bounds=(Bound("code", lock=True),)))]
    )
    response = fitted.response(PoolChoice().state(fitted.table))
    draws = np.random.default_rng(7).multivariate_normal(response.coefficients, response.covariance, 40_000)
    values = draws @ response.features(np.array([e.decision.shares for e in found.entries])).T
    better = (values[:, :, None] > values[:, None, :]).mean(axis=0)
    off = ~np.eye(3, dtype=bool)
    assert found.p_better[off] == pytest.approx(better[off], abs=0.01)
    spread = (values[:, :, None] - values[:, None, :]).std(axis=0)
    assert found.errors == pytest.approx(spread, rel=0.03, abs=1e-9)


def test_what_two_mixtures_share_does_not_make_them_uncertain():
    """Two mixtures that differ in code and math alone: the great doubt about web does not enter."""
    covariance = np.diag([0.0, 0.0, 0.0, 100.0, 0.01, 0.01])
    response = Response(("web", "code", "math"), 0.01, np.zeros(3), np.array([5.0, 1.0, 0.0]), covariance)
    differences, errors = contrasts(response, np.array([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]]))
    assert differences[0, 1] == pytest.approx(0.3)
    assert errors[0, 1] == pytest.approx(0.3 * np.sqrt(0.02))


def test_the_matrix_is_antisymmetric_and_its_probabilities_add_to_one(fitted):
    found = compare_scenarios(fitted, [("near", NEAR), ("far", FAR)], SHRUNK)
    assert found.differences == pytest.approx(-found.differences.T)
    assert found.p_better + found.p_better.T == pytest.approx(np.ones((2, 2)))
    assert np.array_equal(np.diag(found.p_better), [0.5, 0.5])


def test_against_the_anchor_it_is_the_decisions_own_probability(fitted):
    """A scenario of radius 0 is its anchor, so beating it is a gain above 0."""
    found = compare_scenarios(fitted, [("stay", Scenario(radius=0.0)), ("move", FAR)], SHRUNK)
    made = found.entries[1].decision
    assert found.differences[1, 0] == pytest.approx(made.gain)
    assert found.errors[1, 0] == pytest.approx(made.se)
    assert found.p_better[1, 0] == pytest.approx(made.p_positive)


def test_one_mixture_under_two_names_is_even(fitted):
    found = compare_scenarios(fitted, [("a", FAR), ("b", replace(FAR, level=0.5))])
    assert np.array_equal(found.p_better, np.full((2, 2), 0.5))
    assert np.array_equal(found.errors, np.zeros((2, 2)))


def test_each_is_decided_at_its_own_pool_and_valued_at_the_chosen_one(fitted):
    asked = [("average", FAR), ("clean", replace(FAR, pool=CLEAN))]
    first, second = (compare_scenarios(fitted, asked, SHRUNK, pool_of=k) for k in (0, 1))
    assert not first.same_pool
    for found in (first, second):
        for (_, scenario), entry in zip(asked, found.entries, strict=True):
            alone = decide_scenario(fitted, scenario, SHRUNK)
            assert np.array_equal(entry.decision.shares, alone.shares)
            assert entry.decision.gain == alone.gain
    for k, found in enumerate((first, second)):
        response = SHRUNK.apply(fitted.response(asked[k][1].pool.state(fitted.table)))
        a, b = (entry.decision.shares for entry in found.entries)
        assert found.differences[0, 1] == pytest.approx(float(response.gain(a, b)))
    assert first.p_better[0, 1] >= 0.5  # at its own pool the exact policy's mixture is the best of the region
    assert second.p_better[1, 0] >= 0.5


def test_equal_pools_under_other_names_are_one_pool(fitted):
    state = tuple(PoolChoice().state(fitted.table))
    named = PoolChoice("file", values=state, label="last month")
    assert compare_scenarios(fitted, [("a", NEAR), ("b", replace(FAR, pool=named))]).same_pool


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([("a", NEAR)], "from 2 to 4"),
        ([(name, NEAR) for name in "abcde"], "from 2 to 4"),
        ([("a", NEAR), ("a", FAR)], "called a"),
        ([("a", NEAR), ("b", replace(FAR, domains=("poems",)))], "b: .*poems"),
    ],
)
def test_what_cannot_be_compared_is_said(fitted, asked, words):
    with pytest.raises(ScenarioError, match=words):
        compare_scenarios(fitted, asked)


def test_a_scenario_that_cannot_be_decided_is_named(fitted):
    impossible = replace(FAR, bounds=(Bound("web", 0.9, 1.0),), radius=0.01)
    with pytest.raises(InfeasibleRegion, match=r"^b: "):
        compare_scenarios(fitted, [("a", NEAR), ("b", impossible)])


def test_only_a_scenario_in_the_list_gives_the_pool(fitted):
    with pytest.raises(ScenarioError, match="scenario 3"):
        compare_scenarios(fitted, [("a", NEAR), ("b", FAR)], pool_of=2)


def test_the_region_is_the_one_that_was_asked_for(fitted):
    entry = compare_scenarios(fitted, [("a", NEAR), ("b", FAR)]).entries[0]
    expected = make_region(fitted.table.domains, NEAR.anchor_shares(fitted.table), NEAR.radius, NEAR.metric)
    assert np.array_equal(entry.decision.region.anchor, expected.anchor)
    assert entry.decision.region.radius == expected.radius


def test_scenarios_that_raise_different_outcomes_are_compared_in_one_of_them():
    fitted = two_outcomes()
    asked = [("own", FAR), ("both", replace(FAR, weights=(("score", 0.5), ("other", 0.5))))]
    for pool_of in (0, 1):
        found = compare_scenarios(fitted, asked, pool_of=pool_of)
        raised = panel_of(fitted, asked[pool_of][1]).raised
        assert found.outcome == raised.outcome
        a, b = (entry.decision.shares for entry in found.entries)
        response = raised.response(FAR.pool.state(fitted.table))
        assert found.differences[0, 1] == pytest.approx(float(response.gain(a, b)))
    assert found.entries[0].outcome.name == "score"
    assert found.entries[1].outcome.name != "score"
