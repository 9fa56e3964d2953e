"""The verdict above all numbers, and who wins and loses below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.decision.objective import Objective
from causalmix_core.delivery import answer
from pages._ui import navigation, workbench
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

_BOXES = {
    "recommend": (st.success, ":material/check_circle:"),
    "keep": (st.info, ":material/anchor:"),
    "not_enough": (st.warning, ":material/help:"),
}


def draw(page: OpenPage, fitted: Fit, made: Decision) -> None:
    """What the decision comes to, in one box, with the objective where it is not the expected gain."""
    if made.verdict is None:
        return
    box, icon = _BOXES[made.verdict.kind]
    said = list(answer.answer_sentences(fitted.outcome, made))
    if made.objective.kind != "mean_gain":
        said.append(f"Asked for: {answer.objective_phrase(made.objective, fitted.outcome)}.")
    box(escape(" ".join(said)), icon=icon)
    if made.verdict.kind == "not_enough":
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link("next", "Plan the runs that would settle it", page.project.id)
            if made.objective.kind == "mean_gain" and made.verdict.surest > 0.0:
                _offer_sure_gain(page, made)


def _offer_sure_gain(page: OpenPage, made: Decision) -> None:
    """A button that asks for the mixture which is sure, where the one at hand is not."""
    st.button(
        "Take the sure gain",
        icon=":material/verified:",
        key=page.control("sure_gain"),
        help="Best mixture by the lower end of the gain's interval, in place of the expected gain.",
        on_click=workbench.set_scenario,
        args=(page.project.id,),
        kwargs={"objective": Objective("lower_bound", worth=made.objective.worth)},
    )


def draw_outcomes(page: OpenPage, made: Decision) -> None:
    """Tables of the other outcomes and of the further pools; nothing without any."""
    import pandas as pd

    right = st.column_config.TextColumn(alignment="right")
    if made.outcomes:
        st.markdown("**Outcomes: win, lose or unsure**")
        columns = [name.capitalize() for name in answer.OUTCOME_COLUMNS]
        st.dataframe(
            pd.DataFrame(answer.outcome_rows(made), columns=columns),
            hide_index=True,
            height="content",
            column_config=dict.fromkeys(columns[1:4], right),
            alt="Gain of each outcome with its interval, higher is better, and whether it wins, loses or is unsure",
            key=f"{page.project.id}:outcome_gains",
        )
        st.caption(escape(answer.outcomes_sentence(made)))
    if made.futures:
        st.markdown("**Gain at each pool**")
        futures = page.bench.scenario.futures
        names = tuple(future.pool_id or future.label for future in futures)
        columns = [name.capitalize() for name in answer.FUTURE_COLUMNS]
        st.dataframe(
            pd.DataFrame(answer.future_rows(made, names), columns=columns),
            hide_index=True,
            height="content",
            column_config=dict.fromkeys(columns[1:], right),
            alt="Gain at each pool with its interval, higher is better",
            key=f"{page.project.id}:future_gains",
        )
