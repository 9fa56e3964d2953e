"""The list of projects: open, remove, or start another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import navigation, projects, states, workbench
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.store import Project
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """All projects that can be opened, the shipped study first."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Projects")
        navigation.link("runs", "Upload a table of runs", page.project.id)
    sample = projects.sample_project()
    with states.mendable():
        known = ((sample,) if sample else ()) + projects.store().list()
        with st.container(border=True, gap="xsmall"):
            for project in known:
                _row(project, page.project.id)


def _row(project: Project, current: str) -> None:
    name, size, buttons = st.columns([0.42, 0.34, 0.24], vertical_alignment="center")
    badge = " :blue-badge[shipped study]" if project.sample else ""
    name.markdown(f"**{escape(project.name)}**{badge}")
    added = "" if project.sample else f" · added {project.created_at[:10]}"
    size.caption(f"{numbers.thousands(project.n_runs)} runs · {project.n_domains} domains{added}")
    with buttons.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if project.id == current:
            st.badge("Open", icon=":material/check:", color="green")
        else:
            st.button("Open", key=f"open:{project.id}", on_click=workbench.activate, args=(project.id,))
        if not project.sample:
            remove = st.button(
                "Remove", key=f"remove:{project.id}", icon=":material/delete:", type="tertiary"
            )
            if remove:
                _confirm_removal(project)


@st.dialog("Remove this project?")
def _confirm_removal(project: Project) -> None:
    st.markdown(
        f"**{escape(project.name)}** ({numbers.thousands(project.n_runs)} runs) is deleted from this machine."
    )
    st.caption("Downloaded files are not touched. The table can be uploaded again.")
    if st.button("Remove", key="remove:confirmed", type="primary", icon=":material/delete:"):
        projects.remove(project.id)
        workbench.leave(project.id)
        st.rerun()
