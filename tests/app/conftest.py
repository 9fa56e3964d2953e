"""The app in-process: a projects folder of its own, and small tables to upload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from causalmix_core.store import ROOT_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90  # a page's run on a busy machine; the fit of the study is in it once a process

OpenApp = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def projects_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of projects, in place of the machine's own."""
    root = tmp_path / "projects"
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    return root


@pytest.fixture
def open_app() -> OpenApp:
    """Open the app on a page file, as one tab of a browser would; every run is checked for errors."""

    def opened(page: str | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return go(app, page) if page else app

    return opened


def go(app: AppTest, page: str) -> AppTest:
    """Switch the tab to another page file."""
    app.switch_page(page).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    """All Markdown, captions and alerts of the main area and the sidebar, joined."""
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.subheader]
    return "\n".join(str(part.value) for part in parts)


def metric(app: AppTest, label: str) -> str:
    """The value of the metric whose label begins so."""
    return next(m.value for m in app.metric if m.label.startswith(label))
