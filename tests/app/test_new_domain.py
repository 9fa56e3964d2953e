"""A domain that no run has seen on the pages: added in the Mixture lab, marked everywhere, removed with one click."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest

from benchmarks.worlds import make_world
from causalmix_core.cli.main import main
from causalmix_core.delivery.reading import read_document
from causalmix_core.effects.config import FitConfig
from causalmix_core.evidence import parse_runs, table_csv, table_meta
from causalmix_core.scenarios.scenario import Bound
from causalmix_core.store import ProjectStore
from pages._ui.export import package
from tests.app.conftest import go, metric, texts

LAB, EXPORT, COMPARE, NEXT = (
    "pages/5_Mixture_lab.py",
    "pages/8_Export.py",
    "pages/6_Compare.py",
    "pages/7_Next_runs.py",
)
CONFIG = FitConfig("score", "shared-slopes", epsilon=0.1)
WELCOME = {"c0": -1.0, "c1": -1.0, "c2": 1.0}


@pytest.fixture(scope="module")
def table():
    """Runs of a world whose five domains share a law."""
    return parse_runs(
        table_csv(make_world(5, 3, own=True, confounding=0.5, seed=1).table(300, 1)), "world.csv"
    )


@pytest.fixture
def lab(open_app, table):
    """The Mixture lab of that world, fitted."""
    project = ProjectStore().add(table)
    ProjectStore().keep_settings(project.id, {"fit": CONFIG.to_json()})
    return open_app(LAB, project=project.id)


def plain(app) -> str:
    return texts(app).replace("\\", "")


def bench(app, table):
    return app.session_state["workbench"][table.sha256[:12]]


def control(app, table, name: str) -> str:
    return f"{table.sha256[:12]}:{name}:{bench(app, table).revision}"


def click(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception


def add(app, table, name: str = "poetry") -> None:
    """Add a domain, then give it a welcome state by a file."""
    key = control(app, table, "new_domain")
    app.text_input(key=key).set_value(name)
    click(app, f"{key}:add")


def describe(app, table) -> None:
    app.file_uploader(key=f"{table.sha256[:12]}:new_domain_file").upload(
        "poetry.json", json.dumps(WELCOME).encode()
    ).run()
    assert not app.exception


def shares(app) -> dict[str, str]:
    frame = next(d.value for d in app.dataframe if "Proposed %" in d.value.columns)
    return dict(zip(frame["Domain"], frame["Proposed %"], strict=True))


def test_it_is_added_marked_and_removed_with_one_click(lab, table):
    before = (metric(lab, "Estimated gain"), shares(lab))
    add(lab, table)
    new = bench(lab, table).scenario.new_domain
    assert new is not None
    assert new.name == "poetry"
    typed = lab.number_input(key=control(lab, table, "new_domain:c0"))
    assert typed.value == dict(new.state)["c0"]
    describe(lab, table)
    assert dict(bench(lab, table).scenario.new_domain.state) == WELCOME
    assert shares(lab)["poetry (no runs)"] == "5.0"
    said = plain(lab)
    assert "Allowed up to 5.0 % of poetry, which no run has seen, the best mixture holds 5.0 %" in said
    assert "Leaving out each of the 5 domains in turn" in said
    assert "poetry, which no run has seen, is at 5.0 %, the largest share" in said
    assert any("poetry (no runs) 0.0 to 5.0 %" in chart.proto.alt for chart in lab.get("plotly_chart"))
    click(lab, control(lab, table, "new_domain:remove"))
    assert bench(lab, table).scenario.new_domain is None
    assert (metric(lab, "Estimated gain"), shares(lab)) == before


def test_undo_and_redo_go_through_it(lab, table):
    project = table.sha256[:12]
    add(lab, table)
    added = bench(lab, table).scenario
    key = control(lab, table, "new_domain:c2")
    lab.number_input(key=key).set_value(1.5).run()
    assert not lab.exception
    typed = bench(lab, table).scenario
    assert dict(typed.new_domain.state)["c2"] == 1.5
    click(lab, f"{project}:undo")
    assert bench(lab, table).scenario == added
    click(lab, f"{project}:undo")
    assert bench(lab, table).scenario.new_domain is None
    click(lab, f"{project}:redo")
    click(lab, f"{project}:redo")
    assert bench(lab, table).scenario == typed


def test_a_name_or_a_state_that_cannot_be_used_is_said(lab, table):
    add(lab, table, "d0")
    assert bench(lab, table).scenario.new_domain is None
    assert "d0" in lab.error[0].value
    add(lab, table, " ")
    assert "needs a name" in lab.error[0].value
    add(lab, table)
    assert not lab.error
    lab.file_uploader(key=f"{table.sha256[:12]}:new_domain_file").upload("s.json", b'{"c1": 1}').run()
    assert "lacks c0, c2" in lab.error[0].value


def test_more_than_its_gain_is_refused_and_the_controls_stay(lab, table):
    add(lab, table)
    lab.selectbox(key=control(lab, table, "objective")).set_value("lower_bound").run()
    assert not lab.exception
    assert not lab.error
    lab.selectbox(key=control(lab, table, "objective")).set_value("least_change").run()
    assert not lab.exception
    assert "ask for the sure or the expected gain" in lab.error[0].value
    click(lab, control(lab, table, "new_domain:remove"))
    assert not lab.error


@pytest.mark.parametrize("chart", ["Pool shift", "Three domains"])
def test_pictures_hold_it(lab, table, chart):
    add(lab, table)
    describe(lab, table)
    picture = lab.segmented_control(key=f"{table.sha256[:12]}:picture:new")
    picture.set_value(chart).run()
    assert not lab.exception
    assert not lab.error


def test_other_pages_follow(lab, table):
    add(lab, table)
    describe(lab, table)
    go(lab, NEXT)
    assert "Planned for the decision without poetry" in "".join(one.value for one in lab.info)
    go(lab, COMPARE)
    assert not lab.error


def test_the_document_of_the_page_is_that_of_the_command_line(lab, table, tmp_path, monkeypatch):
    add(lab, table)
    describe(lab, table)
    go(lab, EXPORT)
    scenario = bench(lab, table).scenario
    if reasons := [area for area in lab.text_area if area.label.startswith("Why is this mixture used")]:
        reasons[0].set_value("a test").run()
    document = json.loads(lab.json[0].value)
    assert document["new_domain"]["domain"] == "poetry"
    (tmp_path / "runs.csv").write_bytes(table_csv(table))
    (tmp_path / "runs.meta.json").write_bytes(table_meta(table))
    files = package.input_files(table, scenario)
    assert json.loads(files["new_domain.json"]) == WELCOME
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    reason = document["checks"]["accepted_because"] or ""
    for line in package.commands(table, CONFIG, scenario, "", reason).replace("\\\n", "").splitlines():
        assert main(shlex.split(line)[3:]) == 0
    assert read_document((tmp_path / "mixture.json").read_bytes())["id"] == document["id"]


def test_its_cap_stands_in_the_table_of_bounds(lab, table):
    add(lab, table)
    describe(lab, table)
    project = table.sha256[:12]
    benches = lab.session_state["workbench"]
    one = benches[project]
    capped = replace(one.scenario, bounds=(Bound("poetry", cap=0.02),))
    benches[project] = replace(one, history=one.history.edited(capped), revision=one.revision + 1)
    lab.run()
    assert not lab.exception
    assert bench(lab, table).scenario == capped
    assert shares(lab)["poetry (no runs)"] == "2.0"
