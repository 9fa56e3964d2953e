"""Where to start from and how far to go: anchor, trust radius with its measure, policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.delivery.scenarios import anchor_words
from causalmix_core.errors import AnchorError
from causalmix_core.scenarios.scenario import ANCHORS, MOST, reach
from pages._ui import controls, level_picker, states, workbench

if TYPE_CHECKING:
    from causalmix_core.decision.region import Metric
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.scenario import AnchorKind, Scenario
    from pages._ui.shell import OpenPage

_METRIC_WORDS = {"tv": "Data moved", "kl": "KL", "l2": "Distance"}
_METRIC_HELP = (
    "How the distance to the anchor is measured. Data moved: at most this share of the data changes place "
    "(total variation). KL: divergence from the anchor, strict about small domains. Distance: Euclidean distance "
    "of the shares."
)
_OWN = "Entered: the mixture in production"
_ANCHOR_HELP = (
    "The anchor: the mixture you would use otherwise. Gains are measured against it. The best observed run is the one whose "
    "outcome lies highest above what its pool's state foretells; being the best of many, it was in part lucky. "
    "The mixture in production is entered below or uploaded."
)
_POLICY_WORDS = {"analytic": "Exact", "search": "Search"}


def draw(page: OpenPage, fitted: Fit) -> None:
    """The controls of anchor, radius, policy and the intervals' level."""
    _anchor(page)
    _radius(page)
    _policy(page)
    level_picker.draw(page, fitted)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _anchor(page: OpenPage) -> None:
    project, table, scenario = page.project.id, page.table, page.bench.scenario
    options = [kind for kind in ANCHORS if kind != "natural" or table.natural is not None]

    def edit(kind: AnchorKind) -> None:
        now = page.bench.scenario
        entered = now.entered
        if kind == "entered" and not entered:
            entered = tuple(round(float(share), 12) for share in now.anchor_shares(table, page.outcome))
        workbench.edit_scenario(project, anchor=kind, entered=entered)

    controls.choice(
        "Start from",
        scenario.anchor,
        options,
        key=page.control("anchor"),
        edit=edit,
        words=lambda kind: _OWN if kind == "entered" else _capital(anchor_words(table, kind)),
        help=_ANCHOR_HELP,
    )
    if scenario.anchor == "entered":
        _entered(page, scenario)


def _entered(page: OpenPage, scenario: Scenario) -> None:
    import pandas as pd

    table, column = page.table, "Share (%)"
    shown = pd.DataFrame({"Domain": table.domains, column: [100.0 * share for share in scenario.entered]})
    edited = st.data_editor(
        shown,
        key=page.control("entered"),
        hide_index=True,
        disabled=["Domain"],
        column_config={column: st.column_config.NumberColumn(min_value=0.0, max_value=100.0, format="%.1f")},
        alt="Entered shares of the anchor in percent",
    )
    entered = tuple(round(float(share) / 100.0, 12) for share in edited[column].fillna(0.0))
    if entered != scenario.entered and not edited.equals(shown):
        workbench.edit_scenario(page.project.id, entered=entered)
    st.caption(f"They add to {numbers.plain(100.0 * sum(entered), 1)} %.")
    _upload_mixture(page)


def _upload_mixture(page: OpenPage) -> None:
    key = f"{page.project.id}:mixture_file"

    def edit() -> None:
        from causalmix_core.decision.anchors import parse_mixture

        file = st.session_state[key]
        if file is None:
            return
        try:
            shares = parse_mixture(file.getvalue(), page.table.domains)
        except AnchorError as problem:
            st.session_state[f"{key}:problem"] = problem
            return
        st.session_state.pop(f"{key}:problem", None)
        workbench.set_scenario(page.project.id, entered=tuple(map(float, shares)))

    st.file_uploader(
        "Or upload it (JSON)", type="json", key=key, on_change=edit, help='{"web": 0.4, "code": 0.6}'
    )
    problem = st.session_state.get(f"{key}:problem")
    if problem is not None:
        states.failed(problem)


def _radius(page: OpenPage) -> None:
    project, scenario = page.project.id, page.bench.scenario
    in_percent = scenario.metric == "tv"
    scale, style = (100.0, "%.0f %%") if in_percent else (1.0, "%.2f")
    step = 0.01 * scale

    def slide(shown: float) -> None:
        workbench.edit_scenario(project, radius=shown / scale)

    def enter(shown: float) -> None:
        workbench.set_scenario(project, radius=shown / scale)

    shown = round(scenario.radius * scale, 6)
    wide, narrow = st.columns([0.66, 0.34], vertical_alignment="bottom")
    with wide:
        controls.slider(
            "Trust radius",
            shown,
            (0.0, reach(scenario) * scale),
            step,
            key=page.control(f"radius:{scenario.metric}"),
            edit=slide,
            style=style,
        )
    with narrow:
        controls.twin(
            "Percent" if in_percent else "Radius",
            shown,
            (0.0, MOST[scenario.metric] * scale),
            step,
            key=page.control("radius_number"),
            edit=enter,
            style="%.1f" if in_percent else "%.3f",
        )
    if in_percent:
        st.caption(f"At most {numbers.percent(scenario.radius)} of the data moves.")


def _policy(page: OpenPage) -> None:
    project, scenario = page.project.id, page.bench.scenario

    def edit_metric(metric: Metric) -> None:
        workbench.edit_scenario(project, metric=metric, radius=min(page.bench.scenario.radius, MOST[metric]))

    with st.container(horizontal=True):
        controls.switch(
            "Measured as",
            scenario.metric,
            list(_METRIC_WORDS),
            key=page.control("metric"),
            edit=edit_metric,
            words=_METRIC_WORDS.__getitem__,
            help=_METRIC_HELP,
        )
        controls.switch(
            "Policy",
            scenario.policy,
            list(_POLICY_WORDS),
            key=page.control("policy"),
            edit=lambda policy: workbench.edit_scenario(project, policy=policy),
            words=_POLICY_WORDS.__getitem__,
            help="Exact: the best mixture in the region. Search: the mean of the 100 best of 100,000 drawn "
            "mixtures, which keeps away from corners.",
        )
