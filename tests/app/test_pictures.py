"""Charts beside the answer: one at a time, each with a sentence and its numbers."""

from __future__ import annotations

import pytest

from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from tests.app.conftest import texts
from tests.app.tables import runs_csv

LAB = "pages/5_Mixture_lab.py"


@pytest.fixture
def study():
    return ProjectStore().sample()


def pick(app, project: str, chart: str):
    app.segmented_control(key=f"{project}:picture").set_value(chart).run()
    assert not app.exception
    assert not app.error


def test_the_frontier_is_shown_first_with_its_marks_in_words(open_app, study):
    app = open_app(LAB)
    said = texts(app)
    assert "Gain as the trust radius grows" in said
    assert "the curve bends most at" in said
    assert "The mixture as the pool shifts" not in said


def test_a_pool_shift_a_second_outcome_and_a_triangle_are_drawn_on_request(open_app, study):
    project = study.sha256[:12]
    app = open_app(LAB)
    pick(app, project, "Pool shift")
    app.selectbox(key=f"{project}:picture_along").set_value("duplicate_rate").run()
    assert "As duplicate rate of all domains goes from" in texts(app)
    pick(app, project, "Two outcomes")
    # Another test of this process may have fitted it already.
    if asked := [button for button in app.button if button.key == "lab:fit_beside:bpb_code"]:
        assert "has not been fitted with the settings of bpb" in texts(app).replace("\\", "")
        asked[0].click().run()
    assert not app.exception
    assert "With all weight on" in texts(app)
    assert "has not been fitted" not in texts(app)
    pick(app, project, "Three domains")
    assert "the others held as recommended" in texts(app)
    app.segmented_control(key=f"{project}:picture_others").set_value("summed").run()
    assert "the last standing for all others too" in texts(app)
    app.multiselect(key=f"{project}:picture_domains").set_value(["code", "web"][:1]).run()
    assert "Choose three domains." in texts(app)
    assert not app.exception


def test_the_best_observed_run_is_an_anchor_of_the_page(open_app, study):
    from causalmix_core.delivery.numbers import percentages
    from causalmix_core.effects.best_run import best_mixture

    project = study.sha256[:12]
    app = open_app(LAB)
    revision = app.session_state["workbench"][project].revision
    app.selectbox(key=f"{project}:anchor:{revision}").set_value("best").run()
    assert not app.exception
    frame = next(d.value for d in app.dataframe if "Proposed %" in d.value.columns)
    best = best_mixture(study, "bpb_weighted")
    assert list(frame["Anchor %"])[:-1] == list(percentages(best.tolist()))


def test_a_table_without_covariates_has_no_pool_to_shift(open_app):
    added = ProjectStore().add(parse_runs(runs_csv(covariates=False), "plain.csv"))
    app = open_app(LAB, project=added.id)
    app.button(key="mixture:fit_now").click().run()
    assert not app.exception
    shown = [c for c in app.segmented_control if c.key == f"{added.id}:picture"]
    assert all("Pool shift" not in c.options for c in shown)
