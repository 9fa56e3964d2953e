"""The named states: one red line, one amber line, one place to go."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import navigation
from pages._ui.navigation import PAGES

KEYS = [spec.key for spec in PAGES]


@pytest.fixture(autouse=True)
def links_said(monkeypatch):
    """Links between pages are said instead of made: there is no router here."""

    def said(key, label=None, project=None, **where):
        import streamlit

        streamlit.caption(f"link to {key}")

    monkeypatch.setattr(navigation, "link", said)


def draw(script: str) -> AppTest:
    """Run a few lines that draw one state."""
    head = "import streamlit as st\nfrom pages._ui import states\nfrom causalmix_core.errors import *\n"
    app = AppTest.from_string(head + script, default_timeout=30).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("key", KEYS)
def test_empty(key):
    app = draw(f"states.empty({key!r})")
    assert "inbox" in app.markdown[0].value
    assert ("link to runs" in [c.value for c in app.caption]) == (key != "runs")


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("runs", "proxy", "method")])
def test_not_fitted_offers_the_default_fit(key):
    app = draw(f"states.not_fitted({key!r}, lambda: st.session_state.update(done=True))")
    app.button[0].click().run()
    assert app.session_state["done"] is True


@pytest.mark.parametrize("key", KEYS)
def test_loading_shows_a_spinner_and_lets_the_work_through(key):
    app = draw(f"with states.loading({key!r}):\n    st.markdown('work')")
    assert app.markdown[0].value == "work"


def test_failed_is_one_red_line_without_markup():
    app = draw("states.failed(TableError('Row 3 of *x* holds [text](http://example.org).'))")
    assert [e.value for e in app.error] == [r"Row 3 of \*x\* holds \[text\](http://example.org)."]


def test_mendable_shows_a_users_mistake_and_no_other():
    app = draw("with states.mendable():\n    raise PoolError('The pool lacks x.')\nst.markdown('goes on')")
    assert (app.error[0].value, app.markdown[0].value) == ("The pool lacks x.", "goes on")
    with pytest.raises(AssertionError):
        draw("with states.mendable():\n    raise RuntimeError('ours')")


@pytest.mark.parametrize("key", KEYS)
def test_stale_says_why(key):
    app = draw(f"states.stale({key!r}, 'the table changed.')")
    assert app.warning[0].value == "Out of date: the table changed."


def test_refused_counts_the_errors():
    app = draw(
        "from causalmix_core.evidence import Issue\n"
        "issue = Issue('error', 'code', 'Row 3 is empty.', 'Fill it.')\n"
        "states.refused((issue, issue, Issue('note', 'n', 'A note.', '')))"
    )
    assert app.error[0].value == "Row 3 is empty. Fill it. 1 more below."
    assert "stays as it was" in app.caption[0].value


def test_infeasible_names_the_rows_to_change():
    app = draw("states.infeasible(InfeasibleRegion('The floors add up to 104 %.'))")
    assert app.error[0].value == "The floors add up to 104 %."


def test_averages_say_why_there_is_no_map():
    app = draw("states.averages('Covariates are *off*.')")
    assert "average effects" in app.markdown[0].value
    assert app.caption[0].value == r"Covariates are \*off\*."


def test_outside_support_is_amber():
    assert draw("states.outside_support('Extrapolated.')").warning[0].value == "Extrapolated."
