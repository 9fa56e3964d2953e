"""Did choosing the mixtures bend the effects? Shown where the table has both chosen and drawn runs."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import steps
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.study.halves import Halves
    from pages._ui.shell import OpenPage

TITLE = "Chosen runs against drawn ones"


class _Place:
    """Where one comparison is kept; filled outside the cache, which may not write progress to the page."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: Halves | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(table_sha256: str, outcome: str, seed: int) -> _Place:
    return _Place()


def draw(page: OpenPage, config: FitConfig) -> None:
    """Offer the comparison, or show it; nothing where the table does not say how mixtures came about."""
    from causalmix_core.study.halves import can_be_halved

    if not can_be_halved(page.table):
        return
    title = f"{TITLE} · {escape(config.outcome)}"
    with st.container(border=True):
        place = _place(page.table.sha256, config.outcome, config.seed)
        if place.found is not None:
            st.markdown(f"**{title}**")
        elif steps.offer(
            title,
            "Takes average slopes from the runs whose mixture was drawn, as a yardstick, and from those whose mixture was "
            "chosen, with and without what the pool's state foretells: what confounding does to this table.",
            "Compare the halves",
            key="fit:halves",
            icon=":material/call_split:",
        ):
            steps.make(
                lambda report: _fill(place, page.table, config),
                "Comparing the halves",
                "Compared",
                failed="Not compared",
            )
        if place.found is not None:
            _show(place.found)


def _fill(place: _Place, table: RunsTable, config: FitConfig) -> None:
    from causalmix_core.study.halves import halves_of

    with place.lock:
        place.found = place.found or halves_of(table, config.outcome, config.seed)


def _show(found: Halves) -> None:
    from causalmix_core.study.halves import HALVES_HEADER, halves_rows, halves_sentence

    st.markdown(escape(halves_sentence(found)))
    rows = [dict(zip(HALVES_HEADER, row, strict=True)) for row in halves_rows(found)]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        alt="Average slopes of both halves of the runs, a row a domain",
    )
    st.caption(
        f"Average slopes with standard errors, {escape(found.unit)}, higher is better; repeats are left out."
    )
