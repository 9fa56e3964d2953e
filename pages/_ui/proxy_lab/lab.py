"""The page from top to bottom: text, design, queue, table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import states
from pages._ui.proxy_lab import append, asked, launch, plan, queue, text

if TYPE_CHECKING:
    from causalmix_core.pools.pool import Pool
    from pages._ui.shell import OpenPage


def draw(page: OpenPage | None) -> None:
    """Each part needs the one before it, but the queue: a study goes on whatever became of its text."""
    pool = text.draw()
    if pool is not None:
        _design(page, pool)
    study = queue.draw()
    if study is not None:
        append.draw(page, study)


def _design(page: OpenPage | None, pool: Pool) -> None:
    """Controls left, what they make right; a mistake is one red line."""
    left, right = st.columns([0.34, 0.66], gap="medium")
    with left, st.container(border=True):
        st.markdown("**Design**")
        with states.mendable():
            wanted = asked.draw(pool)
            slots = launch.slots_control()
            with right, st.container(border=True), states.mendable():
                laid = plan.laid_out(wanted, pool)
                plan.picture(page, laid.design)
                cost = plan.cost(pool, wanted, laid.design, len(slots))
                launch.draw(wanted, pool, laid, cost, slots)
