"""Sizes in the pages: a target on the Fit page, the pool at that size, and transfer between sizes."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.delivery.transfer import transfer_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.transfer import transfer_check
from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from tests.app.conftest import go, texts
from tests.app.tables import runs_csv

FIT = "pages/3_Fit.py"


def plain(text: str) -> str:
    return text.replace("\\", "")


@pytest.fixture(scope="module")
def sized():
    """Thirty runs at 1M and thirty at 60M, each domain with a covariate of its own."""
    header, *rows = runs_csv().decode().strip().split("\n")
    lines = [f"{header},params", *(f"{row},{'1M' if i < 30 else '60M'}" for i, row in enumerate(rows))]
    return parse_runs(("\n".join(lines) + "\n").encode(), "sized.csv")


@pytest.fixture
def project(sized):
    return ProjectStore().add(sized)


def target(app, project):
    return app.text_input(key=f"{project.id}:fit_target_params")


def fit(app):
    app.button(key="fit:run").click().run()
    assert not app.exception
    return app


def test_a_table_of_one_size_has_neither_target_nor_transfer(open_app):
    app = open_app(FIT)
    assert not [field for field in app.text_input if "Target" in field.label]
    assert "Transfer across sizes" not in texts(app)


def test_the_target_reaches_the_fit_the_pool_and_its_words(open_app, project):
    app = open_app(FIT, project=project.id)
    target(app, project).set_value("1.2B").run()
    fit(app)
    assert ProjectStore().settings(project.id)["fit"]["target_params"] == 1.2e9
    assert "a factor of 20 beyond the largest of the runs (60M)" in texts(app)
    go(app, "pages/4_Effects.py")
    assert "the average of the runs at 1.2B parameters" in plain(texts(app))
    assert "lies outside the pools of the runs" in plain(texts(app))
    again = open_app("pages/4_Effects.py", project=project.id)
    assert "at 1.2B parameters" in plain(texts(again))
    [bench] = again.session_state["workbench"].values()
    assert bench.scenario.pool.state(ProjectStore().open(project.id))[-1] == pytest.approx(np.log10(1.2e9))


def test_without_a_target_the_pool_is_the_average_of_the_runs(open_app, project, sized):
    app = fit(open_app(FIT, project=project.id))
    assert "without a target, effects are for the runs' average" in plain(texts(app))
    [bench] = app.session_state["workbench"].values()
    assert np.array_equal(bench.scenario.pool.state(sized), sized.states.mean(axis=0))


def test_a_target_that_is_no_size_is_one_red_line(open_app, project):
    app = open_app(FIT, project=project.id)
    target(app, project).set_value("huge").run()
    assert not app.exception
    assert "write a number such as 1e9 or 1.5B" in app.error[0].value


def test_transfer_shows_the_cores_sentence_a_panel_a_size_and_the_table(open_app, project, sized):
    app = open_app(FIT, project=project.id)
    app.button(key="fit:transfer").click().run()
    assert not app.exception
    found = transfer_check(sized, config=FitConfig("score"))
    assert transfer_sentence(found) in plain(texts(app))
    [chart] = [c.proto.alt for c in app.get("plotly_chart") if "per size" in c.proto.alt]
    assert "at 60M parameters (from smaller sizes, 30 runs)" in chart
    frame = app.dataframe[0].value
    assert list(frame["size"]) == ["1M parameters", "60M parameters"]
    assert frame["verdict"][1] == found.outcomes[0].verdict


def test_the_exported_commands_name_the_target(sized):
    from causalmix_core.scenarios.scenario import default_scenario
    from pages._ui.export.package import commands

    scenario = default_scenario(sized)
    assert "--target" not in commands(sized, FitConfig("score"), scenario, "")
    said = commands(sized, FitConfig("score", target_params=1.2e9), scenario, "")
    assert "--target-params 1200000000.0" in said
    assert "--target-tokens" not in said
