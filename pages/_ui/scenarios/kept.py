"""What the pages do with a project's kept scenarios: each acts on the shelf and on this tab's workbench.

A mistake (a name that is taken, another tab that wrote first) is kept until the next action, so
that a callback can report it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from pages._ui import fits, projects, results, states, workbench
from pages._ui.workbench import Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.saved import Content, SavedScenario
    from causalmix_core.scenarios.scenario import Scenario
    from causalmix_core.scenarios.shelf import Shelf
    from pages._ui.shell import OpenPage


def shelf(page: OpenPage) -> Shelf:
    """The project's shelf.

    Raises
    ------
    ProjectError : the project was removed.
    """
    return projects.store().shelf(page.project)


def all_of(page: OpenPage) -> tuple[SavedScenario, ...]:
    """The project's kept scenarios, the one changed last first; a file that cannot be read is said."""
    try:
        return shelf(page).all()
    except CausalMixError as problem:
        states.failed(problem)
        return ()


def acting(page: OpenPage, act: Callable[[], None]) -> Callable[[], None]:
    """A callback that does ``act`` and keeps its mistake for :func:`show_problem`."""
    key = _problem(page)

    def call() -> None:
        st.session_state.pop(key, None)
        try:
            act()
        except CausalMixError as problem:
            st.session_state[key] = problem

    return call


def show_problem(page: OpenPage) -> None:
    """The mistake of the last action, until the next one."""
    problem = st.session_state.get(_problem(page))
    if problem is not None:
        states.failed(problem)


def _problem(page: OpenPage) -> str:
    return f"{page.project.id}:scenarios:problem"


def present_fit(page: OpenPage) -> Fit:
    """The fit that scenarios are decided with now.

    Raises
    ------
    ScenarioError : nothing was fitted yet.
    """
    from causalmix_core.errors import ScenarioError

    fitted = fits.current_or_none(page)
    if fitted is None:
        raise ScenarioError("A scenario is kept with its numbers: fit the table first.")
    return fitted


def content(page: OpenPage, scenario: Scenario) -> Content:
    """What is kept of a scenario decided with the present fit.

    Raises
    ------
    CausalMixError : it cannot be decided.
    """
    from causalmix_core.scenarios.saved import content_of

    fitted = present_fit(page)
    raised = fits.panel(fitted, scenario).raised.outcome
    return content_of(fitted, scenario, results.decision(fitted, scenario), raised)


def save_as(page: OpenPage, name: str) -> None:
    """Keep the scenario being worked on under a new name.

    Raises
    ------
    ScenarioError : see the shelf.
    """
    opened = page.bench.opened
    parent = None if opened is None else opened.key
    _now_at(page, shelf(page).add(name, content(page, page.bench.scenario), parent))


def save(page: OpenPage, opened: Opened) -> None:
    """Keep the scenario being worked on in the place of the one it was opened from.

    Raises
    ------
    ScenarioError : another tab has changed or deleted that one since.
    """
    saved = shelf(page).save(opened.key, opened.revision, content(page, page.bench.scenario))
    _now_at(page, saved)


def open_saved(page: OpenPage, saved: SavedScenario) -> None:
    """Work on a kept scenario; going back to what was there before is one undo."""
    workbench.put_scenario(page.project.id, saved.content.scenario)
    fits.aim(page)
    _now_at(page, saved)


def recompute(page: OpenPage, saved: SavedScenario) -> None:
    """Put the numbers of the present fit in the place of those that were kept.

    Raises
    ------
    CausalMixError : it cannot be decided, or another tab has changed it since.
    """
    scenario = saved.content.scenario.aimed(present_fit(page).target)
    shelf(page).save(saved.key, saved.revision, content(page, scenario))


def rename(page: OpenPage, saved: SavedScenario, name: str) -> None:
    """Give a kept scenario another name.

    Raises
    ------
    ScenarioError : see the shelf.
    """
    renamed = shelf(page).rename(saved.key, saved.revision, name)
    opened = page.bench.opened
    if opened is not None and opened.key == saved.key:
        now = Opened(saved.key, renamed.name, renamed.revision, opened.scenario)
        workbench.update(page.project.id, opened=now)


def delete(page: OpenPage, saved: SavedScenario) -> None:
    """Delete a kept scenario; what this tab works on stays.

    Raises
    ------
    ScenarioError : another tab has changed it since.
    """
    shelf(page).delete(saved.key, saved.revision)
    opened = page.bench.opened
    if opened is not None and opened.key == saved.key:
        workbench.update(page.project.id, opened=None)


def _now_at(page: OpenPage, saved: SavedScenario) -> None:
    workbench.seal(page.project.id)
    opened = Opened(saved.key, saved.name, saved.revision, page.bench.scenario)
    workbench.update(page.project.id, opened=opened)
