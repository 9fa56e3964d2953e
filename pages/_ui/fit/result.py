"""What was fitted: method, whether pools differ, and what a reader should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import fits, navigation, workbench
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName, FitConfig
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.heterogeneity import Heterogeneity
    from pages._ui.shell import OpenPage

CONDITIONING: EstimatorName = "components"


def draw(page: OpenPage, config: FitConfig | None) -> None:
    """The current fit; ``config`` are the form's settings, None where they cannot be."""
    fitted = fits.current_or_none(page)
    if fitted is None:
        if fits.config_of(page.project, page.table) is None:
            st.caption("No fit yet. Check the settings and press Fit.")
        return
    with st.container(border=True):
        st.markdown(
            f"**{escape(fitted.method[:1].upper() + fitted.method[1:])}** · {escape(fitted.outcome.name)}"
        )
        st.markdown(escape(fitted.summary))
        _pools(page, fitted, config)
        _intervals(fitted)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            with st.container(horizontal=True, width="content"):
                navigation.link("effects", "Look at the effects", page.project.id)
                navigation.link("mixture", "Decide on a mixture", page.project.id)
            st.caption(
                f"Fit {fitted.sha256[:12]} · table {fitted.table.sha256[:12]} · seed {fitted.config.seed}",
                width="content",
            )


def _pools(page: OpenPage, fitted: Fit, config: FitConfig | None) -> None:
    """What unseen runs say of pools that differ, then the other notes."""
    from causalmix_core.delivery.heterogeneity import differ_sentence, gate_words

    found, notes = fitted.heterogeneity, fitted.notes
    if found is not None and found.supported:
        st.markdown(f":material/check: {escape(differ_sentence(found))}")
        st.caption(escape(gate_words(found)))
    elif found is not None:
        # A fit that was turned into averages says so in its first note.
        _averages(page, found, notes[0], config)
        notes = notes[1:]
    for note in notes:
        st.markdown(f":material/info: {escape(note)}")


def _averages(page: OpenPage, found: Heterogeneity, note: str, config: FitConfig | None) -> None:
    from causalmix_core.delivery import numbers
    from causalmix_core.delivery.heterogeneity import asked_sentence, p_words, slope_words

    st.info(f"**Averages over pools.** {escape(note)}", icon=":material/join_inner:")
    with st.grid(3, min_column_width=150):
        st.metric(
            "Slope b",
            slope_words(found),
            border=True,
            help="Slope of what average effects leave of the outcome on what the pool adds to them, in runs left out, "
            "with its standard error. 1 is perfect, 0 is nothing.",
        )
        st.metric(
            "p of b at most 0", p_words(found.p), border=True, help="One-sided, errors clustered by pool."
        )
        st.metric(
            "R-score",
            numbers.plain(found.r_score, 2),
            border=True,
            help="Part of the error of average effects that conditioning on the pool takes away; below 0 it adds some.",
        )
    left, right = st.columns([0.74, 0.26], gap="medium", vertical_alignment="center")
    left.caption(escape(asked_sentence(found)))
    if config is not None and config.estimator == CONDITIONING:
        right.caption("The settings above condition on the pool: press Fit.")
        return
    right.button(
        "Condition anyway",
        key="fit:condition",
        icon=":material/call_split:",
        width="stretch",
        on_click=workbench.take_over,
        args=(page.project.id, CONDITIONING),
        help=f"Puts the estimator {CONDITIONING} into the settings above, which conditions without asking.",
    )


def _intervals(fitted: Fit) -> None:
    from causalmix_core.delivery.certainty import width_sentence

    st.caption(escape(width_sentence(fitted.calibration)))
