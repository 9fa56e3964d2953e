"""Effects at the pool at hand: all domains first, then one domain over pools and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.scenarios import anchor_words
from causalmix_core.errors import CausalMixError
from pages._ui import charts, level_picker, pool_picker, results, states, workbench
from pages._ui.effects import explanations, one_domain, unseen
from pages._ui.words import escape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit) -> None:
    """The whole page; what the user can mend is one red line."""
    with st.container(border=True):
        _controls(page, fitted)
    scenario = page.bench.scenario
    try:
        anchor, pool = (
            scenario.anchor_shares(page.table, fitted.config.outcome),
            scenario.pool.state(page.table),
        )
    except CausalMixError as problem:
        states.failed(problem)
        return
    _at(page, fitted)
    if not results.pool_support_of(fitted, pool).inside:
        states.outside_support("This pool lies outside the pools of the runs: its effects are extrapolated.")
    with st.container(border=True):
        _forest(page, fitted, pool, anchor)
    one_domain.draw(page, fitted)
    explanations.draw(page, fitted)
    unseen.draw(page, fitted, pool, anchor)


def _controls(page: OpenPage, fitted: Fit) -> None:
    left, right = st.columns([0.74, 0.26], gap="large")
    with left:
        if page.table.covariates:
            pool_picker.draw(page)
        else:
            st.caption("The table has no covariates: effects are the same for every pool.")
    with right:
        level_picker.draw(page, fitted)


def _at(page: OpenPage, fitted: Fit) -> None:
    scenario = page.bench.scenario
    anchor = anchor_words(page.table, scenario.anchor)
    pool = f"The pool is {pool_picker.words(page.table, scenario.pool)}. " if fitted.depends_on_pool else ""
    said = f"{pool}Domains are taken pro rata from the anchor ({anchor})."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(escape(said), width="content")
        if scenario.pool.shifted:
            st.button(
                "Unshift",
                key=f"{page.project.id}:effects_unshift",
                icon=":material/undo:",
                type="tertiary",
                on_click=lambda: workbench.set_scenario(page.project.id, pool=scenario.pool.unshifted()),
            )


def _forest(page: OpenPage, fitted: Fit, pool: NDArray[np.float64], anchor: NDArray[np.float64]) -> None:
    from causalmix_core.delivery.certainty import interval_help
    from causalmix_core.delivery.sentences import effect_sentences
    from causalmix_core.figures.effects import alt_forest, forest_figure

    view = results.effects(fitted, pool, anchor, page.bench.scenario.level)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        heading = "All domains at this pool" if fitted.depends_on_pool else "Averages over pools"
        st.markdown(f"**{heading}**", width="content")
        order = st.segmented_control(
            "Order",
            ["domain", "effect"],
            default="domain",
            required=True,
            key="order",
            bind="query-params",
            label_visibility="collapsed",
            format_func={"domain": "Table order", "effect": "By effect"}.__getitem__,
        )
    figure = forest_figure(view, mode=charts.mode(), order=order, colours=charts.domain_colours(page.table))
    charts.draw(figure, alt_forest(view), "effects:forest")
    st.caption(escape(interval_help(fitted, view.level)))
    words = st.expander("In words", icon=":material/notes:", key="effects:words", on_change="rerun")
    if words.open:
        said = effect_sentences(fitted.outcome, view)
        words.markdown("\n".join(f"- {escape(sentence)}" for sentence in said))
