"""The current fit of a project: its settings, and the fitted object kept in memory.

A fit is made once per table and settings in a process and shared by all tabs; moving a slider
never comes here with anything but a hash that is already known.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import ConfigError
from pages._ui import projects, states, workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.checks.check import Checkup
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.panel import Panel
    from causalmix_core.effects.views import CrossValidation
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario
    from causalmix_core.store import Project
    from pages._ui.shell import OpenPage

    Progress = Callable[[float, str], None]

_SETTING = "fit"


def fit_key(table: RunsTable, config: FitConfig) -> str:
    """Hash of a fit without fitting it."""
    from causalmix_core.effects.fit import fit_hash

    return fit_hash(table.sha256, config)


class _Place:
    """Where one fit, its test, its checks and what leaving out each domain shows are kept.

    The cache makes it empty and it is filled outside, because a cached function may not write
    progress to the page that waits for it.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.fit: Fit | None = None
        self.tested: CrossValidation | None = None
        self.checked: Checkup | None = None
        self.left_out: LodoReport | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(key: str) -> _Place:
    return _Place()


def _fitted(table: RunsTable, config: FitConfig, progress: Progress | None = None) -> Fit:
    """Fit once per process, table and settings; who comes second waits for the first."""
    from causalmix_core.effects.fit import fit

    place = _place(fit_key(table, config))
    with place.lock:
        if place.fit is None:
            place.fit = fit(table, config, progress)
        return place.fit


def beside(fitted: Fit, outcome: str) -> Fit | None:
    """The fit of another outcome with the same settings and epsilon, or None while it was not asked for."""
    from causalmix_core.effects.beside import settings_beside

    return _place(fit_key(fitted.table, settings_beside(fitted, outcome))).fit


def run_beside(fitted: Fit, outcome: str) -> Fit:
    """Fit another outcome beside a fit, once per process."""
    from causalmix_core.effects.beside import settings_beside

    return _fitted(fitted.table, settings_beside(fitted, outcome))


def panel(fitted: Fit, scenario: Scenario) -> Panel:
    """The fits that a scenario decides by: ``fitted`` alone, or with those of further outcomes, each made once.

    Raises
    ------
    ObjectiveError, ConfigError : a weight, a floor or an outcome that cannot be worked with.
    UnseenDomainError : a new domain that the runs do not support, or of which more than its gain is asked.
    """
    from causalmix_core.scenarios.decide import panel_of

    if scenario.new_domain is not None:
        return panel_of(fitted, scenario, leave_out=_left_out_with_news)
    if not (scenario.weights or scenario.floors):
        return panel_of(fitted, scenario)
    with st.spinner("Fitting the outcomes asked for…", show_time=True):
        return panel_of(fitted, scenario, make=lambda table, config, report: _fitted(table, config))


def left_out(fitted: Fit) -> LodoReport | None:
    """What leaving out each domain shows, or None while that was not asked for."""
    return _place(fitted.sha256).left_out


def run_left_out(fitted: Fit, progress: Progress | None = None) -> LodoReport:
    """Leave each domain out of a fit, once per process.

    Raises
    ------
    UnseenDomainError : the fit has no law shared by domains, or too few domains.
    """
    from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out

    place = _place(fitted.sha256)
    with place.lock:
        if place.left_out is None:
            place.left_out = leave_one_domain_out(fitted, progress=progress)
        return place.left_out


def _left_out_with_news(fitted: Fit) -> LodoReport:
    found = left_out(fitted)
    if found is not None:
        return found
    with st.spinner(
        "Leaving out each domain in turn, to see how far its state foretells it…", show_time=True
    ):
        return run_left_out(fitted)


def tested(fitted: Fit) -> CrossValidation | None:
    """How the fit did on unseen pools, or None while that was not asked for."""
    return _place(fitted.sha256).tested


def run_test(fitted: Fit, progress: Progress | None = None) -> CrossValidation:
    """Test a fit on pools left out of it, once per process."""
    from causalmix_core.effects.cross_validation import cross_validate

    place = _place(fitted.sha256)
    with place.lock:
        if place.tested is None:
            place.tested = cross_validate(fitted.table, fitted.resolved, progress=progress)
        return place.tested


def checked(fitted: Fit) -> Checkup | None:
    """The checks of a fit, or None while they were not asked for."""
    return _place(fitted.sha256).checked


def checked_of(table: RunsTable, config: FitConfig) -> Checkup | None:
    """The same by table and settings, without the fit at hand."""
    return _place(fit_key(table, config)).checked


def run_checks(fitted: Fit, progress: Progress | None = None) -> Checkup:
    """Check a fit, once per process."""
    from causalmix_core.checks.checkup import check_fit

    place = _place(fitted.sha256)
    with place.lock:
        if place.checked is None:
            place.checked = check_fit(fitted, progress=progress)
        return place.checked


def default_config(table: RunsTable) -> FitConfig:
    """The settings a project starts with."""
    from causalmix_core.effects.config import FitConfig

    return FitConfig(outcome=table.default_outcome)


def config_of(project: Project, table: RunsTable) -> FitConfig | None:
    """Settings of the current fit: this tab's, else those kept with the project.

    None before the first fit; the shipped study starts with the default settings.
    """
    bench = workbench.of(project.id, table)
    if bench.config is not None:
        return bench.config
    return default_config(table) if project.sample else _kept_config(project)


def _kept_config(project: Project) -> FitConfig | None:
    from causalmix_core.effects.config import FitConfig

    kept = projects.store().settings(project.id).get(_SETTING)
    if not isinstance(kept, dict):
        return None
    try:
        return FitConfig.from_json(kept)
    except ConfigError:
        return None


def run(page: OpenPage, config: FitConfig, progress: Progress | None = None) -> Fit:
    """Fit with ``config`` and make it the current fit of the project.

    Raises
    ------
    ConfigError : the settings do not go with the table; the current fit stays as it was.
    """
    fitted = _fitted(page.table, config, progress)
    workbench.update(page.project.id, config=config)
    aim(page)
    if not page.project.sample:
        kept = projects.store().settings(page.project.id)
        projects.store().keep_settings(page.project.id, {**kept, _SETTING: config.to_json()})
    return fitted


def aim(page: OpenPage) -> None:
    """Give the pool at hand the target size of the current fit, wherever either came from."""
    from causalmix_core.effects.target import target_sizes

    config = config_of(page.project, page.table)
    wanted = target_sizes(page.table, config) if config else {}
    scenario = page.bench.scenario
    aimed = scenario.aimed(wanted)
    if aimed != scenario:
        workbench.amend_scenario(page.project.id, aimed)


def need(page: OpenPage) -> Fit:
    """The current fit; without one, show the page's empty state and stop."""
    config = config_of(page.project, page.table)
    if config is None:
        states.not_fitted(page.key, lambda: _fit_by_default(page))
        page.show_decision()
        st.stop()
    if page.bench.pending is not None:
        states.stale(
            page.key, "settings were changed on the Fit page and not fitted yet; this shows the last fit."
        )
    with states.mendable(), states.loading(page.key):
        return _fitted(page.table, config)
    page.show_decision()
    st.stop()


def current_or_none(page: OpenPage) -> Fit | None:
    """The current fit for the Fit page itself, which has its own empty state."""
    config = config_of(page.project, page.table)
    if config is None:
        return None
    with states.mendable(), states.loading(page.key):
        return _fitted(page.table, config)
    return None


def _fit_by_default(page: OpenPage) -> None:
    with states.mendable():
        run(page, default_config(page.table))
