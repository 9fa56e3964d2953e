"""The sidebar's scenario bar on every page: undo, redo, save and share, with keys for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import ScenarioError
from causalmix_core.scenarios.saved import LONGEST_NAME
from pages._ui import fits, states, workbench
from pages._ui.scenarios import kept, links
from pages._ui.words import escape

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage
    from pages._ui.workbench import Opened


def draw(page: OpenPage) -> None:
    """One row of buttons, and what the last of them could not do.

    The buttons are never greyed: the Mixture lab redraws itself alone, so that they could not
    come alive when a slider is moved.
    """
    project = page.project.id
    with st.sidebar.container(gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall"):
            st.button(
                "Undo",
                key=f"{project}:undo",
                icon=":material/undo:",
                type="tertiary",
                shortcut="Ctrl+Z",
                on_click=_back,
                args=(page,),
            )
            st.button(
                "Redo",
                key=f"{project}:redo",
                icon=":material/redo:",
                type="tertiary",
                shortcut="Ctrl+Shift+Z",
                on_click=_forth,
                args=(page,),
            )
        with st.container(horizontal=True, gap="xsmall"):
            with st.popover("Save", icon=":material/bookmark_add:", type="tertiary"):
                _save(page)
            # The lab redraws itself alone, so that a link drawn earlier would be of an earlier scenario.
            share = st.popover(
                "Share",
                icon=":material/share:",
                type="tertiary",
                key=f"{project}:share",
                on_change="rerun",
            )
            if share.open:
                with share:
                    _share(page)
        kept.show_problem(page)


def words(bench: workbench.Workbench) -> str:
    """Which kept scenario is being worked on, and whether it was changed since."""
    if bench.opened is None:
        return "Scenario not saved"
    changed = " · changed" if bench.opened.scenario != bench.scenario else ""
    return f"Scenario: {escape(bench.opened.name)}{changed}"


def _back(page: OpenPage) -> None:
    if not page.bench.history.can_undo:
        st.toast("There is nothing to undo.", icon=":material/undo:")
        return
    workbench.undo(page.project.id)


def _forth(page: OpenPage) -> None:
    if not page.bench.history.can_redo:
        st.toast("There is nothing to redo.", icon=":material/redo:")
        return
    workbench.redo(page.project.id)


def _save(page: OpenPage) -> None:
    if fits.config_of(page.project, page.table) is None:
        st.caption("A scenario is kept with its numbers: fit the table first.")
        return
    project, opened = page.project.id, page.bench.opened
    if opened is not None:
        _save_again(page, opened)
    key = f"{project}:save_name:{'' if opened is None else f'{opened.key}:{opened.revision}'}"
    st.text_input(
        "Name" if opened is None else "Name of a copy",
        key=key,
        max_chars=LONGEST_NAME,
        placeholder="lean code",
    )
    st.button(
        "Save" if opened is None else "Save as a copy",
        key=f"{project}:save_as",
        icon=":material/bookmark_add:",
        type="primary" if opened is None else "secondary",
        on_click=kept.acting(page, lambda: kept.save_as(page, st.session_state[key])),
    )


def _save_again(page: OpenPage, opened: Opened) -> None:
    st.button(
        f"Save {escape(opened.name)}",
        key=f"{page.project.id}:save",
        icon=":material/save:",
        type="primary",
        on_click=kept.acting(page, partial(kept.save, page, opened)),
    )


def _share(page: OpenPage) -> None:
    config = fits.config_of(page.project, page.table)
    if config is None:
        st.caption("Fit the table first: a link says which fit its numbers come from.")
        return
    try:
        link = links.address(page, fits.fit_key(page.table, config))
    except ScenarioError as problem:
        states.failed(problem)
    else:
        st.caption("Who opens this link, here or on a machine with the same project, sees this scenario.")
        st.code(link, language=None, wrap_lines=False)
    st.download_button(
        "Scenario file",
        lambda: _file(page),
        file_name="scenario.json",
        mime="application/json",
        key=f"{page.project.id}:scenario_file",
        icon=":material/download:",
        on_click="ignore",
    )


def _file(page: OpenPage) -> bytes:
    from causalmix_core.delivery.canonical_json import canonical_json
    from causalmix_core.scenarios.codec import to_json

    return canonical_json(to_json(page.bench.scenario))
