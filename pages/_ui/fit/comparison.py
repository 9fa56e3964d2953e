"""Comparing estimators on the user's own table: the button, what was found, and taking the choice over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import charts, comparisons, steps, workbench
from pages._ui.words import escape, unseen

if TYPE_CHECKING:
    from causalmix_core.effects.compared import Comparison
    from causalmix_core.effects.config import EstimatorName, FitConfig
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, config: FitConfig) -> None:
    """Offer the comparison for the outcome of the form's settings, or show what it found."""
    outcome = config.outcome
    title = f"Which estimator? · {escape(outcome)}"
    with st.container(border=True):
        found = comparisons.made(page.table, outcome)
        if found is not None:
            st.markdown(f"**{title}**")
        elif steps.offer(
            title,
            f"Refits every estimator without each fifth of the {unseen(page.table)}, the same fifths for all, and says "
            "which foretells best what the mixture does, and which simpler one is within noise of it.",
            "Compare estimators",
            key="fit:compare",
            icon=":material/leaderboard:",
        ):
            found = steps.make(
                lambda report: comparisons.run(page.project, page.table, outcome, report),
                "Comparing",
                "Compared",
                failed="Not compared",
            )
        if found is not None:
            _show(page, found, config)


def _show(page: OpenPage, found: Comparison, config: FitConfig) -> None:
    from causalmix_core.delivery.comparison import comparison_sentence, criterion_sentence
    from causalmix_core.figures.comparison import alt_comparison, comparison_figure

    st.markdown(escape(comparison_sentence(found)))
    if config.estimator not in _names_of(found):
        st.button(
            f"Use {found.chosen}",
            key="fit:use_chosen",
            icon=":material/check:",
            on_click=workbench.take_over,
            args=(page.project.id, found.chosen),
        )
    charts.draw(comparison_figure(found, mode=charts.mode()), alt_comparison(found), "fit:comparison")
    st.caption(
        f"{escape(criterion_sentence(found))} Filled dots are within noise of the best, open ones clearly behind; "
        "the simplest stand on top."
    )
    _table(found)
    for _, reason in found.refused:
        st.caption(f"Left out: {escape(reason)}")


def _names_of(found: Comparison) -> set[EstimatorName]:
    """The names under which the chosen estimator may stand in the form already."""
    names: set[EstimatorName] = {found.chosen}
    return names | {"recommended"} if found.recommended == found.chosen else names


def _table(found: Comparison) -> None:
    from causalmix_core.delivery.comparison import HEADER, rows

    shown = [dict(zip(HEADER, row, strict=True)) for row in rows(found)]
    with st.expander("All scores", icon=":material/table:"):
        st.dataframe(shown, hide_index=True, width="stretch", alt="Scores of every estimator, simplest first")
        st.caption(
            f"Brackets hold {numbers.level_percent(found.level)} bootstrap intervals; * marks the chosen one. R-score: how "
            "much less error effects have that depend on the pool than average effects. Regret: what is lost, in the "
            "outcome's unit, by taking the run that the estimator prefers among those of one pool."
        )
