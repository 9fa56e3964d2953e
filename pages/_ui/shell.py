"""The frame of every page: project, title, sidebar card. A page's first line is ``open_page``.

Idempotent and complete in itself, so that a page is right however it was reached: through the
router, by a deep link into a cold process, or after its project was switched in another page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import charts, fits, navigation, project_card, projects, states, workbench
from pages._ui.logo import logo_svg, mark_svg
from pages._ui.scenarios import bar, links

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.store import Project


@dataclass(frozen=True)
class OpenPage:
    """An opened page: its key, its project and table, and the card's two places in the sidebar."""

    key: str
    project: Project
    table: RunsTable
    card: DeltaGenerator
    decision: DeltaGenerator

    @property
    def bench(self) -> workbench.Workbench:
        """What this tab is working on in this project, as of now."""
        return workbench.of(self.project.id, self.table)

    @property
    def outcome(self) -> str | None:
        """The outcome that this tab's fit is of, or None before the first fit."""
        from pages._ui import fits

        config = fits.config_of(self.project, self.table)
        return None if config is None else config.outcome

    def control(self, name: str) -> str:
        """Key of a control of this project's scenario, new after each change made by no control."""
        return f"{self.project.id}:{name}:{self.bench.revision}"

    def show_fit(self) -> None:
        """Draw project and fit on the card, again after a fit."""
        project_card.draw_project(self.card, self.project, self.table)

    def show_decision(self) -> None:
        """Draw the decision on the card; each page does so once, when it is known."""
        project_card.draw_decision(self.decision, self.project, self.table, self.bench)


def configure(title: str = "") -> None:
    """Settings of the browser tab and the mark; safe to call more than once."""
    # A Material icon here would be fetched from outside; the mark is our own.
    name = f"{title} · CausalMix" if title else "CausalMix"
    st.set_page_config(page_title=name, page_icon=mark_svg("light"), layout="wide")
    st.logo(logo_svg(charts.mode()), size="large")


def open_page(key: str) -> OpenPage:
    """Open a page on the current project; where there is none, show its empty state and stop."""
    opened = open_page_or_none(key)
    if opened is None:
        states.empty(key)
        st.stop()
    return opened


def open_page_or_none(key: str) -> OpenPage | None:
    """The same for pages that can do something without a project."""
    spec = navigation.BY_KEY[key]
    configure(spec.title)
    st.title(spec.title)
    st.caption(spec.question)
    card, decision = project_card.claim()
    found = projects.open_current()
    if found is None:
        project_card.draw_empty(card)
        return None
    opened = OpenPage(key, *found, card, decision)
    fits.aim(opened)
    links.open_linked(opened)
    opened.show_fit()
    bar.draw(opened)
    return opened
