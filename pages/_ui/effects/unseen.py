"""A domain that no run has seen: its effect from its state, where the table supports that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causalmix_core.delivery.unseen import brings_sentence, lodo_sentence, unseen_sentence
from causalmix_core.errors import CausalMixError, PoolError, UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns, own_names, parse_domain_state
from causalmix_core.scenarios.new_domain import NewDomain
from pages._ui import charts, fits, results, states, workbench
from pages._ui.words import escape, sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

_MOST_FIELDS = 12


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
    found = fits.left_out(fitted)
    if found is None:
        asked = st.button("Leave each domain out", key="effects:unseen_run", icon=":material/science:")
        if not asked:
            st.caption(
                f"Refits {len(fitted.table.domains)} times, which takes about as many times as long as a fit."
            )
            return None
        bar = st.progress(0.0, "Starting")
        found = fits.run_left_out(fitted, lambda done, phase: bar.progress(done, escape(phase.capitalize())))
        bar.empty()
    return found


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
    _in_the_mixture(page, fitted, name, state)
    return found


def _in_the_mixture(page: OpenPage, fitted: Fit, name: str, state: Array) -> None:
    """What the domain would bring to the decision of the Mixture lab, and the way to put it there."""
    new = NewDomain(name, tuple(zip(own_names(page.table), map(float, state), strict=True)))
    plain = page.bench.scenario.without_new_domain()
    with states.mendable():
        made = results.decision(fitted, replace(plain, new_domain=new), judged=False)
        without = results.decision(fitted, plain, judged=False)
        st.markdown(f"In the Mixture lab: {escape(brings_sentence(fitted.outcome, without, made))}")
    if page.bench.scenario.new_domain != new:
        st.button(
            escape(f"Add {name} to the pool at hand"),
            key="effects:unseen_add",
            icon=":material/add:",
            on_click=workbench.put_scenario,
            args=(page.project.id, replace(plain, new_domain=new)),
        )


def _figure(page: OpenPage, report: LodoReport, found: UnseenEffect | None) -> None:
    from causalmix_core.figures.effects import alt_unseen, unseen_figure

    figure = unseen_figure(report, mode=charts.mode(), colours=charts.domain_colours(page.table), new=found)
    charts.draw(figure, alt_unseen(report, found), "effects:unseen_chart")
