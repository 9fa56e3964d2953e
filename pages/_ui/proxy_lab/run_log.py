"""One run of a study: what its process said, and its own retry and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.proxy.engine import Ledger
from causalmix_core.proxy.engine.results import LOG, tail
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.proxy.engine import RunRecord, Study


def draw(study: Study) -> None:
    """Behind a closed lid: a run to choose, its state, its log, its buttons."""
    lid = st.expander("Runs and their logs", icon=":material/article:", key="lab:log", on_change="rerun")
    if not lid.open:
        return
    with lid, Ledger(study.ledger_path) as ledger:
        runs = {run.id: run for run in ledger.runs()}
        left, right = st.columns([0.4, 0.6], vertical_alignment="bottom")
        with left:
            chosen = st.selectbox(
                "Run",
                list(runs),
                key=f"lab:run:{study.path.name}",
                format_func=lambda name: f"{name} · {runs[name].state}",
            )
        with right.container(horizontal=True):
            _buttons(study, runs[chosen])
        if runs[chosen].reason:
            st.caption(
                f"{escape(runs[chosen].reason or '')} Try {runs[chosen].tries} of {runs[chosen].max_tries}."
            )
        said = tail(study.run_dir(chosen) / LOG).strip()
        st.code(said or "Its process has said nothing yet.", language=None, height=240 if said else None)


def _buttons(study: Study, run: RunRecord) -> None:
    from pages._ui.proxy_lab import queue

    st.button("Look again", key="lab:log:again", icon=":material/refresh:")
    st.button(
        "Retry this run", key="lab:run:retry", icon=":material/replay:", on_click=queue.retry, args=(study, run.id),
        disabled=run.state not in ("failed", "cancelled"),
    )  # fmt: skip
    if st.button(
        "Cancel this run…",
        key="lab:run:cancel",
        icon=":material/cancel:",
        disabled=run.state not in ("queued", "running"),
    ):
        _confirm(study, run.id)


@st.dialog("Cancel this run?")
def _confirm(study: Study, run: str) -> None:
    from pages._ui.proxy_lab import queue

    st.markdown(f"The run **{escape(run)}** is taken out. It can be retried.")
    if st.button(
        "Cancel it",
        key="lab:run:cancel:confirmed",
        type="primary",
        icon=":material/cancel:",
        on_click=queue.cancel,
        args=(study, run),
    ):
        st.rerun()
