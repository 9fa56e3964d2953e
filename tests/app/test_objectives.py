"""Objectives in the Mixture lab: the verdict first, floors and weights, and what is out of reach."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.scenarios.history import History
from causalmix_core.scenarios.scenario import Scenario
from causalmix_core.store import ProjectStore
from pages._ui.mixture.objective import outcomes_frame, read_outcomes
from tests.app.conftest import metric, texts
from tests.app.test_mixture_lab import LAB, bench, key
from tests.shipped import POOLS


@pytest.fixture
def study():
    return ProjectStore().sample()


def boxes(app) -> str:
    return " ".join(box.value for box in (*app.success, *app.info, *app.warning))


def test_the_verdict_stands_on_the_page(open_app, study):
    app = open_app(LAB)
    assert "Recommended: at this pool" in boxes(app) or "Not enough evidence" in boxes(app)
    app.slider(key=key(app, study, "radius:tv")).set_value(0.0).run()
    assert "Keep the anchor" in boxes(app)


def test_a_sure_gain_and_a_least_change(open_app, study):
    app = open_app(LAB)
    most = metric(app, "Estimated gain")
    objective = key(app, study, "objective")
    app.selectbox(key=objective).set_value("lower_bound").run()
    assert not app.exception
    assert "Asked for: the highest lower end" in boxes(app)
    app.selectbox(key=objective).set_value("least_change").run()
    assert not app.exception
    wanted = bench(app, study).scenario.objective.wanted
    assert wanted > 0.0
    assert metric(app, "Estimated gain") != most
    app.number_input(key=key(app, study, "wanted")).set_value(9.0).run()
    assert any("out of reach" in box.value for box in app.error)


def test_where_the_gain_is_unsure_the_sure_one_is_a_click_away(open_app, study):
    """The study's first pools: at some the expected gain may be none while a smaller one is sure."""
    app = open_app(LAB)
    app.selectbox(key=key(app, study, "pool_kind")).set_value("table").run()
    for pool in POOLS[:8]:
        app.selectbox(key=key(app, study, "pool_id")).set_value(pool).run()
        if "is sure to gain at least" in boxes(app):
            break
    assert "Not enough evidence" in boxes(app)
    app.number_input(key=key(app, study, "worth")).set_value(0.001).run()
    app.button(key=key(app, study, "sure_gain")).click().run()
    assert not app.exception
    assert bench(app, study).scenario.objective == Objective("lower_bound", worth=0.001)
    assert app.selectbox(key=key(app, study, "objective")).value == "lower_bound"
    assert "Recommended: at this pool" in boxes(app)
    app.button(key=f"{study.sha256[:12]}:undo").click().run()
    assert bench(app, study).scenario.objective == Objective(worth=0.001)


def test_a_gain_that_is_not_worth_having(open_app, study):
    app = open_app(LAB)
    app.number_input(key=key(app, study, "worth")).set_value(5.0).run()
    assert not app.exception
    assert bench(app, study).scenario.objective == Objective(worth=5.0)
    assert "the least worth having" in boxes(app)


def test_one_mixture_for_several_pools(open_app, study):
    app = open_app(LAB)
    app.selectbox(key=key(app, study, "objective")).set_value("maximin").run()
    app.multiselect(key=key(app, study, "futures")).set_value(list(POOLS[3:5])).run()
    assert not app.exception
    assert bench(app, study).scenario.objective == Objective("maximin")
    shown = next(table.value for table in app.dataframe if "Pool" in table.value.columns)
    assert list(shown["Pool"]) == ["this pool", *POOLS[3:5]]
    app.selectbox(key=key(app, study, "objective")).set_value("mean_gain").run()
    assert not app.exception
    assert bench(app, study).scenario.futures == ()


def test_an_outcome_that_must_not_fall(open_app, study):
    app = open_app(LAB)
    edited = outcomes_frame(study, bench(app, study).scenario)
    edited.loc[0, "Hold"] = True
    weights, floors = read_outcomes(study, edited)
    assert (weights, floors) == ((), (Floor(study.outcomes[0].name),))
    benches, project = app.session_state["workbench"], study.sha256[:12]
    asked = replace(benches[project].scenario, floors=floors)
    benches[project] = replace(benches[project], history=History((asked,)), revision=7)
    app.run()
    assert not app.exception
    shown = next(table.value for table in app.dataframe if "Verdict" in table.value.columns)
    assert list(shown["Outcome"]) == [study.outcomes[0].name]
    assert shown["Verdict"][0] in ("wins", "unsure")
    assert "the one outcome asked for" in texts(app)


def test_the_table_of_outcomes_is_read_as_it_is_written(study):
    frame = outcomes_frame(study, _scenario(weights=(), floors=()))
    frame.loc[0, "Weight"], frame.loc[1, "Weight"] = 3.0, -1.0
    frame.loc[2, ["Hold", "At least", "Surely"]] = [True, math.nan, True]
    names = [outcome.name for outcome in study.outcomes]
    weights, floors = read_outcomes(study, frame)
    assert weights == ((names[0], 0.75), (names[1], -0.25))
    assert floors == (Floor(names[2], 0.0, sure=True),)
    again = outcomes_frame(study, _scenario(weights=weights, floors=floors))
    assert read_outcomes(study, again) == (weights, floors)


def test_a_table_of_no_weights_asks_for_none(study):
    frame = outcomes_frame(study, _scenario(weights=(), floors=()))
    assert read_outcomes(study, frame) == ((), ())
    frame["Weight"] = 0.0
    assert read_outcomes(study, frame) == ((), ())


def _scenario(weights, floors):
    return Scenario(weights=weights, floors=floors)


def test_the_exported_command_says_what_was_asked_for(study):
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from pages._ui.export.package import commands

    scenario = replace(
        _scenario(
            weights=(("bpb_code", 0.75), ("bpb_math", -0.25)), floors=(Floor("bpb_wiki", -0.01, sure=True),)
        ),
        objective=Objective("maximin"),
        futures=(PoolChoice("table", pool_id=POOLS[3]),),
    )
    said = commands(study, FitConfig("bpb_weighted"), scenario, "")
    for words in (
        "--objective maximin",
        "--outcome-weights bpb_code=0.75,bpb_math=-0.25",
        "--floor 'bpb_wiki>=-0.01 surely'",
        f"--future {POOLS[3]}",
    ):
        assert words in said
