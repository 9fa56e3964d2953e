"""The Effects page's expander for a domain that no run has seen."""

from __future__ import annotations

import json

import pytest

from benchmarks.worlds import make_world
from causalmix_core.delivery.unseen import lodo_sentence, unseen_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out
from causalmix_core.effects.unseen import unseen_effect
from causalmix_core.evidence import parse_runs, table_csv
from causalmix_core.evidence.domain_state import own_columns
from causalmix_core.store import ProjectStore
from tests.app.conftest import texts

EFFECTS = "pages/4_Effects.py"
CONFIG = FitConfig("score", "shared-slopes", epsilon=0.1)


def plain(text: str) -> str:
    return text.replace("\\", "")


@pytest.fixture(scope="module")
def table():
    """Runs of a world whose five domains share a law."""
    made = make_world(5, 3, own=True, confounding=0.5, seed=1).table(300, 1)
    return parse_runs(table_csv(made), "world.csv")


@pytest.fixture(scope="module")
def report(table):
    return leave_one_domain_out(fit(table, CONFIG))


@pytest.fixture
def opened(open_app, table):
    """The Effects page with the expander open and each domain left out, once a process."""
    project = ProjectStore().add(table)
    ProjectStore().keep_settings(project.id, {"fit": CONFIG.to_json()})
    app = open_app(EFFECTS, project=project.id)
    app.session_state["effects:unseen"] = True
    app.run()
    if asked := [button for button in app.button if button.key == "effects:unseen_run"]:
        asked[0].click().run()
    assert not app.exception
    return app


def test_a_domain_without_runs_is_foretold_and_marked(opened, table, report):
    fitted = fit(table, CONFIG)
    own = table.states[:, own_columns(table)].mean(axis=(0, 1))
    anchor = table.shares.mean(axis=0)
    found = unseen_effect(fitted, "new domain", own, fitted.default_pool, anchor, report)
    assert lodo_sentence(report) in plain(texts(opened))
    assert any(unseen_sentence(fitted.outcome, found) == plain(w.value) for w in opened.warning)
    assert any("new domain, seen in no run" in chart.proto.alt for chart in opened.get("plotly_chart"))
    assert "In the Mixture lab: Allowed up to 5.0 % of new domain, which no run has seen" in plain(
        texts(opened)
    )


def test_a_state_from_a_file_replaces_the_fields(opened, table):
    uploader = f"{table.sha256[:12]}:unseen_file"
    before = [w.value for w in opened.warning]
    opened.file_uploader(key=uploader).upload(
        "s.json", json.dumps({"c0": 9.0, "c1": 1.0, "c2": 1.0}).encode()
    ).run()
    assert not opened.exception
    assert [w.value for w in opened.warning] != before
    assert "Its c0 lies beyond those of all seen domains" in plain(opened.warning[-1].value)
    opened.file_uploader(key=uploader).upload("s.json", b'{"c1": 1}').run()
    assert "lacks c0, c2" in plain(opened.error[0].value)


def test_it_can_be_added_to_the_pool_at_hand(opened, table):
    opened.button(key="effects:unseen_add").click().run()
    assert not opened.exception
    bench = opened.session_state["workbench"][table.sha256[:12]]
    own = table.states[:, own_columns(table)].mean(axis=(0, 1))
    assert bench.scenario.new_domain is not None
    assert bench.scenario.new_domain.name == "new domain"
    assert bench.scenario.new_domain.values(table) == pytest.approx(own)
    assert not [button for button in opened.button if button.key == "effects:unseen_add"]
