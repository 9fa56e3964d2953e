"""The level of every interval: one number, edited here, read by Effects, the Mixture lab and Export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.certainty import interval_help
from pages._ui import workbench

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

LOWEST, HIGHEST = 50.0, 99.0  # percent


def draw(page: OpenPage, fitted: Fit) -> None:
    """The number field; its help says how sure such intervals are."""
    key, level = page.control("level"), page.bench.scenario.level

    def edit() -> None:
        workbench.edit_scenario(page.project.id, level=round(st.session_state[key] / 100.0, 6))

    st.number_input(
        "Interval level (%)",
        LOWEST,
        HIGHEST,
        min(max(round(100.0 * level, 4), LOWEST), HIGHEST),
        step=1.0,
        format="%g",
        key=key,
        on_change=edit,
        help=f"{interval_help(fitted, level)} The level holds on Effects, in the Mixture lab and in the document.",
    )
