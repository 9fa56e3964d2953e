"""What a decision comes to, its numbers, each with what it leaves open, and the gain in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.delivery.certainty import interval_help
from causalmix_core.delivery.claims import LEAST_WIDENING
from causalmix_core.delivery.sentences import gain_sentence, verdict
from pages._ui import results, states
from pages._ui.words import escape, plain

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.support import MixtureSupport, PoolSupport
    from pages._ui.shell import OpenPage

_VERDICT_COLOUR = {"likely helps": "green", "unclear": "gray", "likely hurts": "red"}


def draw(page: OpenPage, fitted: Fit, made: Decision) -> None:
    """Gain, data moved, support; then the sentence."""
    pool = page.bench.scenario.pool.state(page.table)
    in_pool, in_mixture = results.supports(fitted, pool, made.shares)
    with st.grid(4, min_column_width=136, gap="xsmall"):
        _gain(fitted, made)
        _chance(made)
        _moved(made)
        _support(in_pool, in_mixture)
    st.caption(escape(gain_sentence(fitted.outcome, made)))
    warning = support_words(page, in_pool, in_mixture, results.widening(fitted, pool))
    if warning:
        states.outside_support(warning)


def _gain(fitted: Fit, made: Decision) -> None:
    lower, upper = made.interval
    decimals = numbers.decimals_for(made.gain, lower, upper)
    unit = f"In {escape(fitted.outcome.unit)}: the" if fitted.outcome.unit else "The"
    st.metric(
        "Estimated gain",
        numbers.signed(made.gain, decimals),
        f"{numbers.plain(lower, decimals)}…{numbers.plain(upper, decimals)}",
        delta_arrow="off",
        delta_color="gray",
        border=True,
        height="stretch",
        help=f"{unit} estimated outcome of the proposed mixture over the anchor, at this pool. Higher is better: a "
        f"loss's sign is turned. {_correction_words(made, decimals)} Below it the "
        f"{numbers.level_percent(made.level)} interval. {escape(interval_help(fitted, made.level))}",
    )


def _correction_words(made: Decision, decimals: int) -> str:
    factor, error = made.correction.factor, made.correction.error
    return (
        f"Before correction {numbers.signed(made.estimated_gain, decimals)}: a mixture chosen for its gain is expected "
        f"to gain less than estimated, here {numbers.plain(factor, 2)} of it (standard error "
        f"{numbers.plain(error, 2)}), measured by letting halves of the runs value what the other half recommends."
    )


def _chance(made: Decision) -> None:
    said = verdict(*made.interval)
    st.metric(
        "P(gain > 0)",
        numbers.probability(made.p_positive).replace("above", ">").replace("below", "<"),
        said,
        delta_arrow="off",
        delta_color=_VERDICT_COLOUR[said],
        border=True,
        height="stretch",
        help="Probability that the gain is above zero, under the normal approximation.",
    )


def _moved(made: Decision) -> None:
    region = made.region
    if region.metric == "tv":
        beside = f"of {numbers.percent(region.radius)}"
    else:
        beside = "radius reached" if "radius" in made.active else "within radius"
    st.metric(
        "Data moved",
        numbers.percent(made.moved),
        beside,
        delta_arrow="off",
        delta_color="gray",
        border=True,
        height="stretch",
        help="Share of the data that changes place between anchor and proposal (total variation), of "
        "what the radius allows.",
    )


def _support(in_pool: PoolSupport, in_mixture: MixtureSupport) -> None:
    inside = in_pool.inside and in_mixture.inside
    outside = ", ".join(
        name for name, support in (("pool", in_pool), ("mixture", in_mixture)) if not support.inside
    )
    st.metric(
        "Support",
        "Inside" if inside else "Outside",
        "the runs" if inside else outside,
        delta_arrow="off",
        delta_color="green" if inside else "orange",
        border=True,
        height="stretch",
        help="Whether pool and mixture lie where the runs have been: distance to the nearest runs against the "
        f"distances among the runs. Nearest run by mixture: {escape(in_mixture.nearest_run)}.",
    )


def support_words(page: OpenPage, in_pool: PoolSupport, in_mixture: MixtureSupport, widening: float) -> str:
    """What lies outside the runs, in one or two sentences; "" when nothing does."""
    said = []
    if not in_pool.inside:
        columns = {c.column: c for c in page.table.covariates}
        named = [
            f"{plain(columns[name].name)}{f' of {columns[name].domain}' if columns[name].domain else ''}"
            for name in in_pool.outside[:3]
        ]
        which = f" ({', '.join(named)} beyond the runs' range)" if named else ""
        wider = (
            f", and intervals are {numbers.plain(widening, 2)} times as wide"
            if widening >= LEAST_WIDENING
            else ""
        )
        said.append(
            f"This pool lies outside the pools of the runs{which}: its effects are extrapolated{wider}."
        )
    if not in_mixture.inside:
        which = f" ({', '.join(in_mixture.outside[:3])} beyond the runs' range)" if in_mixture.outside else ""
        said.append(
            f"The proposed mixture lies outside the mixtures of the runs{which}: its gain is extrapolated."
        )
    return " ".join(said)
