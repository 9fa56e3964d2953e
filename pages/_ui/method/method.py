"""The page's four parts; the one looked at is in the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import states
from pages._ui.method import chapter, found, papers
from pages._ui.method.chapters import chapters

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage

# The words of a part, which are what a link holds: ``?part=The+words``.
PARTS = {
    "method": "The method",
    "found": "What the study found",
    "report": "The study's report",
    "words": "The words",
}


def draw(page: OpenPage | None) -> None:
    """The part that is chosen; the others are not computed."""
    if page is None:
        states.empty("method")
    part = st.segmented_control(
        "Part of the page",
        list(PARTS),
        default="method",
        required=True,
        key="part",
        bind="query-params",
        label_visibility="collapsed",
        format_func=PARTS.__getitem__,
    )
    if part == "found":
        found.draw()
    elif part == "report":
        papers.study()
    elif part == "words":
        papers.glossary()
    else:
        st.caption(
            "In the order of the data's path. Left what is done, right where it comes from "
            "(:material/menu_book:) and what is done otherwise here, and why (:material/alt_route:)."
        )
        for number, one in enumerate(chapters(), 1):
            chapter.draw(number, one, page)
