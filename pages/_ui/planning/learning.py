"""The learning curve: offered with a button, made with progress, then drawn with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.planning import LEARNING_HEADER, learning_rows, learning_sentence, worth_sentence
from pages._ui import charts, steps
from pages._ui.planning import plans
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.planning.learning import LearningCurve
    from pages._ui.shell import OpenPage

TITLE = "Are more runs of this kind worth it?"


def draw(page: OpenPage, fitted: Fit, decide: Callable[[], Decision]) -> None:
    """Offer the curve of the scenario's decision, which ``decide`` makes, or show it."""
    scenario = page.bench.scenario
    curve = plans.curve(fitted, scenario)
    if curve is not None:
        st.markdown(f"**{TITLE}**")
    elif steps.offer(
        TITLE,
        "Refits parts of the runs and foretells pools left out: how error and foretelling went as runs were added, and "
        "where more of them lead. Moving a control stops it.",
        "Draw the learning curve",
        key="next:learning",
        icon=":material/show_chart:",
    ):
        curve = steps.make(
            lambda report: plans.make_curve(fitted, scenario, decide(), report),
            "Refitting parts of the runs",
            "Drawn",
            failed="Not drawn",
        )
    if curve is not None:
        _show(page, fitted, curve)


def _show(page: OpenPage, fitted: Fit, curve: LearningCurve) -> None:
    import pandas as pd

    from causalmix_core.figures.planning import alt_learning, learning_figure

    st.markdown(escape(worth_sentence(curve, page.bench.scenario.level)))
    figure = learning_figure(curve, fitted.outcome, mode=charts.mode())
    charts.draw(figure, alt_learning(curve), f"{page.project.id}:next:learning_chart")
    st.caption(escape(learning_sentence(curve)))
    frame = pd.DataFrame(learning_rows(curve), columns=list(LEARNING_HEADER))
    st.dataframe(frame, hide_index=True, key=f"{page.project.id}:next:learning_table")
    st.caption(
        "R2, rank correlation and pair R2 are of runs of pools left out; kept is the part of the gain that the "
        f"recommendation from so many runs keeps by the fit of all; means of {curve.repeats} random choices of pools."
    )
