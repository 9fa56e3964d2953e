"""What a page shows when it has nothing, is busy, failed, or shows something out of date.

One function a state; each takes the page's key, so that the words fit the page.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from pages._ui import navigation
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from causalmix_core.evidence.table import Issue

_WITHOUT_TABLE = {
    "overview": "No project is open yet. Upload a table of proxy runs to start one.",
    "runs": "No table is open yet. Upload one above.",
    "proxy": "No table of runs is open: finished runs make one.",
    "fit": "There is nothing to fit yet: open a table of proxy runs first.",
    "effects": "There are no effects to show yet: open a table of proxy runs and fit it first.",
    "mixture": "There is no mixture to decide on yet: open a table of proxy runs and fit it first.",
    "next": "There are no runs to plan yet: open a table of proxy runs and fit it first.",
    "compare": "There are no scenarios to compare yet: open a table of proxy runs and fit it first.",
    "export": "There is nothing to export yet: open a table of proxy runs and fit it first.",
    "method": "No table of runs is open, and nothing on this page needs one.",
}
_WITHOUT_FIT = {
    "overview": "This table has not been fitted yet.",
    "fit": "This table has not been fitted yet. Check the settings and press Fit.",
    "effects": "Effects need a fit of this table.",
    "mixture": "A recommendation needs a fit of this table.",
    "next": "Further runs can be planned once this table is fitted.",
    "compare": "Scenarios are compared with a fit of this table.",
    "export": "A mixture can be exported once this table is fitted.",
}
_BUSY = {
    "overview": "Fitting the study…",
    "runs": "Reading the table…",
    "proxy": "Laying out the runs…",
    "fit": "Fitting…",
    "effects": "Computing effects…",
    "mixture": "Looking for the best mixture…",
    "next": "Planning runs…",
    "compare": "Comparing the scenarios…",
    "export": "Writing the document…",
    "method": "Reading the study…",
}


def empty(page: str) -> None:
    """No table is open: say so and lead to where one is opened."""
    with st.container(border=True):
        st.markdown(f":material/inbox: {_WITHOUT_TABLE[page]}")
        if page != "runs":
            navigation.link("runs", "Upload a table of runs")


def no_text() -> None:
    """The Proxy lab has no text to train on: the ways to some follow."""
    st.markdown(
        ":material/inbox: There is no text on this machine yet. Build the default corpus, or name a folder of your own."
    )


def no_study() -> None:
    """Nothing was launched yet."""
    with st.container(border=True):
        st.markdown(
            ":material/hourglass_empty: No runs were launched on this machine yet; the queue will be here."
        )


def no_findings() -> None:
    """No study lies where the shipped one does: nothing was proven with this installation."""
    with st.container(border=True):
        st.markdown(
            ":material/hourglass_empty: No study is shipped with this installation, so there is nothing here that was found."
        )


def no_document() -> None:
    """The study's report is not among the documents."""
    with st.container(border=True):
        st.markdown(
            ":material/hourglass_empty: No report of a study is shipped with this installation; "
            "`python -m causalmix_core study report NAME` writes one."
        )


def not_fitted(page: str, fit_now: Callable[[], None]) -> None:
    """A table without a fit: offer the default fit here and the settings on the Fit page."""
    with st.container(border=True):
        st.markdown(f":material/model_training: {_WITHOUT_FIT[page]}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Fit with default settings",
                key=f"{page}:fit_now",
                type="primary",
                icon=":material/play_arrow:",
                on_click=fit_now,
            )
            if page != "fit":
                navigation.link("fit", "Choose the settings")


@contextmanager
def loading(page: str, text: str | None = None) -> Iterator[None]:
    """A visible spinner around slow work of a page."""
    with st.spinner(text or _BUSY[page], show_time=True):
        yield


def failed(problem: CausalMixError) -> None:
    """A mistake that the user can mend: one red line, nothing else of the page is lost."""
    st.error(escape(str(problem)), icon=":material/error:")


@contextmanager
def mendable() -> Iterator[None]:
    """Show a user's mistake inside the block as one red line; faults of the software go through."""
    try:
        yield
    except CausalMixError as problem:
        failed(problem)


def stale(page: str, reason: str) -> None:
    """What is shown no longer belongs to the settings: say why, and where to bring it up to date."""
    st.warning(f"Out of date: {reason}", icon=":material/history:")
    if page not in ("fit", "runs", "proxy", "export", "method"):
        navigation.link("fit", "Fit again")


def refused(issues: tuple[Issue, ...]) -> None:
    """A table that cannot be opened: the count of errors in one line; the rows follow as a table."""
    errors = [issue for issue in issues if issue.severity == "error"]
    first = escape(f"{errors[0].message} {errors[0].remedy}") if errors else "The table cannot be read."
    rest = f" {len(errors) - 1} more below." if len(errors) > 1 else ""
    st.error(f"{first}{rest}", icon=":material/error:")
    st.caption("Nothing was loaded: the project that was open stays as it was.")


def infeasible(problem: CausalMixError) -> None:
    """Bounds that leave no mixture: the sentence that names the rows, in place of the results."""
    st.error(escape(str(problem)), icon=":material/block:")
    st.caption("Change the rows named in the tables of bounds and supply, or widen the trust radius.")


def out_of_reach(problem: CausalMixError) -> None:
    """An objective that no mixture of the region meets: what is in the way, in place of the results."""
    st.error(escape(str(problem)), icon=":material/block:")
    st.caption("Change the objective, its weights and floors, or widen the trust radius.")


def averages(reason: str) -> None:
    """A fit whose effects do not depend on the pool's state: no map to draw, and why."""
    with st.container(border=True):
        st.markdown(
            ":material/grid_off: This fit has average effects: a domain's effect is one number for every pool, so "
            "there is no map and there are no slices to draw."
        )
        st.caption(escape(reason))
        navigation.link("fit", "Change the fit")


def outside_support(words: str) -> None:
    """The pool or the mixture lies outside the runs: amber, named, never silent."""
    st.warning(escape(words), icon=":material/warning:")


def unknown_project(problem: CausalMixError) -> None:
    """A link to a project that is not here; the study opens instead."""
    st.warning(f"{escape(str(problem))} The shipped study is open instead.", icon=":material/link_off:")
