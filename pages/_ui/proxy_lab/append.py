"""Finished runs become a table: collected, shown, and only then kept as a project of their own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.numbers import thousands
from causalmix_core.delivery.proxy import collected_sentence
from causalmix_core.errors import CausalMixError
from causalmix_core.proxy.engine import Ledger
from pages._ui import navigation, projects, states, workbench
from pages._ui.runs import findings
from pages._ui.runs.opened import preview_frame
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.evidence import RunsTable
    from causalmix_core.proxy.engine import Study
    from pages._ui.shell import OpenPage

_MADE = "lab:appended"
_PROBLEM = "lab:append_problem"


def draw(page: OpenPage | None, study: Study) -> None:
    """The explicit step from finished runs to a table; nothing happens by itself."""
    _say_made()
    with states.mendable(), Ledger(study.ledger_path) as ledger:
        done = [run.id for run in ledger.runs("done")]
        left_out: Counter[tuple[str, str]] = Counter(
            (run.state, run.kind or "") for run in ledger.runs() if run.state != "done"
        )
    if not done:
        return
    with st.container(border=True):
        asked = f"lab:append:{study.path.name}"
        st.button(
            f"Append {thousands(len(done))} finished runs to the table…", key="lab:append", icon=":material/playlist_add:",
            type="primary", on_click=st.session_state.__setitem__, args=(asked, True),
            help="Shows what they are first. Nothing is kept before you say so, and no fit changes by itself.",
        )  # fmt: skip
        if not st.session_state.get(asked):
            return
        with states.mendable():
            fingerprint = f"{study.launch.design_sha256}\n{','.join(done)}"
            _preview(page, study, collected(str(study.path), fingerprint), left_out)


@st.cache_resource(max_entries=4, show_spinner="Collecting finished runs…")
def collected(study: str, fingerprint: str) -> RunsTable:
    """The runs table of a study's finished runs, by which they are.

    Raises
    ------
    ProxyError, TableError : see the core.
    """
    from pathlib import Path

    from causalmix_core.proxy.engine.collect import collect

    return collect(Path(study))


def _preview(
    page: OpenPage | None, study: Study, table: RunsTable, left_out: Counter[tuple[str, str]]
) -> None:
    st.markdown(escape(collected_sentence(table, sum(left_out.values()))))
    st.dataframe(
        preview_frame(table), hide_index=True, height=240, alt="Finished runs", key="lab:append:rows"
    )
    findings.draw(table.issues)
    result = _joined(page, table, study)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Make this table", key="lab:append:make", type="primary", icon=":material/check:", disabled=result is None,
            on_click=_keep, args=(result, study),
        )  # fmt: skip
        st.download_button(
            "Datasheet", lambda: _datasheet(table, left_out), "datasheet.md", "text/markdown", key="lab:append:sheet",
            icon=":material/download:", on_click="ignore", help="How these runs came about, and how noisy they are.",
        )  # fmt: skip
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        states.failed(problem)


def _joined(page: OpenPage | None, table: RunsTable, study: Study) -> RunsTable | None:
    """The table that is to be made: of these runs alone, or behind those of the open project."""
    if page is None:
        return table
    from causalmix_core.proxy.engine.appending import append_runs

    alone, behind = "a table of these runs", f"behind the runs of {page.table.name}"
    try:
        both = append_runs(page.table, table, study.path.name)
    except CausalMixError as problem:
        st.caption(f"They make a table of their own. {escape(str(problem))}")
        return table
    where = st.segmented_control(
        "They become",
        [alone, behind],
        default=behind,
        required=True,
        key=f"lab:append:where:{page.project.id}",
        wrap=True,
    )
    if where == alone:
        return table
    known = f" {thousands(both.known)} are there already and are not added again." if both.known else ""
    st.caption(
        f"{thousands(both.new)} runs are added to {thousands(page.table.n_runs)}: a new project; the open one stays as it "
        f"is.{known}"
    )
    return both.table


def _keep(table: RunsTable, study: Study) -> None:
    try:
        project = projects.keep(table)
    except CausalMixError as problem:
        st.session_state[_PROBLEM] = problem
        return
    workbench.activate(project.id)
    st.session_state[_MADE] = (project.id, project.name, project.n_runs)
    st.session_state.pop(f"lab:append:{study.path.name}", None)


def _say_made() -> None:
    """After a table was made: which, and where to go with it."""
    made = st.session_state.get(_MADE)
    if made is None or made[0] != workbench.active_project():
        return
    project, name, runs = made
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.success(f"{escape(name)} with {thousands(runs)} runs is open.", icon=":material/check:")
        navigation.link("runs", "Look at the table", project)
        navigation.link("fit", "Fit it", project)


def _datasheet(table: RunsTable, left_out: Counter[tuple[str, str]]) -> str:
    from causalmix_core.proxy.engine.datasheet import datasheet

    return datasheet(table, left_out)
