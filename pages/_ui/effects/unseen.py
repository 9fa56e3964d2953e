"""A domain that no run has seen: its effect from its state, where the table supports that."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causalmix_core.delivery.unseen import lodo_sentence, unseen_decision_sentence, unseen_sentence
from causalmix_core.errors import CausalMixError, PoolError, UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns, own_names, parse_domain_state
from pages._ui import charts, results, states
from pages._ui.words import escape, sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

_MOST_FIELDS = 12


class _Place:
    """Where the report of one fit is kept; filled outside the cache, which may not write to the page."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.report: LodoReport | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(key: str) -> _Place:
    return _Place()


def draw(page: OpenPage, fitted: Fit, pool: Array, anchor: Array) -> None:
    """An expander with the domain's state, how domains left out do, and the marked effect."""
    from causalmix_core.effects.leave_one_domain_out import check_supported

    place = st.expander(
        "A domain that no run has seen",
        icon=":material/help_center:",
        key="effects:unseen",
        on_change="rerun",
    )
    if not place.open:
        return
    with place:
        try:
            check_supported(fitted)
        except UnseenDomainError as problem:
            st.caption(escape(str(problem)))
            return
        _content(page, fitted, pool, anchor)


def _content(page: OpenPage, fitted: Fit, pool: Array, anchor: Array) -> None:
    st.caption(
        "Where all domains share one law of worth in their own state, a new one is worth what the seen ones would be "
        "worth in its state. Leaving out each seen domain shows how far that holds in this table."
    )
    name = st.text_input("Its name", value="new domain", key=f"{page.project.id}:unseen_name").strip()
    state = _state(page, name or "new domain")
    report = _report(fitted)
    if report is None:
        return
    st.markdown(escape(lodo_sentence(report)))
    found = None
    if state is not None:
        found = _effect(page, fitted, name or "new domain", state, pool, anchor, report)
    _figure(page, report, found)


def _state(page: OpenPage, name: str) -> Array | None:
    """(J,) the state entered: from a file, else from the fields; None after a mistake, which is shown."""
    table, key = page.table, f"{page.project.id}:unseen"
    file = st.file_uploader(
        "Its state (JSON)", type="json", key=f"{key}_file", help="One number for each covariate of a domain."
    )
    names = own_names(table)
    seen = table.states[:, own_columns(table)]
    usual = seen.mean(axis=(0, 1))
    if file is not None:
        try:
            return parse_domain_state(file.getvalue(), name, table)
        except PoolError as problem:
            states.failed(problem)
            return None
    if len(names) > _MOST_FIELDS:
        st.caption("Until a file is given, this is the average state of the seen domains.")
        return np.asarray(usual, dtype=np.float64)
    entered = []
    with st.grid(3, min_column_width=180):
        for j, covariate in enumerate(names):
            low, high = float(seen[:, :, j].min()), float(seen[:, :, j].max())
            entered.append(
                st.number_input(
                    sentence(covariate),
                    value=float(usual[j]),
                    step=max((high - low) / 50.0, 1e-9),
                    format="%.4g",
                    key=f"{key}:{covariate}",
                    help=f"Seen domains: {low:.4g} to {high:.4g}.",
                )
            )
    return np.array(entered, dtype=np.float64)


def _report(fitted: Fit) -> LodoReport | None:
    """The report of this fit; offered by a button first, because it refits once a domain."""
    from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out

    place = _place(fitted.sha256)
    if place.report is None:
        asked = st.button("Leave each domain out", key="effects:unseen_run", icon=":material/science:")
        if not asked:
            st.caption(
                f"Refits {len(fitted.table.domains)} times, which takes about as many times as long as a fit."
            )
            return None
        bar = st.progress(0.0, "Starting")
        with place.lock:
            place.report = place.report or leave_one_domain_out(
                fitted, progress=lambda done, phase: bar.progress(done, escape(phase.capitalize()))
            )
        bar.empty()
    return place.report


def _effect(
    page: OpenPage, fitted: Fit, name: str, state: Array, pool: Array, anchor: Array, report: LodoReport
) -> UnseenEffect | None:
    from causalmix_core.effects.unseen import unseen_effect

    try:
        found = unseen_effect(fitted, name, state, pool, anchor, report, page.bench.scenario.level)
    except CausalMixError as problem:
        states.failed(problem)
        return None
    st.warning(escape(unseen_sentence(fitted.outcome, found)), icon=":material/visibility_off:")
    _in_the_mixture(page, fitted, name, state, report)
    return found


def _in_the_mixture(page: OpenPage, fitted: Fit, name: str, state: Array, report: LodoReport) -> None:
    """What the domain would bring to the decision of the Mixture lab."""
    from causalmix_core.scenarios.unseen import decide_with_unseen

    scenario = page.bench.scenario
    with states.mendable():
        without = results.decision(fitted, scenario)
        correction = results.correction(fitted)
        made = decide_with_unseen(fitted, scenario, name, state, report, correction, results.SEED)
        st.markdown(f"In the Mixture lab: {escape(unseen_decision_sentence(fitted.outcome, without, made))}")


def _figure(page: OpenPage, report: LodoReport, found: UnseenEffect | None) -> None:
    from causalmix_core.figures.effects import alt_unseen, unseen_figure

    figure = unseen_figure(report, mode=charts.mode(), colours=charts.domain_colours(page.table), new=found)
    charts.draw(figure, alt_unseen(report, found), "effects:unseen_chart")
