"""Checks on the pages: the Fit page's cards, the sidebar's badge, and the Export page's lock."""

from __future__ import annotations

import json

import numpy as np
import pytest

from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from tests.app.conftest import go, texts
from tests.app.tables import runs_csv

FIT, EXPORT, OVERVIEW = "pages/3_Fit.py", "pages/8_Export.py", "pages/1_Overview.py"


@pytest.fixture
def noise():
    """A project whose outcome is noise: its checks fail."""
    header, *rows = runs_csv().decode().strip().split("\n")
    drawn = np.random.default_rng(0).normal(size=len(rows)).round(4)
    made = [f"{row.rpartition(',')[0]},{value}" for row, value in zip(rows, drawn, strict=True)]
    return ProjectStore().add(parse_runs(("\n".join([header, *made]) + "\n").encode(), "noise.csv"))


def fitted(open_app, project):
    app = open_app(FIT, project=project.id)
    app.button(key="fit:run").click().run()
    assert not app.exception
    return app


def badges(app) -> str:
    return "".join(found.value for found in app.sidebar.markdown)


def test_checks_are_made_on_request_and_shown_by_status(open_app, noise):
    app = fitted(open_app, noise)
    assert "Checks:" not in badges(app)
    app.button(key="fit:check").click().run()
    assert not app.exception
    assert "Do not rely on this fit as it is" in texts(app)
    assert "**Effects come true**" in texts(app)
    assert "do not show that the mixture matters" in texts(app)
    assert "Checks:" in badges(app)
    assert " fail" in badges(app)
    statuses = [list(frame.value["Status"]) for frame in app.dataframe if "Passes at" in frame.value]
    assert len(statuses[0]) == 16
    assert "FAIL" in statuses[0]
    go(app, OVERVIEW)
    assert "Fit checked: " in texts(app)


def test_a_failed_check_locks_the_export_until_a_reason_is_typed(open_app, noise):
    app = fitted(open_app, noise)
    go(app, EXPORT)
    assert not [b for b in app.get("download_button") if b.key.startswith("export:")]
    assert json.loads(app.json[0].value)["checks"]["accepted_because"] is None

    app.text_area[0].set_value("   ").run()
    assert not [b for b in app.get("download_button") if b.key.startswith("export:")]

    app.text_area[0].set_value("a dry run of the pipeline").run()
    assert not app.exception
    keys = [b.key for b in app.get("download_button") if b.key.startswith("export:")]
    assert keys == ["export:mixture.json", "export:shares.csv", "export:llama_factory.zip"]
    document = json.loads(app.json[0].value)
    assert document["checks"]["verdict"] == "FAIL"
    assert document["checks"]["accepted_because"] == "a dry run of the pipeline"
    assert "--accept 'a dry run of the pipeline'" in app.code[0].value
