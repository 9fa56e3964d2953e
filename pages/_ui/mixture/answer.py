"""The answer: gain with its interval, charts, shares, why, and the tables behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError, InfeasibleRegion, ObjectiveError, SupplyError
from pages._ui import charts, fits, results, states
from pages._ui.mixture import details, drivers, headline, pictures, verdict
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit) -> None:
    """Everything right of the controls; what the user can mend is shown in its place."""
    scenario = page.bench.scenario
    try:
        made = results.decision(fitted, scenario)
        raised = fits.panel(fitted, scenario).raised  # the fit itself, or that of the weighted outcome
    except (InfeasibleRegion, SupplyError) as problem:
        states.infeasible(problem)
        return
    except ObjectiveError as problem:
        states.out_of_reach(problem)
        return
    except CausalMixError as problem:
        states.failed(problem)
        return
    results.remember(page, fitted, scenario, made)
    headline.draw(page, raised, made)
    if made.outcomes or made.futures:
        with st.container(border=True):
            verdict.draw_outcomes(page, made)
    with st.container(border=True):
        pictures.draw(page, fitted, scenario, made)
    with st.container(border=True):
        st.markdown("**Shares, from the anchor to the proposed mixture**")
        _dumbbell(page, made)
    with st.container(border=True):
        _why(page, fitted, raised, made)
    drivers.draw(page, raised, scenario)
    details.draw(page, fitted, made)


def _dumbbell(page: OpenPage, made: Decision) -> None:
    from causalmix_core.figures.mixture import alt_dumbbell, dumbbell_figure

    region = made.region
    figure = dumbbell_figure(
        region.domains,
        region.anchor,
        made.shares,
        region.lower,
        region.upper,
        mode=charts.mode(),
        colours=charts.domain_colours(page.table),
        supplied=None if region.availability is None else region.upper < region.availability.upper,
    )
    charts.draw(
        figure, alt_dumbbell(region.domains, region.anchor, made.shares), f"{page.project.id}:dumbbell"
    )


def _why(page: OpenPage, fitted: Fit, raised: Fit, made: Decision) -> None:
    from causalmix_core.delivery.prices import limits_sentence, price_sentences
    from causalmix_core.delivery.sentences import why_sentences
    from causalmix_core.delivery.supply import availability_sentences

    found, compared = results.limits(fitted, page.bench.scenario, made)
    said = [*why_sentences(made), *availability_sentences(made.region)]
    said += [
        *price_sentences(raised.outcome, made, found),
        *filter(None, [limits_sentence(raised.outcome, compared)]),
    ]
    st.markdown("**Why this answer?**")
    st.markdown("\n".join(f"- {escape(sentence)}" for sentence in said))
