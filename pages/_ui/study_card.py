"""What the shipped study found, in one sentence: a card for the Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from pages._ui import navigation
from pages._ui.method.found import findings
from pages._ui.method.method import PARTS
from pages._ui.words import escape

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """The computed sentence and the way to the rest; nothing where no study is shipped."""
    from causalmix_core.delivery.study_findings import elsewhere_sentence, headline_sentence

    try:
        found = findings()
        said = None if found is None else f"{headline_sentence(found)} {elsewhere_sentence(found)}".strip()
    except CausalMixError as problem:
        said = str(problem)
    if said is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("What the study found")
        navigation.link("method", "Method and findings", page.project.id, part=PARTS["found"])
    with st.container(border=True):
        st.markdown(escape(said))
