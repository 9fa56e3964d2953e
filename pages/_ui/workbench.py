"""What one browser tab is working on: the open project, its fit settings, its scenario, its results.

Everything sits under one key of the session, per project, as plain frozen values. Widgets edit it
through callbacks and are set from it before they are drawn, so it is the only truth: it outlives
page switches, and a reset is one assignment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.scenarios.history import History
from causalmix_core.scenarios.scenario import Scenario, default_scenario

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName, FitConfig
    from causalmix_core.evidence.table import RunsTable

_KEY = "workbench"
_PROJECT = "project"


@dataclass(frozen=True)
class DecisionSummary:
    """The last decision that was computed, for the sidebar and the overview."""

    fit_sha256: str
    scenario: Scenario
    gain: float
    interval: tuple[float, float]
    unit: str
    moved: float


@dataclass(frozen=True)
class Opened:
    """The kept scenario that this tab works from: its key, name and revision as read, and its content then."""

    key: int
    name: str
    revision: int
    scenario: Scenario


@dataclass(frozen=True)
class Workbench:
    """State of one project in one tab.

    Attributes
    ----------
    history : the decision being worked on, with what undo and redo lead to.
    opened : the kept scenario that it was opened from or saved as, or None.
    linked : text of the link that was opened last, and the scenario that it brought; or None.
    config : settings of the current fit, or None before the first fit.
    decision : summary of the last decision computed, or None.
    exports : file names downloaded in this session.
    exported_id : id of the document of the last download, "" before the first.
    pending : settings on the Fit page that were changed and not fitted yet, or None.
    taken : name of the estimator put into the form by another part of the page, "" before, and how often one was.
    touched : True once any control of the scenario was moved.
    revision : counts changes that no widget made by hand; part of every control's key.
    """

    history: History
    opened: Opened | None = None
    linked: tuple[str, Scenario] | None = None
    config: FitConfig | None = None
    decision: DecisionSummary | None = None
    exports: tuple[str, ...] = ()
    exported_id: str = ""
    pending: FitConfig | None = None
    taken: tuple[str, int] = ("", 0)
    touched: bool = False
    revision: int = 0

    @property
    def scenario(self) -> Scenario:
        """The decision being worked on."""
        return self.history.present


def active_project() -> str | None:
    """Id of the project this tab has open, or None before the first page."""
    found = st.session_state.get(_PROJECT)
    return found if isinstance(found, str) else None


def activate(project: str) -> None:
    """Open a project in this tab and say so in the link."""
    st.session_state[_PROJECT] = project
    if st.query_params.get(_PROJECT) != project:
        st.query_params[_PROJECT] = project


def leave(project: str) -> None:
    """Forget a project that was removed; if it was open, the next page opens the shipped study."""
    st.session_state.setdefault(_KEY, {}).pop(project, None)
    if active_project() == project:
        del st.session_state[_PROJECT]
        if _PROJECT in st.query_params:
            del st.query_params[_PROJECT]


def of(project: str, table: RunsTable) -> Workbench:
    """The workbench of a project, made on first need."""
    benches: dict[str, Workbench] = st.session_state.setdefault(_KEY, {})
    if project not in benches:
        benches[project] = Workbench(History((default_scenario(table),)))
    return benches[project]


def current(project: str) -> Workbench:
    """The workbench of a project that this tab has opened."""
    benches: dict[str, Workbench] = st.session_state[_KEY]
    return benches[project]


def update(project: str, **changes: object) -> None:
    """Replace fields of a project's workbench."""
    benches: dict[str, Workbench] = st.session_state[_KEY]
    benches[project] = replace(benches[project], **changes)  # type: ignore[arg-type]


def take_over(project: str, estimator: EstimatorName) -> None:
    """Put an estimator into the form: its box is made anew, since a widget is never set after it was made."""
    _, times = current(project).taken
    update(project, taken=(estimator, times + 1))


def edit_scenario(project: str, **changes: object) -> None:
    """Replace fields of the scenario of a project: what a control does when it is moved."""
    bench = current(project)
    edited = replace(bench.scenario, **changes)  # type: ignore[arg-type]
    update(project, history=bench.history.edited(edited), touched=True)


def set_scenario(project: str, **changes: object) -> None:
    """The same from outside the controls that show these fields: they are made anew."""
    put_scenario(project, replace(current(project).scenario, **changes))  # type: ignore[arg-type]


def put_scenario(project: str, scenario: Scenario) -> None:
    """Another scenario altogether, as a step of its own; all controls are made anew."""
    history = current(project).history.sealed().edited(scenario).sealed()
    _turn(project, history)


def amend_scenario(project: str, scenario: Scenario) -> None:
    """Put the scenario right without a step that could be undone; all controls are made anew."""
    history = current(project).history.amended(scenario)
    update(project, history=history, revision=current(project).revision + 1)


def seal(project: str) -> None:
    """The next move of a slider is a step of its own: something was saved."""
    update(project, history=current(project).history.sealed())


def undo(project: str) -> None:
    """Back to the scenario before the last change."""
    _turn(project, current(project).history.undone())


def redo(project: str) -> None:
    """Forward again to what was undone."""
    _turn(project, current(project).history.redone())


def reset_scenario(project: str, table: RunsTable) -> None:
    """Back to the project's starting scenario, which can be undone too."""
    put_scenario(project, default_scenario(table))


def _turn(project: str, history: History) -> None:
    update(project, history=history, touched=True, revision=current(project).revision + 1)
