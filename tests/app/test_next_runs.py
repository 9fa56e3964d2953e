"""The page of the next runs shows the core's plan, hands it over, and draws the learning curve when asked."""

from __future__ import annotations

import pytest

from benchmarks.worlds import make_world
from causalmix_core.checks.gain import measure_correction
from causalmix_core.delivery.plan_files import plan_bytes
from causalmix_core.delivery.planning import learning_sentence, settle_sentence, shrinkage_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import parse_runs, table_csv
from causalmix_core.planning.learning import learning_curve
from causalmix_core.planning.plan import plan_runs
from causalmix_core.scenarios.decide import decide_scenario
from causalmix_core.scenarios.scenario import default_scenario
from causalmix_core.store import ProjectStore
from tests.app.conftest import texts

PAGE = "pages/7_Next_runs.py"
CONFIG = FitConfig("score", "components", epsilon=0.1)


def plain(text: str) -> str:
    return text.replace("\\", "")


@pytest.fixture(scope="module")
def table():
    return parse_runs(
        table_csv(make_world(3, 2, own=True, confounding=0.0, seed=1).table(80, 1)), "world.csv"
    )


@pytest.fixture(scope="module")
def situation(table):
    """Fit, pool and decision as the page starts with them."""
    fitted, scenario = fit(table, CONFIG), default_scenario(table)
    decision = decide_scenario(fitted, scenario, measure_correction(fitted))
    return fitted, scenario.pool.state(table), decision


@pytest.fixture
def opened(open_app, table):
    project = ProjectStore().add(table)
    ProjectStore().keep_settings(project.id, {"fit": CONFIG.to_json()})
    return open_app(PAGE, project=project.id)


def planned(situation, runs, **more):
    fitted, pool, decision = situation
    return plan_runs(
        fitted, pool, decision.region, runs, correction=decision.correction, chosen=decision.shares, **more
    )


def test_it_starts_with_a_plan_and_its_words(opened, situation):
    plan = planned(situation, 16)
    shown = plain(texts(opened))
    assert shrinkage_sentence(plan) in shown
    assert settle_sentence(plan) in shown
    assert len(opened.get("plotly_chart")) == 2
    table = opened.dataframe[0].value
    assert list(table["repeats"]) == [design.repeats for design in plan.designs]


def test_controls_ask_for_another_plan(opened, situation):
    next(box for box in opened.selectbox if box.key.endswith(":criterion")).select("contrast").run()
    next(box for box in opened.number_input if box.key.endswith(":repeats")).set_value(2).run()
    next(one for one in opened.slider if ":runs:" in one.key).set_value(8).run()
    assert not opened.exception
    plan = planned(situation, 8, criterion="contrast", repeats=2)
    assert shrinkage_sentence(plan) in plain(texts(opened))


def test_the_files_are_the_cores(opened, situation):
    fitted = situation[0]
    plan = planned(situation, 16)
    labels = [button.proto.label for button in opened.get("download_button")]
    assert labels == ["Runs as CSV", "Runs as YAML", "Runs as JSON"]
    assert plan_bytes(fitted, plan, ".csv").startswith(b"run_id,pool_id,repeats,assignment,share_d0,")


def test_the_learning_curve_is_drawn_when_asked(opened, situation):
    fitted, pool, decision = situation
    next(button for button in opened.button if button.key == "next:learning").click().run()
    assert not opened.exception
    curve = learning_curve(fitted, pool, decision.region, correction=decision.correction)
    assert learning_sentence(curve) in plain(texts(opened))
    assert len(opened.get("plotly_chart")) == 3


def test_a_fit_without_pools_plans_on_the_target_and_says_so(open_app, table):
    project = ProjectStore().add(table)
    ProjectStore().keep_settings(project.id, {"fit": FitConfig("score", "constant").to_json()})
    app = open_app(PAGE, project=project.id)
    assert "it is an approximation" in texts(app)
    assert not [one for one in app.get("button_group") if str(one.proto.id).endswith(":pools")]
