"""The next runs: how many, by which criterion, what they are expected to bring, and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.planning import (
    CRITERION_HELP,
    CRITERION_WORDS,
    designs_sentence,
    plan_notes,
    settle_sentence,
    shrinkage_sentence,
)
from causalmix_core.errors import CausalMixError
from causalmix_core.planning.choices import CRITERIA
from pages._ui import charts, navigation, results, states
from pages._ui.planning import learning, plans
from pages._ui.words import escape, sentence

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.figures.planning import Shown
    from causalmix_core.planning.choices import PoolsName
    from causalmix_core.planning.plan import Plan
    from pages._ui.planning.plans import Asked
    from pages._ui.shell import OpenPage

MOST_RUNS = 128
START = 16
MOST_REPEATS = 8
POOL_WORDS: dict[PoolsName, str] = {
    "target": "Target pool",
    "table": "Table's pools",
    "both": "Both",
}
SHOWN: dict[str, Shown] = {"Expected regret": "regret", "Standard error of the gain": "gain_se"}


@st.fragment
def draw(page: OpenPage, fitted: Fit) -> None:
    """Controls left, the plan right; the learning curve below. A mistake is one red line."""
    try:
        decision = results.decision(fitted, page.bench.scenario)
    except CausalMixError as problem:
        states.failed(problem)
        navigation.link("mixture", "Mend it in the Mixture lab", page.project.id)
        page.show_decision()
        return
    results.remember(page, fitted, page.bench.scenario, decision)
    left, right = st.columns([0.3, 0.7], gap="medium")
    with left, st.container(border=True):
        asked = _controls(page, fitted)
    with right:
        _plan(page, fitted, decision, asked)
    with st.container(border=True):
        learning.draw(page, fitted, lambda: decision)
    page.show_decision()


def _controls(page: OpenPage, fitted: Fit) -> Asked:
    from causalmix_core.effects.information import knows_pools

    key = f"{page.project.id}:next"
    repeats = st.number_input(
        "Runs of every design",
        1,
        MOST_REPEATS,
        1,
        key=f"{key}:repeats",
        help="Seeds of their own for each design. One is best where runs are alike; two or more tell noise from effect.",
    )
    runs = st.slider(
        "Budget of runs", repeats, repeats * (MOST_RUNS // repeats), repeats * (START // repeats), repeats,
        key=f"{key}:runs:{repeats}",
    )  # fmt: skip
    criterion = st.selectbox(
        "What they should tell",
        CRITERIA,
        key=f"{key}:criterion",
        format_func=lambda c: sentence(CRITERION_WORDS[c]),
        help=CRITERION_HELP,
    )
    pools: PoolsName = "target"
    if knows_pools(fitted):
        pools = st.segmented_control(
            "Where they can be made",
            list(POOL_WORDS),
            default="target",
            required=True,
            key=f"{key}:pools",
            format_func=POOL_WORDS.__getitem__,
            wrap=True,
        )
    st.caption("For the decision of the Mixture lab: its pool, anchor, radius and bounds.")
    navigation.link("mixture", "Change the decision", page.project.id)
    return plans.Asked(runs, criterion, repeats, pools)


def _plan(page: OpenPage, fitted: Fit, decision: Decision, asked: Asked) -> None:
    try:
        plan = plans.plan(fitted, page.bench.scenario, decision, asked)
    except CausalMixError as problem:
        states.failed(problem)
        return
    new = page.bench.scenario.new_domain
    if new is not None:
        st.info(
            escape(
                f"Planned for the decision without {new.name}: nothing tells yet what runs with it would tell. Once "
                f"some runs hold it, add them to the table."
            ),
            icon=":material/visibility_off:",
        )
    with st.container(border=True):
        st.markdown("**What these runs are expected to bring**")
        _shrinkage(page, fitted, plan)
        st.markdown(escape(settle_sentence(plan)))
        for note in plan_notes(plan):
            st.warning(escape(note), icon=":material/info:")
    with st.container(border=True):
        st.markdown("**The runs**")
        _designs(page, fitted, plan)


def _shrinkage(page: OpenPage, fitted: Fit, plan: Plan) -> None:
    from causalmix_core.figures.planning import alt_shrinkage, shrinkage_figure

    words = st.segmented_control(
        "What is drawn",
        list(SHOWN),
        default=next(iter(SHOWN)),
        required=True,
        key=f"{page.project.id}:next:shown",
        label_visibility="collapsed",
    )
    shown = SHOWN[words]
    figure = shrinkage_figure(plan, fitted.outcome, shown, mode=charts.mode())
    charts.draw(figure, alt_shrinkage(plan, fitted.outcome, shown), f"{page.project.id}:next:shrinkage")
    st.caption(escape(shrinkage_sentence(plan)))


def _designs(page: OpenPage, fitted: Fit, plan: Plan) -> None:
    from causalmix_core.delivery.plan_files import plan_bytes
    from causalmix_core.figures.planning import alt_designs, designs_figure

    charts.draw(
        designs_figure(plan, mode=charts.mode()), alt_designs(plan), f"{page.project.id}:next:designs"
    )
    st.caption(escape(designs_sentence(plan)))
    st.dataframe(_frame(fitted, plan), hide_index=True, key=f"{page.project.id}:next:table")
    with st.container(horizontal=True):
        for ending, mime in (
            (".csv", "text/csv"),
            (".yaml", "application/yaml"),
            (".json", "application/json"),
        ):
            st.download_button(
                f"Runs as {ending[1:].upper()}",
                plan_bytes(fitted, plan, ending),
                f"next-runs{ending}",
                mime,
                key=f"{page.project.id}:next:download{ending}",
                icon=":material/download:",
                on_click="ignore",
            )


def _frame(fitted: Fit, plan: Plan) -> pd.DataFrame:
    """A row a design, shares as percentages that add to 100.0."""
    import pandas as pd

    from causalmix_core.delivery.numbers import percentages
    from causalmix_core.delivery.plan_files import pool_name

    rows = [
        {
            "pool": pool_name(fitted, design),
            "repeats": design.repeats,
            **{
                f"{domain} %": share
                for domain, share in zip(plan.domains, percentages(design.shares.tolist()), strict=True)
            },
        }
        for design in plan.designs
    ]
    return pd.DataFrame(rows)
