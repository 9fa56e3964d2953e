"""Documents of the installation, shown as they are: the reports of studies and the glossary."""

from __future__ import annotations

import re

import streamlit as st

from causalmix_core.study.document import DOCUMENT, Picture, kept_documents, read_document
from pages._ui import charts, states

GLOSSARY = DOCUMENT.parent / "GLOSSARY.md"
_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)


def study() -> None:
    """The document of one study with its pictures, and the file itself; which one, where there are several."""
    kept = kept_documents()
    if not kept:
        states.no_document()
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        document = kept[_which(list(kept))]
        st.download_button(
            document.name,
            data=document.read_bytes,
            file_name=document.name,
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
            key="method:study_file",
        )
    dark = charts.mode() == "dark"
    with st.container(border=True):
        for part in read_document(document):
            if isinstance(part, Picture):
                st.image(part.dark if dark else part.light, alt=part.said, width="stretch")
            else:
                st.markdown(below(part.text))


def _which(names: list[str]) -> str:
    """The study whose document is shown."""
    if len(names) == 1:
        return names[0]
    chosen = st.segmented_control("Study", names, default=names[0], required=True, key="method:study_name")
    return str(chosen)


def glossary() -> None:
    """docs/GLOSSARY.md."""
    for part in read_document(GLOSSARY):
        if not isinstance(part, Picture):
            st.markdown(below(part.text))


def below(text: str) -> str:
    """Headings one size smaller and two levels down: the page has a title of its own."""
    return _HEADING.sub(lambda found: f"##{found.group(1)} ", text)
