"""A plan keeps the region's limits, is the same every time, and tells more than random runs."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.decision.correction import Correction
from causalmix_core.decision.decide import decide
from causalmix_core.errors import PlanError
from causalmix_core.planning.choices import CRITERIA
from causalmix_core.planning.plan import plan_runs


@pytest.fixture(scope="module")
def plans(fitted, pool, region):
    return {criterion: plan_runs(fitted, pool, region, 8, criterion=criterion) for criterion in CRITERIA}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_designs_are_mixtures_within_the_bounds(plans, region, criterion):
    plan = plans[criterion]
    shares = np.array([design.shares for design in plan.designs])
    assert plan.n_runs == 8
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-12)
    assert (shares >= region.lower - 1e-12).all()
    assert (shares <= region.upper + 1e-12).all()
    assert {design.pool for design in plan.designs} == {"target"}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_planned_runs_tell_more_than_random_ones(plans, criterion):
    plan = plans[criterion]
    assert plan.planned.runs.tolist() == list(range(9))
    assert plan.planned.gain_se[0] == pytest.approx(plan.random.gain_se[0])
    assert (np.diff(plan.planned.gain_se) < 0.0).all()
    assert plan.planned.gain_se[-1] < plan.random.gain_se[-1] < plan.random.gain_se[0]
    assert plan.planned.regret[-1] < plan.random.regret[-1] <= plan.random.regret[0]


def test_each_criterion_is_best_at_its_own(plans):
    errors = {name: plan.planned.gain_se[-1] for name, plan in plans.items()}
    assert min(errors, key=errors.__getitem__) == "contrast"


def test_it_starts_from_the_decision(fitted, pool, region):
    correction = Correction(0.8, 0.1)
    plan = plan_runs(fitted, pool, region, 2, correction=correction)
    decision = decide(fitted.response(pool), region, correction=correction)
    assert plan.gain == pytest.approx(decision.gain)
    assert plan.planned.gain_se[0] == pytest.approx(decision.se)
    np.testing.assert_array_equal(plan.recommended, decision.shares)
    assert (plan.settles == 0) == (decision.interval[0] > 0.0)


def test_a_settled_verdict_needs_no_runs_and_a_strict_one_needs_more(fitted, pool, region):
    needed = [plan_runs(fitted, pool, region, 1, level=level).settles for level in (0.02, 0.99, 0.9999)]
    assert needed[0] == 0
    assert needed[1] is not None
    assert needed[2] is None or needed[2] >= needed[1]


def test_same_input_same_plan(fitted, pool, region, plans):
    again = plan_runs(fitted, pool, region, 8)
    for one, other in zip(plans["regret"].designs, again.designs, strict=True):
        assert one.shares.tobytes() == other.shares.tobytes()
        assert (one.pool, one.repeats) == (other.pool, other.repeats)
    assert again.planned.regret.tobytes() == plans["regret"].planned.regret.tobytes()


def test_repeats_are_runs_of_the_same_design(fitted, pool, region):
    plan = plan_runs(fitted, pool, region, 8, repeats=2)
    assert plan.n_runs == 8
    assert all(design.repeats % 2 == 0 for design in plan.designs)
    assert plan.planned.runs.tolist() == [0, 2, 4, 6, 8]


def test_pools_of_the_table_are_named(fitted, pool, region):
    plan = plan_runs(fitted, pool, region, 6, pools="table")
    assert {design.pool for design in plan.designs} <= set(fitted.table.pool_ids)
    for design in plan.designs:
        row = fitted.table.pool_ids.index(design.pool)
        np.testing.assert_array_equal(design.state, fitted.table.states[row])


def test_both_is_no_worse_than_either(fitted, pool, region):
    asked = {
        where: plan_runs(fitted, pool, region, 4, pools=where, criterion="contrast")
        for where in ("target", "table", "both")
    }
    errors = {where: plan.planned.gain_se[-1] for where, plan in asked.items()}
    assert errors["both"] <= min(errors["target"], errors["table"]) * 1.02


def test_other_estimators_are_planned_on_the_target_pool(averages, pool, region):
    plan = plan_runs(averages, pool, region, 4)
    assert not plan.exact
    assert plan.planned.gain_se[-1] < plan.planned.gain_se[0]
    with pytest.raises(PlanError, match="constant does not say"):
        plan_runs(averages, pool, region, 4, pools="table")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"n": 0}, "give 1 to 1,024"),
        ({"n": 5, "repeats": 2}, "multiple of the repeats"),
        ({"n": 4, "criterion": "best"}, "no criterion 'best'"),
        ({"n": 4, "pools": "moon"}, "cannot be made on 'moon'"),
        ({"n": 4, "level": 1.0}, "between 0 and 1"),
    ],
)
def test_mistakes_are_named(fitted, pool, region, asked, said):
    with pytest.raises(PlanError, match=said):
        plan_runs(fitted, pool, region, **asked)
