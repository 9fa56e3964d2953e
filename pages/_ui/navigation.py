"""The pages of the app: their files, names, links and order in the sidebar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class PageSpec:
    """One page: ``group`` heads it in the sidebar, ``question`` is what it answers."""

    key: str
    file: str
    group: str
    title: str
    icon: str
    url_path: str
    question: str


PAGES = (
    PageSpec(
        "overview",
        "pages/1_Overview.py",
        "Start",
        "Overview",
        ":material/home:",
        "",
        "Where this project stands, and what to do next.",
    ),
    PageSpec(
        "runs",
        "pages/2_Runs.py",
        "Evidence",
        "Runs",
        ":material/table_chart:",
        "runs",
        "Is the evidence usable? Read a table of proxy runs, mend its columns, look at what it covers.",
    ),
    PageSpec(
        "proxy",
        "pages/3_Proxy_lab.py",
        "Evidence",
        "Proxy lab",
        ":material/science:",
        "proxy-lab",
        "Can more evidence be bought? Lay out proxy runs, train them, and take their rows into the table.",
    ),
    PageSpec(
        "fit",
        "pages/3_Fit.py",
        "Model",
        "Fit",
        ":material/model_training:",
        "fit",
        "Learn what each domain is worth in a pool's state, and test it on pools it has not seen.",
    ),
    PageSpec(
        "effects",
        "pages/4_Effects.py",
        "Model",
        "Effects",
        ":material/insights:",
        "effects",
        "What does one more percentage point of a domain do, and when?",
    ),
    PageSpec(
        "mixture",
        "pages/5_Mixture_lab.py",
        "Decide",
        "Mixture lab",
        ":material/tune:",
        "mixture",
        "What should be trained on, for the pool at hand and within the change you allow?",
    ),
    PageSpec(
        "compare",
        "pages/6_Compare.py",
        "Decide",
        "Compare",
        ":material/compare:",
        "compare",
        "Which of the scenarios wins, and how sure is that?",
    ),
    PageSpec(
        "next",
        "pages/7_Next_runs.py",
        "Decide",
        "Next runs",
        ":material/add_chart:",
        "next-runs",
        "Which further runs would tell most about this decision, and are more worth it at all?",
    ),
    PageSpec(
        "export",
        "pages/8_Export.py",
        "Decide",
        "Export",
        ":material/download:",
        "export",
        "Hand the mixture over so that it can be re-created months later.",
    ),
    PageSpec(
        "method",
        "pages/9_Method.py",
        "About",
        "Method",
        ":material/menu_book:",
        "method",
        "What is done to the runs, and why; what the shipped study found of it; what the words mean.",
    ),
)
BY_KEY = {spec.key: spec for spec in PAGES}


def declared_pages() -> dict[str, list[st.Page]]:
    """The pages for ``st.navigation``, under their group headings."""
    groups: dict[str, list[st.Page]] = {}
    for spec in PAGES:
        page = st.Page(
            spec.file,
            title=spec.title,
            icon=spec.icon,
            url_path=spec.url_path,
            default=not spec.url_path,
            help=spec.question,
        )
        groups.setdefault(spec.group, []).append(page)
    return groups


def link(key: str, label: str | None = None, project: str | None = None, **view: str) -> None:
    """A link to a page by its key, which keeps the open project; ``view`` are values of its controls in the link."""
    spec = BY_KEY[key]
    st.page_link(
        spec.file,
        label=label or spec.title,
        icon=spec.icon,
        query_params=({"project": project} if project else {}) | view or None,
    )
