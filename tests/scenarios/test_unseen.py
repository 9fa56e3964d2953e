"""A domain that no run has seen, as part of a scenario and its decision."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.decision.prices import compare_limits, prices
from causalmix_core.decision.supply import Supply
from causalmix_core.delivery.answer import answer_sentences
from causalmix_core.delivery.pictures import frontier_sentence
from causalmix_core.delivery.sentences import why_sentences
from causalmix_core.delivery.unseen import brings_sentence, held_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.leave_one_domain_out import SHARE, leave_one_domain_out
from causalmix_core.effects.unseen import unseen_effect, unseen_response
from causalmix_core.errors import InfeasibleRegion, ScenarioError, UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns, own_names
from causalmix_core.scenarios.compare import compare_scenarios
from causalmix_core.scenarios.decide import decide_scenario, panel_of, region_of, solver
from causalmix_core.scenarios.frontier import scenario_frontier
from causalmix_core.scenarios.new_domain import NewDomain
from causalmix_core.scenarios.saved import content_of
from causalmix_core.scenarios.scenario import Bound, Scenario

TABLE = make_world(5, 3, own=True, confounding=0.5, seed=1).table(300, 1)
CONFIG = FitConfig("score", "shared-slopes", epsilon=0.1)
SCENARIO = Scenario(anchor="mean", radius=0.15)


@pytest.fixture(scope="module")
def fitted():
    return fit(TABLE, CONFIG, calibrate=False)


@pytest.fixture(scope="module")
def report(fitted):
    found = leave_one_domain_out(fitted)
    assert found.passed
    return found


@pytest.fixture(scope="module")
def states(fitted, report):
    """Many states, the most welcome first."""
    drawn = np.random.default_rng(0).normal(size=(60, 3))
    pool, anchor = fitted.default_pool, TABLE.shares.mean(axis=0)
    return sorted(drawn, key=lambda s: -unseen_effect(fitted, "new", s, pool, anchor, report).effect)


@pytest.fixture(scope="module")
def best_state(states):
    return states[0]


def with_new(state, name="new", **changes):
    pairs = tuple(zip(own_names(TABLE), map(float, state), strict=True))
    return dataclasses.replace(SCENARIO, new_domain=NewDomain(name, pairs), **changes)


def decided(fitted, scenario, report):
    return decide_scenario(
        fitted, scenario, panel=panel_of(fitted, scenario, leave_out=lambda _: report), judged=False
    )


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
    made = decide_scenario(fitted, with_new(best_state))
    assert made.region.domains == (*TABLE.domains, "new")
    assert made.region.anchor[-1] == 0.0
    assert 0.0 < made.shares[-1] <= SHARE + 1e-9
    assert made.gain > without.gain
    assert made.se > without.se
    assert made.verdict is not None
    said = brings_sentence(fitted.outcome, without, made)
    assert "Allowed up to 5.0 % of new, which no run has seen, the best mixture holds" in said
    assert held_sentence(made, report).startswith("The mixture holds 5.0 % of new, which no run has seen;")
    assert any("new, which no run has seen, is at 5.0 %, the largest share" in s for s in why_sentences(made))


def test_the_sure_gain_takes_no_more_of_it_and_is_surer(fitted, report, best_state):
    expected = decided(fitted, with_new(best_state), report)
    sure = decided(fitted, with_new(best_state, objective=Objective("lower_bound")), report)
    assert 0.0 <= sure.shares[-1] <= expected.shares[-1] + 1e-9
    assert sure.se < expected.se
    assert sure.interval[0] >= expected.interval[0] - 1e-8
    without = decide_scenario(
        fitted, dataclasses.replace(SCENARIO, objective=Objective("lower_bound")), judged=False
    )
    assert sure.interval[0] >= without.interval[0] - 1e-8


def test_an_unwelcome_one_changes_nothing(fitted, report, best_state):
    without = decide_scenario(fitted, SCENARIO)
    made = decided(fitted, with_new(-4.0 * best_state), report)
    assert made.shares[-1] == pytest.approx(0.0, abs=1e-9)
    assert made.gain == pytest.approx(without.gain, abs=1e-7)
    assert "holds nothing of it" in brings_sentence(fitted.outcome, without, made)


@pytest.mark.parametrize("metric", ["tv", "kl", "l2"])
def test_capped_at_nothing_it_is_as_if_it_were_not_there(fitted, report, states, metric):
    without = decide_scenario(fitted, dataclasses.replace(SCENARIO, metric=metric), judged=False)
    for state in states[::12]:
        capped = with_new(state, metric=metric, bounds=(Bound("new", cap=0.0),))
        made = decided(fitted, capped, report)
        assert made.shares[-1] == 0.0
        np.testing.assert_allclose(made.shares[:-1], without.shares, atol=1e-7)
        assert made.gain == pytest.approx(without.gain, abs=1e-9)
        assert made.se == pytest.approx(without.se, abs=1e-7)


@pytest.mark.parametrize("metric", ["tv", "kl", "l2"])
def test_the_gain_never_falls_by_allowing_it(fitted, report, states, metric):
    plain = dataclasses.replace(SCENARIO, metric=metric)
    without = decide_scenario(fitted, plain, judged=False).gain
    for state in states[::6]:
        gains = [without]
        for cap in (0.01, 0.03, 1.0):
            asked = with_new(state, metric=metric, bounds=(Bound("new", cap=cap),))
            gains.append(decided(fitted, asked, report).gain)
        assert min(np.diff(gains)) >= -1e-8


def test_the_order_of_the_domains_does_not_matter(best_state):
    order = [3, 0, 4, 1, 2]
    columns = own_columns(TABLE)[order].ravel()
    turned = dataclasses.replace(
        TABLE,
        domains=tuple(TABLE.domains[k] for k in order),
        shares=TABLE.shares[:, order],
        covariates=tuple(TABLE.covariates[j] for j in columns),
        states=TABLE.states[:, columns],
        natural=None,
    )
    scenario = with_new(best_state)
    first = decide_scenario(fit(TABLE, CONFIG, calibrate=False), scenario, judged=False)
    second = decide_scenario(fit(turned, CONFIG, calibrate=False), scenario, judged=False)
    mine = dict(zip(first.region.domains, first.shares, strict=True))
    theirs = dict(zip(second.region.domains, second.shares, strict=True))
    assert theirs == pytest.approx(mine, abs=1e-5)
    assert second.gain == pytest.approx(first.gain, rel=1e-5)
    assert second.se == pytest.approx(first.se, rel=1e-4)


def test_no_price_and_no_comparison_lifts_what_nothing_is_known_of(fitted, report, best_state):
    scenario = with_new(best_state)
    panel = panel_of(fitted, scenario, leave_out=lambda _: report)
    solve = solver(fitted, scenario, panel=panel)
    made = solve(region_of(TABLE, scenario, CONFIG.outcome))
    assert "new.upper" in made.active
    assert "new.upper" not in [price.limit for price in prices(solve, made)]
    lower = with_new(best_state, bounds=(Bound("new", cap=0.045), Bound("d0", floor=0.1)))
    held = solve(region_of(TABLE, lower, CONFIG.outcome))
    assert "new.upper" in [price.limit for price in prices(solve, held)]
    freed = compare_limits(solve, held).without_bounds
    assert freed is not None
    assert freed.shares[-1] <= SHARE + 1e-9


def test_a_floor_above_what_was_checked_leaves_no_mixture(fitted, report, best_state):
    with pytest.raises(InfeasibleRegion, match="new"):
        decided(fitted, with_new(best_state, bounds=(Bound("new", floor=0.2),)), report)


def test_what_there_is_of_it_limits_its_share(fitted, report, best_state):
    supply = Supply(1e6, "tokens", available=(("new", 1e4),))
    made = decided(fitted, with_new(best_state, supply=supply), report)
    assert made.shares[-1] == pytest.approx(0.01, abs=1e-9)
    assert "new.supply" in made.active


def test_domains_that_the_pool_lacks_stay_out_beside_it(fitted, report, best_state):
    made = decided(fitted, with_new(best_state, domains=("d0", "d1", "d2")), report)
    assert made.shares[3] == made.shares[4] == 0.0
    assert made.shares[-1] > 0.0


def test_the_frontier_knows_it(fitted, report, best_state):
    scenario = with_new(best_state)
    panel = panel_of(fitted, scenario, leave_out=lambda _: report)
    path = scenario_frontier(fitted, scenario, np.array([0.0, 0.05, 0.15]), panel=panel)
    assert path.shares.shape == (3, 6)
    said = frontier_sentence(path, 0.15, None, "tv", unseen=["new"])
    assert said.endswith("all its mixtures lie within those of the runs, new aside.")
    assert path.gains[-1] == pytest.approx(decided(fitted, scenario, report).gain, abs=1e-8)


def test_scenarios_with_and_without_it_are_compared(fitted, best_state):
    asked = [("plain", SCENARIO), ("with", with_new(best_state))]
    found = compare_scenarios(fitted, asked)
    turned = compare_scenarios(fitted, asked[::-1])
    assert found.domains == (*TABLE.domains, "new")
    plain, new = (entry.decision for entry in found.entries)
    assert found.differences[1, 0] == pytest.approx(new.gain - plain.gain, abs=1e-9)
    assert turned.differences[0, 1] == pytest.approx(found.differences[1, 0], abs=1e-9)
    assert found.entries[1].mixture_support.outside == ("new",)


def test_different_new_domains_are_not_compared(fitted, best_state):
    asked = [("a", with_new(best_state)), ("b", with_new(best_state, "other"))]
    with pytest.raises(ScenarioError, match="a and b have different new domains"):
        compare_scenarios(fitted, asked)


def test_runs_like_those_there_are_would_not_settle_it(fitted, best_state):
    made = decide_scenario(fitted, with_new(best_state, level=0.999))
    assert made.verdict is not None
    assert (made.verdict.kind, made.verdict.more_runs) == ("not_enough", None)
    said = " ".join(answer_sentences(fitted.outcome, made))
    assert "Runs with changing shares of new, which no run has seen, would narrow it most." in said
    assert "take the lower bound as the objective" in said


def test_what_is_kept_of_its_decision_says_that_it_lies_outside(fitted, report, best_state):
    scenario = with_new(best_state)
    kept = content_of(fitted, scenario, decided(fitted, scenario, report)).decision
    assert kept.domains[-1] == "new"
    assert not kept.inside


def test_what_cannot_be_decided_is_refused(fitted, report, best_state):
    unsupported = dataclasses.replace(report, predicted=-report.full, rank=-1.0)
    with pytest.raises(UnseenDomainError, match="train about"):
        decided(fitted, with_new(best_state), unsupported)
    for more in (
        {"objective": Objective("least_change", wanted=0.01)},
        {"floors": (Floor("score"),)},
        {"weights": (("score", 1.0),)},
    ):
        with pytest.raises(
            UnseenDomainError, match="ask for the sure or the expected gain, without weights and floors"
        ):
            decided(fitted, with_new(best_state, **more), report)
    with pytest.raises(UnseenDomainError, match="d1 is a domain"):
        decided(fitted, with_new(best_state, "d1"), report)


def test_without_it_the_scenario_forgets_all_that_names_it(best_state):
    supply = Supply(1e6, available=(("d0", 1e5), ("new", 1e4)), epochs=(("new", 2.0),))
    scenario = with_new(best_state, bounds=(Bound("new", cap=0.01), Bound("d0", floor=0.1)), supply=supply)
    left = scenario.without_new_domain()
    assert left == dataclasses.replace(
        SCENARIO, bounds=(Bound("d0", floor=0.1),), supply=Supply(1e6, available=(("d0", 1e5),))
    )
    assert left.without_new_domain() is left
