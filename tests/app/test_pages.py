"""Every page opens on the shipped study, cold and warm, and says what the core says."""

from __future__ import annotations

import pytest

from causalmix_core.store import ProjectStore
from pages._ui.navigation import BY_KEY, PAGES
from tests.app.conftest import go, metric, texts
from tests.shipped import POOLS, study

CHARTS = {
    "overview": 0,
    "runs": 1,
    "proxy": 0,
    "fit": 2,
    "effects": 5,
    "mixture": 2,
    "compare": 0,
    "next": 2,
    "export": 0,
    "method": 0,
}


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_a_page_opens_on_the_study(open_app, spec):
    app = open_app(spec.file)
    assert app.title[0].value == spec.title
    assert not app.error
    assert len(app.get("plotly_chart")) == CHARTS[spec.key]


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_a_page_file_is_right_on_its_own(open_app, spec):
    """A deep link into a process that never ran app.py runs the page's file alone."""
    from streamlit.testing.v1 import AppTest

    from tests.app.conftest import ROOT, SECONDS

    app = AppTest.from_file(str(ROOT / spec.file), default_timeout=SECONDS)
    # Links between pages need the router; everything else must not.
    app.run()
    assert app.title[0].value == spec.title
    assert any(study().name in text.value for text in app.sidebar.markdown)


def test_the_groups_are_in_the_order_of_the_work():
    assert [spec.group for spec in PAGES] == [
        "Start",
        *["Evidence"] * 2,
        *["Model"] * 2,
        *["Decide"] * 4,
        "About",
    ]
    assert [spec.url_path for spec in PAGES] == [
        "",
        "runs",
        "proxy-lab",
        "fit",
        "effects",
        "mixture",
        "compare",
        "next-runs",
        "export",
        "method",
    ]


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_every_chart_has_a_description(open_app, spec):
    charts = open_app(spec.file).get("plotly_chart")
    assert all(len(chart.proto.alt) > 20 for chart in charts)


def test_the_card_is_on_every_page(open_app):
    app = open_app()
    for spec in PAGES:
        go(app, spec.file)
        shown = " ".join(text.value for text in (*app.sidebar.markdown, *app.sidebar.caption))
        assert study().name in shown
        assert f"{study().n_runs} runs · 7 domains · {len(POOLS)} pools" in shown
        assert "bpb_weighted" in shown.replace("\\", "")


def test_the_overview_shows_the_cores_numbers(open_app):
    from causalmix_core.delivery import numbers
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.cross_validation import cross_validate

    table = ProjectStore().sample()
    app = open_app()
    assert metric(app, "Proxy runs") == str(study().n_runs)
    tested = cross_validate(table, FitConfig(outcome="bpb_weighted"))
    assert metric(app, "Fit") == f"R² {tested.r2:.2f}"
    assert metric(app, "Expected gain at radius 15.0 %").startswith(("+", numbers.MINUS))


def test_the_active_project_is_in_the_link(open_app):
    app = open_app()
    sample = ProjectStore().sample()
    assert app.query_params["project"] == sample.sha256[:12]
    go(app, BY_KEY["fit"].file)
    assert app.query_params["project"] == sample.sha256[:12]


def test_a_link_to_an_unknown_project_opens_the_study_and_says_so(open_app):
    app = open_app(project="../../etc/passwd")
    assert "There is no project" in app.warning[0].value
    assert study().name in texts(app)


def test_without_any_table_every_page_has_its_empty_state(open_app, monkeypatch, tmp_path):
    monkeypatch.setattr("causalmix_core.store.SAMPLE_RUNS", tmp_path / "absent.csv")
    app = open_app()
    seen = set()
    for spec in PAGES:
        go(app, spec.file)
        assert not app.metric
        seen.add(next(m.value for m in app.main.markdown if ":material/inbox:" in m.value))
    assert len(seen) == len(PAGES)
