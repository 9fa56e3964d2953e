"""One chapter of the method: words and formulas left, where they come from and what is done otherwise right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import navigation

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage


@dataclass(frozen=True)
class Chapter:
    """A step of the data's path.

    Attributes
    ----------
    title : heading. said : paragraphs, Markdown; formulas stand between them as LaTeX without dollar signs.
    source : where it comes from, paper and section. here : what is done otherwise here, and why; "" where nothing is.
    page : key of the page where it is seen at work, "" where there is none.
    """

    title: str
    said: tuple[str | Formula, ...]
    source: str
    here: str = ""
    page: str = ""


@dataclass(frozen=True)
class Formula:
    """LaTeX that stands by itself."""

    text: str


def draw(number: int, chapter: Chapter, page: OpenPage | None) -> None:
    """One chapter in a card."""
    with st.container(border=True):
        left, right = st.columns([0.62, 0.38], gap="large")
        with left:
            st.markdown(f"**{number} · {chapter.title}**")
            for part in chapter.said:
                if isinstance(part, Formula):
                    st.latex(part.text)
                else:
                    st.markdown(part)
        with right:
            st.caption(f":material/menu_book: {chapter.source}")
            if chapter.here:
                st.markdown(f":material/alt_route: {chapter.here}")
            if chapter.page and page is not None:
                spec = navigation.BY_KEY[chapter.page]
                navigation.link(chapter.page, f"See it on {spec.title}", page.project.id)
