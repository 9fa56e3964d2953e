"""The queue of a study: how far it is, live, and what steers it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.numbers import thousands
from causalmix_core.errors import CausalMixError
from causalmix_core.proxy.engine import Ledger, start_supervisor, status_of
from pages._ui import states
from pages._ui.proxy_lab import here, live, run_log
from pages._ui.proxy_lab.launch import NEXT
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.proxy.engine import Status, Study

_STUDY = "lab:study"
_EVERY = 2.0  # s between two looks while runs are trained
_PROBLEM = "lab:queue_problem"


def draw() -> Study | None:
    """The queue of the chosen study; the study, or None where there is none."""
    studies = here.lab().studies()
    if not studies:
        states.no_study()
        return None
    with st.container(border=True):
        study = _choice(studies)
        with states.mendable():
            status = status_of(study)
            _trouble(study, status)
            st.fragment(live.draw, run_every=_EVERY if is_active(status) else None)(
                study, active=is_active(status)
            )
            _steering(study, status)
            run_log.draw(study)
            return study
    return None


def is_active(status: Status) -> bool:
    """Whether anything may still change without a hand: a supervisor lives and has work."""
    return status.supervisor is not None and bool(status.counts["queued"] + status.counts["running"])


def _choice(studies: tuple[Study, ...]) -> Study:
    by_name = {study.path.name: study for study in studies}
    if st.session_state.get(NEXT) in by_name:
        st.session_state[_STUDY] = st.session_state.pop(NEXT)
    chosen = st.selectbox(
        "Queue of the study", list(by_name), key=_STUDY, persist_state="session",
        format_func=lambda name: f"{name} · {by_name[name].launch.worker} · launched {_when(by_name[name])}",
    )  # fmt: skip
    return by_name[chosen]


def _when(study: Study) -> str:
    moment = (study.path / "study.json").stat().st_mtime
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _trouble(study: Study, status: Status) -> None:
    """Why nothing moves, where that is so, with the button that mends it."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        states.failed(problem)
    waiting = status.counts["queued"] + status.counts["running"]
    if status.hold is not None and waiting:
        st.warning(f"Nothing new is started: {escape(status.hold.reason)}", icon=":material/pause_circle:")
    elif status.supervisor is None and waiting:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(
                "Nobody works on this queue: its supervisor ended, as after a restart of the machine. Finished runs are safe.",
                icon=":material/heart_broken:",
            )
            st.button(
                "Start it again",
                key="lab:wake",
                type="primary",
                icon=":material/play_arrow:",
                on_click=wake,
                args=(study,),
            )


def _steering(study: Study, status: Status) -> None:
    counts = status.counts
    waiting, lost = counts["queued"] + counts["running"], counts["failed"] + counts["cancelled"]
    with st.container(horizontal=True):
        if status.hold is None:
            st.button(
                "Pause", key="lab:pause", icon=":material/pause:", disabled=not waiting, on_click=pause, args=(study,),
                help="Nothing new is started; runs that are being trained go on.",
            )  # fmt: skip
        else:
            st.button(
                "Resume", key="lab:resume", icon=":material/play_arrow:", on_click=resume, args=(study,)
            )
        st.button(
            f"Retry {thousands(lost)} failed or cancelled" if lost else "Retry", key="lab:retry", icon=":material/replay:",
            disabled=not lost, on_click=retry, args=(study,), help="They get all their tries again.",
        )  # fmt: skip
        if st.button("Cancel all…", key="lab:cancel", icon=":material/cancel:", disabled=not waiting):
            _confirm_cancel(study, waiting)


@st.dialog("Cancel what is left of this study?")
def _confirm_cancel(study: Study, waiting: int) -> None:
    st.markdown(
        f"{thousands(waiting)} runs of **{escape(study.path.name)}** that are queued or being trained are taken out. Finished "
        "runs stay, and cancelled ones can be retried."
    )
    if st.button(
        "Cancel them",
        key="lab:cancel:confirmed",
        type="primary",
        icon=":material/cancel:",
        on_click=cancel,
        args=(study,),
    ):
        st.rerun()


def wake(study: Study) -> None:
    """Start the supervisor, unless one lives; what is wrong is shown by the next run of the page."""
    try:
        start_supervisor(study)
    except CausalMixError as problem:
        st.session_state[_PROBLEM] = problem


def pause(study: Study) -> None:
    """Start nothing new."""
    with Ledger(study.ledger_path) as ledger:
        ledger.pause()


def resume(study: Study) -> None:
    """Go on after a pause."""
    with Ledger(study.ledger_path) as ledger:
        ledger.resume()
        counts = ledger.counts()
    if counts["queued"] + counts["running"]:
        wake(study)


def retry(study: Study, run: str | None = None) -> None:
    """Queue failed and cancelled runs again, all or one."""
    with Ledger(study.ledger_path) as ledger:
        count, held = ledger.retry(None if run is None else [run]), ledger.hold()
    if count and held is None:
        wake(study)


def cancel(study: Study, run: str | None = None) -> None:
    """Take runs out, all or one; the supervisor ends those that are being trained."""
    with Ledger(study.ledger_path) as ledger:
        ledger.cancel(None if run is None else [run])
        running = ledger.counts()["running"]
    if running:
        wake(study)
