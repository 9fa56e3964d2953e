"""Up to four kept scenarios side by side: table, dumbbells, and which is better than which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import scenario_comparison as words
from causalmix_core.errors import CausalMixError
from causalmix_core.scenarios.compare import FEWEST, MOST
from pages._ui import charts, fits, results, states
from pages._ui.scenarios import kept
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.compare import ScenarioComparison
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage

_NOW = "what you work on now"


def draw(page: OpenPage, fitted: Fit) -> None:
    """The choice and the comparison; stale scenarios are left out until they are recomputed."""
    offered = _offered(page, fitted)
    names = list(offered)
    st.subheader("Side by side")
    chosen = st.multiselect(
        "Scenarios to compare",
        names,
        default=names[: max(FEWEST, min(MOST, len(names) - 1))],
        max_selections=MOST,
        key=f"{page.project.id}:compared:{len(offered)}",
        help="Those saved with another fit can be compared once they are recomputed.",
    )
    if len(chosen) < FEWEST:
        st.caption(f"Choose from {FEWEST} to {MOST} scenarios to compare them.")
        return
    at = chosen[0]
    if len({offered[name].pool for name in chosen}) > 1:
        at = st.selectbox("Compare mixtures at the pool of", chosen, key=f"{page.project.id}:compared_at")
    try:
        with states.loading(page.key):
            found = _compared(fitted, [(name, offered[name]) for name in chosen], chosen.index(at))
    except CausalMixError as problem:
        states.failed(problem)
        return
    _draw(page, found)


def _offered(page: OpenPage, fitted: Fit) -> dict[str, Scenario]:
    """Name -> scenario of all that the present fit's numbers are known of, the working one last."""
    saved = kept.all_of(page)
    now = _NOW
    while now in {one.name for one in saved}:
        now += "'"
    current = {one.name: one.content.scenario for one in saved if not one.stale(fitted.sha256)}
    return {**current, now: page.bench.scenario}


def _compared(fitted: Fit, asked: list[tuple[str, Scenario]], pool_of: int) -> ScenarioComparison:
    from causalmix_core.scenarios.compare import compare_scenarios

    return compare_scenarios(
        fitted,
        asked,
        pool_of=pool_of,
        decide=lambda scenario: (fits.panel(fitted, scenario).raised, results.decision(fitted, scenario)),
    )


def _draw(page: OpenPage, found: ScenarioComparison) -> None:
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left, st.container(border=True):
        _table(page, found)
        st.caption("Lines in bold differ. Shares are in percent of the mixture.")
    with right, st.container(border=True):
        _better(page, found)
    st.markdown("**Shares, from the reference to the mixture of each**")
    _dumbbells(page, found)


def _table(page: OpenPage, found: ScenarioComparison) -> None:
    import pandas as pd

    def cells(row: words.Row) -> list[str]:
        texts = [escape(text) for text in (row.label, *row.cells)]
        return [f"**{text}**" for text in texts] if row.differs else texts

    names = [escape(entry.name) for entry in found.entries]
    rows = [cells(row) for row in words.table_rows(found, page.table)]
    frame = pd.DataFrame(rows, columns=["\u00a0", *names])
    st.table(frame, border="horizontal", hide_index=True, alt="The scenarios side by side")


def _better(page: OpenPage, found: ScenarioComparison) -> None:
    import pandas as pd

    from causalmix_core.figures.scenarios import alt_better, better_figure

    st.markdown("**Probability that the row is better than the column**")
    charts.draw(better_figure(found, mode=charts.mode()), alt_better(found), f"{page.project.id}:better")
    for sentence in words.better_sentences(found):
        st.markdown(f"- {escape(sentence)}")
    st.caption(escape(words.pool_sentence(found)))
    with st.expander("The probabilities as a table"):
        columns = ["", *(entry.name for entry in found.entries)]
        st.dataframe(pd.DataFrame(words.matrix_rows(found), columns=columns), hide_index=True)


def _dumbbells(page: OpenPage, found: ScenarioComparison) -> None:
    from causalmix_core.delivery.unseen import marked_domains
    from causalmix_core.figures.mixture import alt_dumbbell, dumbbell_figure

    most = max(
        float(max(entry.decision.region.anchor.max(), entry.decision.shares.max())) for entry in found.entries
    )
    for number, (column, entry) in enumerate(
        zip(st.columns(len(found.entries)), found.entries, strict=True), start=1
    ):
        region, shares = entry.decision.region, entry.decision.shares
        domains = marked_domains(region)
        figure = dumbbell_figure(
            domains,
            region.anchor,
            shares,
            region.lower,
            region.upper,
            mode=charts.mode(),
            limit=min(1.0, 1.05 * most),
            colours=charts.region_colours(page.table, region),
        )
        with column, st.container(border=True):
            st.markdown(f"**{escape(entry.name)}**")
            alt = f"{entry.name}. {alt_dumbbell(domains, region.anchor, shares)}"
            charts.draw(figure, alt, f"{page.project.id}:dumbbell:{number}")
