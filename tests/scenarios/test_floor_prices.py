"""The price of a floor: what the decision would gain if an outcome might fall a little more."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.decision.prices import compare_limits, prices
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence.table import Outcome
from causalmix_core.scenarios.decide import decide_scenario, floors_looser, panel_of, solver
from causalmix_core.scenarios.scenario import Scenario

PLAIN = make_world(4, 2, own=True, confounding=0.0, seed=2).table(128, seed=2)
OTHER = -PLAIN.scores[:, 0] + 0.5 * PLAIN.shares[:, 1] + 0.05 * np.random.default_rng(0).normal(size=128)
TABLE = dataclasses.replace(
    PLAIN,
    outcomes=(*PLAIN.outcomes, Outcome("other", True)),
    scores=np.column_stack([PLAIN.scores, OTHER]),
    sha256="two outcomes",
)
HELD = Scenario(radius=0.2, floors=(Floor("other", -0.02),))


@pytest.fixture(scope="module")
def fitted():
    return fit(TABLE, FitConfig(outcome="score", estimator="shared-slopes"))


@pytest.fixture(scope="module")
def panel(fitted):
    return panel_of(fitted, HELD)


def test_a_binding_floor_has_a_price(fitted, panel):
    made = decide_scenario(fitted, HELD, panel=panel)
    ((step, again),) = floors_looser(fitted, HELD, made, panel=panel)
    assert (step.limit, step.unit) == ("other.floor", "outcome")
    assert again().gain > made.gain
    found = {p.limit: p for p in prices(solver(fitted, HELD, panel=panel), made, [(step, again)])}
    assert found["other.floor"].worth == pytest.approx(again().gain - made.gain)


def test_a_floor_far_away_has_none(fitted, panel):
    loose = dataclasses.replace(HELD, floors=(Floor("other", -50.0),))
    made = decide_scenario(fitted, loose, panel=panel)
    assert floors_looser(fitted, loose, made, panel=panel) == []


def test_prices_are_those_of_what_the_objective_raises(fitted):
    careful = Scenario(radius=0.05, level=0.2, objective=Objective("lower_bound"))
    solve, made = solver(fitted, careful), decide_scenario(fitted, careful)
    wider = decide_scenario(fitted, dataclasses.replace(careful, radius=0.06))
    (price,) = (p for p in prices(solve, made) if p.limit == "radius")
    assert price.worth == pytest.approx(max(0.0, wider.interval[0] - made.interval[0]), abs=1e-9)


def test_the_least_change_has_no_prices(fitted):
    best = decide_scenario(fitted, Scenario(radius=0.2))
    little = Scenario(radius=0.2, objective=Objective("least_change", 0.3 * best.gain))
    made = decide_scenario(fitted, little)
    assert prices(solver(fitted, little), made) == ()
    assert compare_limits(solver(fitted, little), made).feasible is made
