"""The Compare page: what is kept, what is stale, and which scenario is better."""

from __future__ import annotations

import pytest

from causalmix_core.checks.gain import measure_correction
from causalmix_core.delivery.scenario_comparison import better_sentences, table_rows
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.scenarios.compare import compare_scenarios
from causalmix_core.scenarios.decide import decide_scenario
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.saved import content_of
from causalmix_core.scenarios.scenario import Bound, Scenario
from causalmix_core.store import ProjectStore, describe
from pages._ui.words import escape
from tests.app.conftest import go, texts
from tests.app.test_mixture_lab import LAB, scenario
from tests.app.test_scenarios import press

COMPARE = "pages/6_Compare.py"
NEAR = Scenario(anchor="natural", radius=0.05)
FAR = Scenario(anchor="natural", radius=0.3, bounds=(Bound("code", 0.1, 0.3),))
THERE = Scenario(anchor="equal", radius=0.1, pool=PoolChoice().with_own("x_math__duplicate_rate", 0.5))


@pytest.fixture(scope="module")
def study():
    return ProjectStore().sample()


@pytest.fixture(scope="module")
def fitted(study):
    return fit(study, FitConfig(study.default_outcome))


@pytest.fixture(scope="module")
def correction(fitted):
    return measure_correction(fitted)


@pytest.fixture
def shelf(study, projects_root):
    return ProjectStore().shelf(describe(study, sample=True))


@pytest.fixture
def keep(shelf, fitted, correction):
    def kept(name, asked, with_fit=fitted):
        return shelf.add(name, content_of(with_fit, asked, decide_scenario(with_fit, asked, correction)))

    return kept


@pytest.fixture(scope="module")
def other_fit(study):
    return fit(study, FitConfig(study.default_outcome, estimator="constant"))


def listed(app):
    return next(d.value for d in app.dataframe if "Gain" in d.value.columns)


def test_without_scenarios_it_says_how_to_begin(open_app):
    app = open_app(COMPARE)
    assert "No scenario is kept" in texts(app)
    assert not app.error


def test_the_page_shows_the_cores_comparison(open_app, keep, fitted, correction, study):
    asked = [("far", FAR), ("near", NEAR)]
    for name, one in reversed(asked):
        keep(name, one)
    app = open_app(COMPARE)
    assert list(listed(app)["Scenario"]) == ["far", "near"]
    found = compare_scenarios(fitted, asked, correction)
    (table,) = app.table
    shown = [[str(cell).replace("**", "") for cell in row] for row in table.value.to_numpy()]
    assert shown == [[escape(text) for text in (row.label, *row.cells)] for row in table_rows(found, study)]
    assert escape(better_sentences(found)[0]) in texts(app)
    assert len(app.get("plotly_chart")) == 3
    assert "far better than near" in " ".join(chart.proto.alt for chart in app.get("plotly_chart"))


def test_lines_that_differ_are_bold(open_app, keep):
    keep("far", FAR)
    keep("near", NEAR)
    (table,) = open_app(COMPARE).table
    rows = {str(row[0]).strip("*"): row for row in table.value.to_numpy()}
    assert str(rows["radius"][1]).startswith("**")
    assert not str(rows["policy"][1]).startswith("**")


def test_for_different_pools_the_common_one_is_chosen(open_app, keep, study):
    keep("near", NEAR)
    keep("there", THERE)
    app = open_app(COMPARE)
    box = next(box for box in app.selectbox if box.label == "Compare mixtures at the pool of")
    assert box.value == "there"
    assert "that of there" in texts(app)
    box.select("near").run()
    assert "that of near" in texts(app)


def test_opening_a_scenario_works_on_it_and_can_be_undone(open_app, keep, study):
    keep("far", FAR)
    app = open_app(COMPARE)
    press(app, "Open")
    assert scenario(app, study) == FAR
    assert "Scenario: far" in texts(app)
    go(app, LAB)
    assert scenario(app, study) == FAR
    press(app, "Undo")
    assert scenario(app, study) == Scenario(anchor="natural")


def test_numbers_of_another_fit_are_grey_and_are_recomputed_only_when_asked(
    open_app, keep, shelf, other_fit, fitted, correction
):
    kept = keep("old", FAR, other_fit)
    app = open_app(COMPARE)
    assert list(listed(app)["Fit"]) == ["another fit: stale"]
    assert "saved with another fit" in texts(app)
    assert not app.table
    assert shelf.all() == (kept,)
    press(app, "Recompute with the present fit")
    (again,) = shelf.all()
    assert again.content.fit_sha256 == fitted.sha256
    assert again.content.scenario == FAR
    assert again.content.decision.gain == pytest.approx(decide_scenario(fitted, FAR, correction).gain)
    assert list(listed(app)["Fit"]) == ["present fit"]


def test_duplicate_rename_and_delete(open_app, keep, shelf):
    keep("far", FAR)
    app = open_app(COMPARE)
    press(app, "Duplicate")
    assert {s.name for s in shelf.all()} == {"far", "far copy 1"}
    chosen = next(box for box in app.selectbox if box.label == "Scenario")
    assert chosen.value == min(s.key for s in shelf.all())
    next(field for field in app.text_input if field.label == "New name").set_value("wide")
    app.run()
    press(app, "Rename it")
    assert {s.name for s in shelf.all()} == {"wide", "far copy 1"}
    press(app, "Delete it")
    assert len(shelf.all()) == 1


def test_a_change_by_another_tab_is_told_here_too(open_app, keep, shelf):
    kept = keep("far", FAR)
    app = open_app(COMPARE)
    shelf.rename(kept.key, kept.revision, "theirs")
    press(app, "Delete it")
    assert "changed by another tab" in app.error[0].value
    assert [s.name for s in shelf.all()] == ["theirs"]


def test_hostile_names_are_shown_as_they_are(open_app, keep):
    keep("**x** <b>", NEAR)
    keep("$y$ [z](http://example.org)", FAR)
    app = open_app(COMPARE)
    assert set(listed(app)["Scenario"]) == {"**x** <b>", "$y$ [z](http://example.org)"}
    assert "\\*\\*x\\*\\* \\<b\\>" in list(app.table[0].value.columns)


def test_a_damaged_file_is_said_and_not_written_over(open_app, keep, shelf):
    keep("far", FAR)
    path = shelf.folder / "scenarios.json"
    path.write_text("{")
    app = open_app(COMPARE)
    assert "cannot be read" in app.error[0].value
    assert path.read_text() == "{"


def test_the_overview_names_the_recent_ones(open_app, keep):
    keep("far", FAR)
    assert "far" in texts(open_app())
