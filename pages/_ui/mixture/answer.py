"""The answer: gain with its interval, charts, shares, why, and the tables behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError, InfeasibleRegion, ObjectiveError, SupplyError
from pages._ui import charts, fits, results, states
from pages._ui.mixture import details, drivers, headline, pictures, verdict
from pages._ui.words import escape

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage


@dataclass(frozen=True, eq=False)
class Numbers:
    """What was drawn first: the decision without its verdict, for the scenario it was made of.

    ``place`` is where the verdict goes. ``raised`` is the fit itself, or that of the weighted outcome.
    """

    scenario: Scenario
    place: DeltaGenerator
    raised: Fit
    made: Decision


def draw_numbers(page: OpenPage, fitted: Fit) -> Numbers | None:
    """The numbers, before anything that takes longer; what the user can mend is shown in their place."""
    scenario = page.bench.scenario
    try:
        made = results.decision(fitted, scenario, judged=False)
        raised = fits.panel(fitted, scenario).raised
    except (InfeasibleRegion, SupplyError) as problem:
        states.infeasible(problem)
        return None
    except ObjectiveError as problem:
        states.out_of_reach(problem)
        return None
    except CausalMixError as problem:
        states.failed(problem)
        return None
    results.remember(page, fitted, scenario, made)
    place = st.container()
    headline.draw(page, raised, made)
    _unseen(page, fitted, raised, made)
    return Numbers(scenario, place, raised, made)


def draw_rest(page: OpenPage, fitted: Fit, numbers: Numbers) -> None:
    """Charts, the verdict in its place above the numbers, why, and the tables."""
    scenario, raised, made = numbers.scenario, numbers.raised, numbers.made
    if made.outcomes or made.futures:
        with st.container(border=True):
            verdict.draw_outcomes(page, made)
    with st.container(border=True):
        pictures.draw(page, fitted, scenario, made)
    with st.container(border=True):
        st.markdown("**Shares, from the anchor to the proposed mixture**")
        _dumbbell(page, made)
    with numbers.place:
        verdict.draw(page, raised, results.decision(fitted, scenario))
    with st.container(border=True):
        _why(page, fitted, raised, made)
    drivers.draw(page, raised.seen, scenario.without_new_domain())
    details.draw(page, fitted, made)


def _unseen(page: OpenPage, fitted: Fit, raised: Fit, made: Decision) -> None:
    """What a domain without runs brings, and what that rests on."""
    from causalmix_core.delivery.unseen import brings_sentence, lodo_sentence, unseen_sentence
    from causalmix_core.effects.joined import JoinedFit

    scenario = page.bench.scenario
    if not isinstance(raised, JoinedFit):
        return
    without = results.decision(fitted, scenario.without_new_domain(), judged=False)
    found = raised.effect(scenario.pool.state(page.table), made.region.anchor[:-1], made.level)
    said = f"{brings_sentence(fitted.outcome, without, made)} {unseen_sentence(fitted.outcome, found)}"
    st.warning(escape(said), icon=":material/visibility_off:")
    st.caption(escape(lodo_sentence(raised.unseen.report)))


def _dumbbell(page: OpenPage, made: Decision) -> None:
    from causalmix_core.delivery.unseen import marked_domains
    from causalmix_core.figures.mixture import alt_dumbbell, dumbbell_figure

    region = made.region
    domains = marked_domains(region)
    figure = dumbbell_figure(
        domains,
        region.anchor,
        made.shares,
        region.lower,
        region.upper,
        mode=charts.mode(),
        colours=charts.region_colours(page.table, region),
        supplied=None if region.availability is None else region.upper < region.availability.upper,
    )
    charts.draw(figure, alt_dumbbell(domains, region.anchor, made.shares), f"{page.project.id}:dumbbell")


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
