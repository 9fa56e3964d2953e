"""What drives the recommendation: computed when asked for, and asked anew once the recommendation changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from pages._ui import charts, explained, states
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.delivery.recommendation import Recommendation
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit, scenario: Scenario) -> None:
    """The sentences, or the button that asks for them."""
    asked, current = f"{page.project.id}:explained", explained.name(fitted, scenario)
    with st.container(border=True):
        st.markdown("**What drives this recommendation?**")
        # Averages need no model of the pools: their sentences cost nothing.
        if fitted.depends_on_pool and st.session_state.get(asked) != current:
            st.caption("Which covariates of the pool move the shares that change most, and how sure that is.")
            st.button(
                "Explain this recommendation",
                key="lab:explain",
                icon=":material/psychology_alt:",
                on_click=st.session_state.__setitem__,
                args=(asked, current),
            )
            return
        try:
            with states.loading("mixture", "Asking the policy at the runs' pools…"):
                made = explained.recommendation(fitted, scenario)
        except CausalMixError as problem:
            states.failed(problem)
            return
        _say(page, fitted, made)


def _say(page: OpenPage, fitted: Fit, made: Recommendation) -> None:
    from causalmix_core.delivery.explanations import recommendation_sentences
    from causalmix_core.figures.effects import alt_pool_drivers, pool_drivers_figure

    said = recommendation_sentences(fitted.outcome, made)
    st.markdown("\n".join(f"- {escape(sentence)}" for sentence in said))
    views = {view.domain: view for view in made.drivers}
    if not views:
        return
    picked = st.segmented_control("Steps of", list(views), key=f"{page.project.id}:explained_domain")
    if picked in views:
        view = views[picked]
        charts.draw(
            pool_drivers_figure(view, mode=charts.mode()),
            alt_pool_drivers(view),
            f"{page.project.id}:move_drivers",
        )
