"""Undo, save and share on the pages: what the sidebar does to the scenario and to what is kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from causalmix_core.decision.supply import Supply
from causalmix_core.evidence import parse_runs
from causalmix_core.scenarios.codec import canonical_bytes
from causalmix_core.scenarios.link import to_link
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound, Scenario
from causalmix_core.store import ProjectStore, describe
from tests.app.conftest import go, texts
from tests.app.tables import runs_csv
from tests.app.test_mixture_lab import LAB, key, radius, scenario

LINKED = Scenario(anchor="equal", radius=0.21, pool=PoolChoice().with_own("x_math__duplicate_rate", 0.5))


@pytest.fixture
def study():
    return ProjectStore().sample()


@pytest.fixture
def shelf(study):
    return ProjectStore().shelf(describe(study, sample=True))


def press(app, label):
    """Press the button of this label."""
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def save_as(app, name):
    next(field for field in app.text_input if field.label.startswith("Name")).set_value(name)
    app.run()
    label = next(b.label for b in app.button if b.label in ("Save", "Save as a copy"))
    return press(app, label)


def slide(app, study, percent):
    radius(app, study).set_value(percent)
    app.run()
    assert not app.exception


def test_undo_and_redo_go_back_and_forth_on_any_page(open_app, study):
    app = open_app(LAB)
    before = canonical_bytes(scenario(app, study))
    slide(app, study, 20.0)
    slide(app, study, 25.0)
    app.selectbox(key=key(app, study, "anchor")).select("equal").run()
    after = canonical_bytes(scenario(app, study))
    press(app, "Undo")
    assert (scenario(app, study).radius, scenario(app, study).anchor) == (0.25, "natural")
    assert radius(app, study).value == 25.0
    go(app, "pages/4_Effects.py")
    press(app, "Undo")
    assert canonical_bytes(scenario(app, study)) == before
    press(app, "Undo")
    assert canonical_bytes(scenario(app, study)) == before
    press(app, "Redo")
    press(app, "Redo")
    assert canonical_bytes(scenario(app, study)) == after


def test_undo_and_redo_have_keys(open_app):
    app = open_app()
    keys = {b.label: b.proto.shortcut for b in app.sidebar.button if b.label in ("Undo", "Redo")}
    assert {name: held.lower() for name, held in keys.items()} == {"Undo": "ctrl+z", "Redo": "ctrl+shift+z"}


def test_what_is_saved_is_the_scenario_with_its_numbers(open_app, study, shelf):
    app = open_app(LAB)
    slide(app, study, 22.0)
    save_as(app, "wide <b>")
    (saved,) = shelf.all()
    assert saved.name == "wide <b>"
    assert saved.content.scenario == scenario(app, study)
    kept = saved.content.decision
    assert kept.gain == pytest.approx(app.session_state["workbench"][study.sha256[:12]].decision.gain)
    assert "Scenario: wide \\<b\\>" in texts(app)
    slide(app, study, 23.0)
    assert "· changed" in texts(app)
    press(app, "Save wide \\<b\\>")
    assert shelf.all()[0].content.scenario.radius == 0.23
    assert "· changed" not in texts(app)


def test_a_save_ends_the_step_that_undo_takes_back(open_app, study):
    app = open_app(LAB)
    slide(app, study, 22.0)
    save_as(app, "wide")
    slide(app, study, 30.0)
    press(app, "Undo")
    assert scenario(app, study).radius == 0.22


def test_of_two_tabs_the_second_to_save_is_told_and_nothing_is_lost(open_app, study, shelf):
    one = open_app(LAB)
    save_as(one, "plan")
    two = open_app("pages/6_Compare.py")
    press(two, "Open")
    go(two, LAB)
    slide(two, study, 30.0)
    press(two, "Save plan")
    slide(one, study, 5.0)
    press(one, "Save plan")
    assert "changed by another tab" in one.error[0].value
    assert shelf.all()[0].content.scenario.radius == 0.3
    save_as(one, "plan, mine")
    assert not one.error
    assert {s.name: s.content.scenario.radius for s in shelf.all()} == {"plan": 0.3, "plan, mine": 0.05}


def test_a_name_that_is_taken_or_empty_is_one_red_line(open_app, shelf):
    app = open_app(LAB)
    save_as(app, "plan")
    save_as(app, "PLAN")
    assert "already" in app.error[0].value
    save_as(app, "  ")
    assert "needs a name" in app.error[0].value
    assert len(shelf.all()) == 1


def test_a_link_opens_its_scenario_on_any_page(open_app, study):
    for page in (None, LAB):
        app = open_app(page, scenario=to_link(LINKED, study, "f" * 64))
        assert scenario(app, study) == LINKED
        assert not app.error
    assert radius(app, study).value == 21.0


def test_a_link_from_another_fit_says_so(open_app, study):
    app = open_app(scenario=to_link(LINKED, study, "f" * 64))
    assert any("another fit" in warning.value for warning in app.warning)


def test_an_edited_scenario_leaves_the_address(open_app, study):
    app = open_app(scenario=to_link(LINKED, study, "f" * 64))
    app.run()
    assert "scenario" in app.query_params
    press(app, "Undo")
    app.run()
    assert "scenario" not in app.query_params
    assert scenario(app, study) != LINKED


@pytest.mark.parametrize("text", ["", "%%%", "A" * 9000, "eJwDAAAAAAE"])
def test_a_damaged_link_opens_the_project_and_says_why(open_app, study, text):
    app = open_app(scenario=text)
    assert len(app.error) == 1
    assert scenario(app, study) == Scenario(anchor="natural")
    assert "scenario" not in app.query_params


def test_a_link_of_another_project_changes_nothing(open_app, study):
    other = parse_runs(runs_csv(), "runs.csv")
    app = open_app(scenario=to_link(Scenario(radius=0.4), other, "f" * 64))
    assert "another table" in app.error[0].value
    assert scenario(app, study).radius == 0.15


def test_share_shows_the_address_that_opens_it(open_app, study):
    app = open_app(LAB)
    slide(app, study, 24.0)
    app.session_state[f"{study.sha256[:12]}:share"] = True
    app.run()
    address = urlsplit(next(code.value for code in app.code if "scenario=" in code.value))
    query = parse_qs(address.query)
    assert address.path.endswith("/mixture")
    assert query["project"] == [study.sha256[:12]]
    again = open_app(LAB, scenario=query["scenario"][0], project=query["project"][0])
    assert scenario(again, study) == scenario(app, study)
    assert not any("another fit" in warning.value for warning in again.warning)


def test_showing_a_scenario_does_not_edit_it(open_app, study):
    """Shares that no percentage with a few decimals says, rows in another order, a bound that asks for nothing."""
    raw = Scenario(
        anchor="entered",
        entered=(1 / 7,) * 7,
        bounds=(Bound("wiki", 1 / 30, 1 / 3), Bound("code"), Bound("docs", 0.07, 0.9)),
        supply=Supply(5e8, "tokens", (("wiki", 1e9 / 3), ("code", 2e8)), 4.0, (("math", 2.0), ("code", 1.5))),
    )
    app = open_app(LAB, scenario=to_link(raw, study, "f" * 64))
    app.run()
    assert scenario(app, study) == raw
    assert len(app.session_state["workbench"][study.sha256[:12]].history.scenarios) == 2
    assert not app.error
