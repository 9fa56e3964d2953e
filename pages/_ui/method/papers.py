"""Documents of the installation, shown as they are: the study's report and the glossary."""

from __future__ import annotations

import re

import streamlit as st

from causalmix_core.study.document import DOCUMENT, Picture, read_document
from pages._ui import charts, states

GLOSSARY = DOCUMENT.parent / "GLOSSARY.md"
_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)


def study() -> None:
    """docs/STUDY.md with its pictures, and the file itself."""
    parts = read_document(DOCUMENT)
    if not parts:
        states.no_document()
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            "STUDY.md",
            data=DOCUMENT.read_bytes,
            file_name="STUDY.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
            key="method:study_file",
        )
    dark = charts.mode() == "dark"
    with st.container(border=True):
        for part in parts:
            if isinstance(part, Picture):
                st.image(part.dark if dark else part.light, alt=part.said, width="stretch")
            else:
                st.markdown(below(part.text))


def glossary() -> None:
    """docs/GLOSSARY.md."""
    for part in read_document(GLOSSARY):
        if not isinstance(part, Picture):
            st.markdown(below(part.text))


def below(text: str) -> str:
    """Headings one size smaller and two levels down: the page has a title of its own."""
    return _HEADING.sub(lambda found: f"##{found.group(1)} ", text)
