"""The scenarios saved last, on the Overview; nothing where none is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.scenarios import saved_gain
from pages._ui import fits, navigation
from pages._ui.scenarios import kept
from pages._ui.words import escape

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage

_SHOWN = 4


def draw(page: OpenPage) -> None:
    """Name, gain and day of the last few, and the way to all of them."""
    saved = kept.all_of(page)
    if not saved:
        return
    config = fits.config_of(page.project, page.table)
    present = fits.fit_key(page.table, config) if config else ""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Scenarios")
        navigation.link("compare", f"Compare all {len(saved)}", page.project.id)
    with st.container(border=True, gap="xsmall"):
        for one in saved[:_SHOWN]:
            name, gain, day = st.columns([0.42, 0.34, 0.24], vertical_alignment="center")
            stale = one.stale(present)
            name.markdown(f"**{escape(one.name)}**{' :gray-badge[stale]' if stale else ''}")
            text = escape(saved_gain(one))
            gain.markdown(f":gray[{text}]" if stale else text)
            day.caption(one.updated_at[:10])
