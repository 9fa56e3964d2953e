"""The sidebar's project card: what is open, how it was fitted, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import fits, navigation, verdicts
from pages._ui.scenarios import bar
from pages._ui.words import escape

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.store import Project
    from pages._ui.workbench import Workbench


def claim() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The card's two places in the sidebar: project with fit, and decision."""
    with st.sidebar.container(border=True, gap="xsmall"):
        return st.empty(), st.container()


def draw_empty(slot: DeltaGenerator) -> None:
    """The card when nothing is open."""
    with slot.container():
        st.markdown("**No project**")
        navigation.link("runs", "Upload a table")


def draw_project(slot: DeltaGenerator, project: Project, table: RunsTable) -> None:
    """Name, size and fit, in place of what the slot showed before."""
    config = fits.config_of(project, table)
    with slot.container(gap="xsmall"):
        st.markdown(f"**{escape(project.name)}**")
        st.caption(_size(table))
        if config is None:
            st.badge("Not fitted", icon=":material/pending:", color="gray")
        else:
            st.badge(f"Fitted · {config.estimator}", icon=":material/check:", color="green")
            st.caption(f"Outcome: {escape(config.outcome)}")
            checkup = fits.checked_of(table, config)
            if checkup is not None:
                verdicts.short_badge(checkup.checks)


def draw_decision(slot: DeltaGenerator, project: Project, table: RunsTable, bench: Workbench) -> None:
    """Radius and gain of the last decision, and the way to another project.

    Written once a run, and by the Mixture lab's fragment itself: a fragment may only fill places
    outside it that it also filled in the last full run.
    """
    with slot:
        st.caption(_decision(project, table, bench))
        st.caption(bar.words(bench))
        navigation.link("overview", "Switch project")


def _size(table: RunsTable) -> str:
    runs = f"{numbers.thousands(table.n_runs)} runs · {len(table.domains)} domains"
    if table.pool_ids is None:
        return runs
    return f"{runs} · {numbers.thousands(len(set(table.pool_ids)))} pools"


def _decision(project: Project, table: RunsTable, bench: Workbench) -> str:
    config = fits.config_of(project, table)
    summary = bench.decision
    if summary is None or config is None or summary.fit_sha256 != fits.fit_key(table, config):
        return "No decision yet"
    lower, upper = summary.interval
    decimals = numbers.decimals_for(summary.gain, lower, upper)
    gain = f"{numbers.signed(summary.gain, decimals)} {summary.unit}".strip()
    return f"Radius {radius_text(summary.scenario.radius, summary.scenario.metric)} · gain {escape(gain)}"


def radius_text(radius: float, metric: str) -> str:
    """A radius in its metric's own way of being read."""
    return numbers.percent(radius) if metric == "tv" else f"{radius:.3g} {metric.upper()}"
