"""A step that takes seconds: offered with a button, then made with progress and the time left shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from pages._ui import states
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[float, str], None]

Made = TypeVar("Made")

_TELLING = 0.1  # part done from which on the time left can be told


def offer(title: str, says: str, label: str, *, key: str, icon: str) -> bool:
    """Title and what the step would say, with its button beside them; True when it was pressed.

    Once pressed, the offer makes room for what was asked for.
    """
    place = st.empty()
    with place.container():
        left, right = st.columns([0.74, 0.26], gap="medium", vertical_alignment="center")
        left.markdown(f"**{title}**")
        left.caption(says)
        asked = right.button(label, key=key, icon=icon, width="stretch")
    if asked:
        place.empty()
        st.markdown(f"**{title}**")
    return asked


def make(work: Callable[[Progress], Made], doing: str, done: str, failed: str) -> Made | None:
    """Work with its progress shown; None after a mistake, which is shown."""
    started = time.monotonic()
    with st.status(f"{doing}…", expanded=True) as status:
        bar = st.progress(0.0, "Starting")
        try:
            made = work(lambda part, phase: bar.progress(part, _phase(part, phase, started)))
        except CausalMixError as problem:
            status.update(label=failed, state="error")
            states.failed(problem)
            return None
        elapsed = numbers.duration(time.monotonic() - started)
        status.update(label=f"{done} in {elapsed}", state="complete", expanded=False)
    return made


def _phase(part: float, phase: str, started: float) -> str:
    words = escape(phase[:1].upper() + phase[1:])
    if not _TELLING < part < 1.0:
        return words
    left = (time.monotonic() - started) * (1.0 - part) / part
    return f"{words} · about {numbers.duration(left)} left"
