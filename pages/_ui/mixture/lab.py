"""The lab as one fragment: a move of any control redraws controls and answer, and nothing else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import workbench
from pages._ui.mixture import answer, bounds_table, objective, pool_controls, start, supply_table

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

# Seconds between the numbers and all else. The front end puts what arrives together into one frame, which the
# charts make a long one: so much later the numbers have been painted. `python -m benchmarks browser` times both.
HEAD_START = 0.045


@st.fragment
def draw(page: OpenPage, fitted: Fit) -> None:
    """Controls and answer side by side; the numbers are sent before the controls are drawn again."""
    left, right = st.columns([0.38, 0.62], gap="medium")
    with right:
        numbers = answer.draw_numbers(page, fitted)
    time.sleep(HEAD_START)
    with left:
        with st.container(border=True):
            start.draw(page, fitted)
        with st.container(border=True):
            objective.draw(page, fitted)
        with st.container(border=True):
            pool_controls.draw(page, fitted)
        with st.container(border=True):
            bounds_table.draw(page)
        with st.container(border=True):
            supply_table.draw(page)
        st.button(
            "Reset everything",
            key="lab:reset",
            icon=":material/restart_alt:",
            on_click=workbench.reset_scenario,
            args=(page.project.id, page.table),
        )
    if numbers is not None and page.bench.scenario != numbers.scenario:
        st.rerun()  # a table among the controls was edited, which is read as it is drawn
    if numbers is not None:
        with right:
            answer.draw_rest(page, fitted, numbers)
    page.show_decision()
