"""Charts beside the answer, of which only the chosen one is computed: radius, pool, outcomes, domains."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import picture_tables, pictures
from causalmix_core.errors import CausalMixError
from causalmix_core.scenarios.frontier import asks_for_gain
from pages._ui import charts, fits, results, states
from pages._ui.mixture import pictured
from pages._ui.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

    from causalmix_core.decision.result import Decision
    from causalmix_core.decision.ternary import Others
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage

    Draw = Callable[[OpenPage, Fit, Scenario, Decision], None]

RADIUS, POOL, OUTCOMES, DOMAINS = "Trust radius", "Pool shift", "Two outcomes", "Three domains"
_OTHERS: tuple[Others, ...] = ("held", "summed")
_TITLES = {
    RADIUS: "Gain as the trust radius grows",
    POOL: "The mixture as the pool shifts",
    OUTCOMES: "Two outcomes, and what one costs the other",
    DOMAINS: "Gain of other divisions among three domains",
}


def draw(page: OpenPage, fitted: Fit, scenario: Scenario, made: Decision) -> None:
    """The row of names, then the chosen chart with its sentence and its table."""
    table = page.table
    drawn: dict[str, Draw] = {RADIUS: _radius}
    drawn |= {POOL: _pool} if table.covariates else {}
    # A domain without runs has an effect on one outcome alone.
    drawn |= {OUTCOMES: _outcomes} if len(table.outcomes) > 1 and not made.region.unseen else {}
    drawn |= {DOMAINS: _domains} if len(table.domains) > 2 else {}
    picked = RADIUS
    if len(drawn) > 1:
        picked = st.segmented_control(
            "Chart",
            list(drawn),
            default=RADIUS,
            required=True,
            key=f"{page.project.id}:picture{_beside(made)}",
            label_visibility="collapsed",
            wrap=True,
        )
    st.markdown(f"**{_TITLES[picked]}**")
    try:
        drawn[picked](page, fitted, scenario, made)
    except CausalMixError as problem:
        states.failed(problem)


def _beside(made: Decision) -> str:
    """Part of the keys of controls that have other options beside a domain without runs."""
    return ":new" if made.region.unseen else ""


def _show(page: OpenPage, name: str, figure: go.Figure, said: str, table: picture_tables.Table) -> None:
    """The chart, its sentence, and its numbers behind a fold that is computed when it is open."""
    charts.draw(figure, said, f"{page.project.id}:{name}")
    st.caption(escape(said))
    fold = st.expander("Numbers", key=f"{page.project.id}:{name}:numbers", on_change="rerun")
    if fold.open:
        import pandas as pd

        header, rows = table
        # Two columns may carry one name (an interval each), which a frame's column may not.
        columns = [name if name not in header[:i] else f"{name} " for i, name in enumerate(header)]
        right = {column: st.column_config.TextColumn(alignment="right") for column in columns[1:]}
        fold.dataframe(
            pd.DataFrame(rows, columns=columns),
            hide_index=True,
            column_config=right,
            alt=said,
            key=f"{page.project.id}:{name}:table",
        )


def _radius(page: OpenPage, fitted: Fit, scenario: Scenario, made: Decision) -> None:
    from causalmix_core.decision.frontier import through
    from causalmix_core.figures.mixture import frontier_figure

    # The exact frontier takes no time; a spinner would only flicker.
    waiting = (
        nullcontext() if asks_for_gain(scenario) else states.loading("mixture", "Deciding at every radius…")
    )
    with waiting:
        path, support = results.frontier(fitted, scenario), results.support_radius(fitted, scenario)
    path = through(path, made)
    unit, metric = fits.panel(fitted, scenario).raised.outcome.unit, scenario.metric
    figure = frontier_figure(path, scenario.radius, support, mode=charts.mode(), unit=unit, metric=metric)
    unseen = [name for name, _ in made.region.unseen]
    said = pictures.frontier_sentence(path, scenario.radius, support, metric, unit, unseen)
    _show(
        page, "frontier", figure, said, picture_tables.frontier_table(path, metric, scenario.radius, support)
    )
    if scenario.policy == "search":
        st.caption("The line is the exact policy's; the search keeps away from corners and may gain less.")


def _pool(page: OpenPage, fitted: Fit, scenario: Scenario, made: Decision) -> None:
    from causalmix_core.delivery.covariates import covariate_words
    from causalmix_core.delivery.unseen import marked_domains
    from causalmix_core.figures.mixture import trajectory_figure

    table = page.table
    words = {c.column: covariate_words(c) for c in table.covariates}
    shared = [c.name for c in table.covariates if c.domain is not None]
    words |= {n: f"{n.replace('_', ' ')} of all domains" for n in shared if shared.count(n) > 1}
    order = [*(key for key in words if key in shared), *(key for key in words if key not in shared)]
    along = st.selectbox(
        "Along", order, format_func=words.__getitem__, key=f"{page.project.id}:picture_along"
    )
    raised = fits.panel(fitted, scenario).raised
    path, moved = pictured.along_pool(raised, scenario, made, along)
    moved = replace(moved, domains=marked_domains(made.region))
    colours = charts.region_colours(table, made.region)
    figure = trajectory_figure(path, moved, mode=charts.mode(), colours=colours)
    said = pictures.trajectory_sentence(path, moved)
    _show(page, "trajectory", figure, said, picture_tables.trajectory_table(path, moved))
    _only_expected(scenario)


def _outcomes(page: OpenPage, fitted: Fit, scenario: Scenario, made: Decision) -> None:
    from causalmix_core.figures.mixture import pareto_figure

    fitted = fits.panel(fitted, scenario).raised
    names = [o.name for o in page.table.outcomes if o.name != fitted.config.outcome]
    against = st.selectbox("Against", names, key=f"{page.project.id}:picture_against")
    other = fits.beside(fitted, against)
    if other is None:
        place = st.empty()
        with place.container():
            st.caption(
                escape(f"{against} has not been fitted with the settings of {fitted.config.outcome} yet.")
            )
            wanted = st.button(
                escape(f"Fit {against}"), key=f"lab:fit_beside:{against}", icon=":material/play_arrow:"
            )
        if not wanted:
            return
        with states.loading("mixture", "Fitting the second outcome…"):
            other = fits.run_beside(fitted, against)
        place.empty()
    found, outcomes = pictured.against(fitted, other, scenario, made), (fitted.outcome, other.outcome)
    figure = pareto_figure(found, outcomes, made.region.anchor, mode=charts.mode())
    said = pictures.pareto_sentence(found, outcomes)
    _show(page, "pareto", figure, said, picture_tables.pareto_table(found, outcomes))


def _domains(page: OpenPage, fitted: Fit, scenario: Scenario, made: Decision) -> None:
    from causalmix_core.figures.mixture import ternary_figure

    left, right = st.columns([0.62, 0.38], vertical_alignment="bottom")
    with left:
        trio = st.multiselect(
            "Domains",
            made.region.domains,
            default=_largest(page.table),
            max_selections=3,
            key=f"{page.project.id}:picture_domains{_beside(made)}",
        )
    with right:
        others = st.segmented_control(
            "Others",
            _OTHERS,
            default="held",
            required=True,
            format_func=str.capitalize,
            key=f"{page.project.id}:picture_others",
            help="Held: all other domains keep their proposed shares. Summed: the third corner stands for its domain and "
            "all others together.",
        )
    if len(trio) < 3:
        st.caption("Choose three domains.")
        return
    fitted = fits.panel(fitted, scenario).raised
    found = pictured.divided(fitted, scenario, made, tuple(trio), others)
    figure = ternary_figure(found, mode=charts.mode(), unit=fitted.outcome.unit)
    said = pictures.ternary_sentence(found, fitted.outcome.unit)
    _show(page, "ternary", figure, said, picture_tables.ternary_table(found))


def _largest(table: RunsTable) -> list[str]:
    """The three domains with the largest mean share among the runs, in the table's order."""
    sizes = table.shares.mean(axis=0)
    kept = sorted((-sizes).argsort(kind="stable")[:3].tolist())
    return [table.domains[k] for k in kept]


def _only_expected(scenario: Scenario) -> None:
    """Where the answer follows another objective, say that this chart does not."""
    if not asks_for_gain(scenario):
        st.caption("This chart follows the highest expected gain, without floors or another objective.")
