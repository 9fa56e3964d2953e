"""Comparing estimators on the Fit page, taking the choice over, and what each lets one set."""

from __future__ import annotations

import dataclasses

import pytest

from benchmarks.worlds import make_world
from causalmix_core.evidence import read_runs, write_runs
from causalmix_core.store import ProjectStore
from pages._ui import comparisons
from pages._ui.words import escape
from tests.app.conftest import go, texts

FIT = "pages/3_Fit.py"
VARIED = make_world(3, 1, own=False, confounding=0.5, seed=1, noise=0.15)
# The same world, in which every pool answers alike: averages are chosen.
ALIKE = dataclasses.replace(VARIED, worth=0.0 * VARIED.worth, harm=0.0 * VARIED.harm, scale=2.0)


@pytest.fixture
def project(tmp_path):
    """Covariates of the whole pool, which leave the fewest estimators to compare."""
    return added(VARIED, tmp_path)


def added(world, folder):
    return ProjectStore().add(read_runs(write_runs(world.table(100, seed=3), folder / "world")))


def box(app, project, again: str = ""):
    return app.selectbox(key=f"{project.id}:fit_estimator{again}")


def compare(app):
    app.button(key="fit:compare").click().run()
    assert not app.exception
    return app


def test_the_choice_is_shown_kept_and_taken_over(open_app, tmp_path):
    from causalmix_core.delivery.comparison import comparison_sentence

    project = added(ALIKE, tmp_path)
    app = compare(open_app(FIT, project=project.id))
    found = comparisons.made(ProjectStore().open(project.id), "score")
    assert found.chosen == "constant"
    assert escape(comparison_sentence(found)) in texts(app)
    assert len(app.get("plotly_chart")) == 1
    assert [line.split(" ")[0] for line in app.dataframe[0].value["estimator"]] == [
        row.name for row in found.estimators
    ]
    assert ProjectStore().settings(project.id)["comparison"] == {"score": found.chosen}
    app.button(key="fit:use_chosen").click().run()
    assert box(app, project, ":1").value == found.chosen
    app.button(key="fit:run").click().run()
    settings = ProjectStore().settings(project.id)
    assert settings["fit"]["estimator"] == found.chosen
    assert settings["comparison"] == {"score": found.chosen}
    go(app, "pages/2_Runs.py")
    go(app, FIT)
    assert box(app, project, ":1").value == found.chosen


def test_a_new_tab_starts_from_what_was_chosen(open_app, project):
    ProjectStore().keep_settings(project.id, {"comparison": {"score": "ridge"}})
    assert box(open_app(FIT, project=project.id), project).value == "ridge"


def test_only_what_the_table_allows_is_offered_simplest_first(open_app, project):
    app = open_app(FIT, project=project.id)
    options = box(app, project).options
    assert options[:3] == ["Recommended", "Average effects, purged", "Average effects"]
    assert not [option for option in options if option.startswith("Own-state")]
    box(app, project).set_value("ridge").run()
    assert "linear in all covariates, shrunken" in texts(app)


def test_switches_without_a_meaning_are_off_limits(open_app, project):
    app = open_app(FIT, project=project.id)
    toggle = app.toggle(key=f"{project.id}:fit_covariates")
    toggle.set_value(False).run()
    box(app, project).set_value("forest").run()
    assert app.toggle(key=f"{project.id}:fit_covariates").disabled
    assert app.toggle(key=f"{project.id}:fit_orthogonalise").disabled
    app.button(key="fit:run").click().run()
    assert not app.error
    assert ProjectStore().settings(project.id)["fit"]["covariates"] is True
