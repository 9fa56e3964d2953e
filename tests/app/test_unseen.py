"""The Effects page's expander for a domain that no run has seen."""

from __future__ import annotations

import json

import pytest

from causalmix_core.delivery.unseen import lodo_sentence, unseen_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out
from causalmix_core.effects.unseen import unseen_effect
from causalmix_core.evidence.domain_state import own_columns, own_names
from causalmix_core.store import ProjectStore
from tests.app.conftest import texts

EFFECTS = "pages/4_Effects.py"


def plain(text: str) -> str:
    return text.replace("\\", "")


@pytest.fixture
def opened(open_app):
    """The Effects page with the expander open and each domain left out, once a process."""
    app = open_app(EFFECTS)
    app.session_state["effects:unseen"] = True
    app.run()
    if asked := [button for button in app.button if button.key == "effects:unseen_run"]:
        asked[0].click().run()
    assert not app.exception
    return app


def test_a_domain_without_runs_is_foretold_and_marked(opened):
    study = ProjectStore().sample()
    fitted = fit(study, FitConfig(study.default_outcome))
    report = leave_one_domain_out(fitted)
    own = study.states[:, own_columns(study)].mean(axis=(0, 1))
    found = unseen_effect(fitted, "new domain", own, fitted.default_pool, study.natural, report)
    assert lodo_sentence(report) in plain(texts(opened))
    assert any(unseen_sentence(fitted.outcome, found) == plain(w.value) for w in opened.warning)
    assert any("new domain, seen in no run" in chart.proto.alt for chart in opened.get("plotly_chart"))


def test_a_state_from_a_file_replaces_the_fields(opened):
    study = ProjectStore().sample()
    key = f"{study.sha256[:12]}:unseen_file"
    before = [w.value for w in opened.warning]
    state = {
        name: float(v)
        for name, v in zip(
            own_names(study), study.states[:, own_columns(study)].max(axis=(0, 1)), strict=True
        )
    }
    opened.file_uploader(key=key).upload("state.json", json.dumps(state).encode()).run()
    assert not opened.exception
    assert [w.value for w in opened.warning] != before
    opened.file_uploader(key=key).upload("state.json", b'{"hes": 1}').run()
    assert "lacks normalized" in plain(opened.error[0].value)
