"""By which rules effects differ, and what drives them: computed only once a section is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from pages._ui import charts, explained, states
from pages._ui.effects import explanation_tables as tables
from pages._ui.words import escape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.explain.views import Drivers
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

_SECTIONS = {"rules": "Rules", "drivers": "Drivers"}
_ALL = "All domains"
_DEPTHS = (1, 2, 3, 4)


@st.fragment
def draw(page: OpenPage, fitted: Fit) -> None:
    """Pickers, then the picked section."""
    scenario = page.bench.scenario
    anchor, pool = scenario.anchor_shares(page.table, fitted.config.outcome), scenario.pool.state(page.table)
    with st.container(border=True):
        st.markdown("**What effects depend on**")
        if not fitted.depends_on_pool:
            st.caption("This fit's effects are averages, the same for every pool: no covariate drives them.")
            return
        section = st.segmented_control(
            "Explanation",
            list(_SECTIONS),
            key="explain",
            bind="query-params",
            format_func=_SECTIONS.__getitem__,
            label_visibility="collapsed",
        )
        if section is None:
            st.caption(
                "Rules sort the runs' pools into groups by their effects. Drivers show how far each covariate moves "
                "an effect, over the runs' pools and at this one."
            )
            return
        try:
            (_rules if section == "rules" else _drivers)(page, fitted, pool, anchor)
        except CausalMixError as problem:
            states.failed(problem)


def _domain(page: OpenPage) -> str | None:
    """The picked domain, None for all."""
    options = [_ALL, *page.table.domains]
    if st.session_state.get("explain_domain", _ALL) not in options:
        del st.session_state["explain_domain"]
    picked = st.selectbox("Effect of", options, key="explain_domain")
    return None if picked == _ALL else picked


def _rules(page: OpenPage, fitted: Fit, pool: Array, anchor: Array) -> None:
    from causalmix_core.delivery.explanations import tree_sentence
    from causalmix_core.figures.effects import alt_tree, tree_figure

    left, right = st.columns(2)
    with left:
        domain = _domain(page)
    depth = right.segmented_control("Depth", _DEPTHS, default=3, required=True, key="explain_depth")
    with states.loading("effects", "Looking for rules…"):
        tree = explained.tree(fitted, anchor, depth, domain)
    st.markdown(escape(tree_sentence(tree)))
    charts.draw(tree_figure(tree, mode=charts.mode(), pool=pool), alt_tree(tree), "effects:tree")
    st.caption(
        "Each box is a group of the runs' pools with the mean effect per percentage point. The strong path leads to "
        "the group of the pool at hand."
    )
    tables.draw_groups(tree, tree.path(pool)[-1])


def _drivers(page: OpenPage, fitted: Fit, pool: Array, anchor: Array) -> None:
    domain = _domain(page)
    domains = page.table.domains if domain is None else (domain,)
    with states.loading("effects", "Looking for drivers…"):
        views = explained.drivers(fitted, pool, anchor, domains)
    if domain is None:
        tables.draw_all(views)
    else:
        _one(views[0])


def _one(view: Drivers) -> None:
    from causalmix_core.delivery.explanations import HOLDS, drivers_sentence, here_sentence
    from causalmix_core.figures.effects import (
        alt_drivers,
        alt_pool_drivers,
        drivers_figure,
        pool_drivers_figure,
    )

    said = escape(drivers_sentence(view))
    if view.r2 < HOLDS:
        st.warning(said, icon=":material/warning:")
    else:
        st.markdown(said)
    if not view.importance.any():
        return
    st.markdown("**Over the runs' pools**")
    charts.draw(drivers_figure(view, mode=charts.mode()), alt_drivers(view), "effects:drivers")
    st.markdown("**At this pool**")
    charts.draw(pool_drivers_figure(view, mode=charts.mode()), alt_pool_drivers(view), "effects:pool_drivers")
    st.markdown(escape(here_sentence(view)))
    tables.draw_drivers(view)
