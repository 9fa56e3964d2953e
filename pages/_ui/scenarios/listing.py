"""The project's kept scenarios as a table, and what can be done with one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers, scenarios
from causalmix_core.figures.theme import theme
from causalmix_core.scenarios.saved import LONGEST_NAME
from pages._ui import charts, navigation
from pages._ui.scenarios import kept
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.saved import SavedScenario
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit) -> None:
    """The table and the actions; where nothing is kept, how to begin."""
    saved = kept.all_of(page)
    if not saved:
        with st.container(border=True):
            st.markdown(":material/bookmark: No scenario is kept with this project yet.")
            st.caption(
                "Set one up in the Mixture lab and press Save in the sidebar; come back with two or more."
            )
            navigation.link("mixture", "Open the Mixture lab", page.project.id)
        return
    with st.container(border=True):
        st.markdown("**Kept scenarios**")
        _table(saved, fitted)
        st.caption(_caption(saved, fitted))
        _actions(page, fitted, saved)


def frame(saved: tuple[SavedScenario, ...], fit_sha256: str) -> pd.DataFrame:
    """One row a scenario, as it was kept."""
    import pandas as pd

    rows = [
        {
            "Scenario": one.name,
            "Gain": scenarios.saved_gain(one),
            "P(gain > 0)": numbers.probability(one.content.decision.p_positive),
            "Data moved": numbers.percent(one.content.decision.moved),
            "Radius": scenarios.radius_words(one.content.scenario),
            "Pool": scenarios.pool_words(one.content.scenario.pool),
            "Saved (UTC)": one.updated_at[:16].replace("T", " "),
            "Fit": "another fit: stale" if one.stale(fit_sha256) else "present fit",
        }
        for one in saved
    ]
    return pd.DataFrame(rows)


def _table(saved: tuple[SavedScenario, ...], fitted: Fit) -> None:
    grey = f"color: {theme(charts.mode()).neutral}"
    stale = [one.stale(fitted.sha256) for one in saved]
    styled = frame(saved, fitted.sha256).style.apply(
        lambda row: [grey if stale[int(row.name)] else ""] * len(row), axis=1
    )
    st.dataframe(styled, hide_index=True, alt="Kept scenarios with the numbers that they were saved with")


def _caption(saved: tuple[SavedScenario, ...], fitted: Fit) -> str:
    stale = sum(one.stale(fitted.sha256) for one in saved)
    if not stale:
        return "Gains are over each scenario's own reference, at its own pool."
    return (
        f"Gains are over each scenario's own reference, at its own pool. {stale} in grey "
        f"{'was' if stale == 1 else 'were'} saved with another fit: the numbers are as they were then."
    )


def _actions(page: OpenPage, fitted: Fit, saved: tuple[SavedScenario, ...]) -> None:
    by_key = {one.key: one for one in saved}
    chosen = st.selectbox(
        "Scenario",
        list(by_key),
        format_func=lambda key: by_key[key].name,
        key=f"{page.project.id}:scenario_chosen",
        persist_state="session",
    )
    one = by_key.get(chosen, saved[0])
    if one.stale(fitted.sha256):
        st.warning(escape(scenarios.stale_sentence(one)), icon=":material/history:")
    with st.container(horizontal=True):
        _act(page, "Open", "open", ":material/folder_open:", partial(kept.open_saved, page, one))
        if one.stale(fitted.sha256):
            again = partial(kept.recompute, page, one)
            _act(page, "Recompute with the present fit", "recompute", ":material/refresh:", again)
        _act(page, "Duplicate", "duplicate", ":material/content_copy:", lambda: _duplicate(page, one))
        with st.popover("Rename", icon=":material/edit:"):
            _rename(page, one)
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(f"Delete **{escape(one.name)}**? This cannot be undone.")
            _act(page, "Delete it", "delete", ":material/delete:", partial(kept.delete, page, one))


def _act(page: OpenPage, label: str, name: str, icon: str, act: Callable[[], None]) -> None:
    st.button(
        label,
        key=f"{page.project.id}:scenario:{name}",
        icon=icon,
        on_click=kept.acting(page, act),
    )


def _duplicate(page: OpenPage, one: SavedScenario) -> None:
    kept.shelf(page).duplicate(one.key)


def _rename(page: OpenPage, one: SavedScenario) -> None:
    key = f"{page.project.id}:rename:{one.key}:{one.revision}"
    st.text_input("New name", one.name, key=key, max_chars=LONGEST_NAME)
    _act(
        page,
        "Rename it",
        "rename",
        ":material/edit:",
        lambda: kept.rename(page, one, st.session_state[key]),
    )
