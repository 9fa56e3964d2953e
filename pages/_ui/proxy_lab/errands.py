"""Commands that run beside the app: started by a button, followed by a fragment that stops when they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.proxy import errand_sentence
from causalmix_core.proxy.engine.errand import forget_errand, read_errand, start_errand, stop_errand
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_EVERY = 1.0  # s between two looks


def start(folder: Path, title: str, commands: Sequence[Sequence[str]]) -> None:
    """Start commands, unless the same errand runs; for a button's callback."""
    start_errand(folder, title, commands)


def follow(folder: Path, key: str, *, keep_done: bool = False) -> bool:
    """Show an errand where there is one; True while it runs.

    The page is drawn anew when it ends. One that is done is forgotten, unless ``keep_done``.
    """
    found = read_errand(folder)
    if found is None:
        return False
    if found.state == "running":
        st.fragment(_running, run_every=_EVERY)(folder, key)
        return True
    if found.state == "done":
        if not keep_done:
            forget_errand(folder)
            st.toast(escape(errand_sentence(found)), icon=":material/check:")
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.error(escape(errand_sentence(found)), icon=":material/error:")
        st.button(
            "Go on", key=f"{key}:again", icon=":material/replay:", on_click=start,
            args=(folder, found.title, found.commands),
            help="Starts the same commands; what is done is not done again.",
        )  # fmt: skip
        st.button("Dismiss", key=f"{key}:dismiss", type="tertiary", on_click=forget_errand, args=(folder,))
    return False


def _running(folder: Path, key: str) -> None:
    found = read_errand(folder)
    if found is None or found.state != "running":
        st.rerun()
    part = (found.step - 1 + (found.done or 0.0)) / found.steps
    bar, button = st.columns([0.8, 0.2], vertical_alignment="center")
    bar.progress(min(part, 1.0), escape(errand_sentence(found)))
    button.button(
        "Stop", key=f"{key}:stop", icon=":material/stop:", on_click=stop_errand, args=(folder,), width="stretch",
        help="Ends the commands; what they have made is kept.",
    )  # fmt: skip
