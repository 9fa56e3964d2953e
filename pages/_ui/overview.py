"""The Overview: four numbers, the next step, and the list of projects. No Plotly here.

Plotly's share of the page weight is only fetched when a page with a chart is first opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from pages._ui import fits, navigation, project_list, results, states, study_card, verdicts
from pages._ui.project_card import radius_text
from pages._ui.scenarios import recent
from pages._ui.words import escape, unseen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.checks.check import Checkup
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.views import CrossValidation
    from pages._ui.shell import OpenPage


@dataclass(frozen=True)
class Step:
    """One line of the checklist: whether it is done, and the page where it is done."""

    done: bool
    text: str
    page: str
    action: str


def draw(page: OpenPage) -> None:
    """The whole page: slots first, then the fit, then what needs it."""
    st.markdown(escape(page.table.description)) if page.table.description else None
    numbers_slot = st.container()
    steps_slot = st.container()
    recent.draw(page)
    study_card.draw(page)
    project_list.draw(page)
    with numbers_slot:
        fitted = fits.need(page)
        if page.project.sample and fitted.config == fits.default_config(page.table):
            # The study greets with how far it can be believed; it takes two seconds, once a process.
            with states.loading("overview"):
                fits.run_test(fitted)
        _metrics(page, fitted)
    with steps_slot:
        _checklist(page, fitted)


def _metrics(page: OpenPage, fitted: Fit) -> None:
    with st.grid(4, min_column_width=210):
        _runs_metric(page)
        _quality_metric(page, fitted)
        _gain_metric(page, fitted)
        _mixture_metric(page, fitted)


def _runs_metric(page: OpenPage) -> None:
    import numpy as np

    table = page.table
    pools = f"{numbers.thousands(len(set(table.pool_ids)))} pools · " if table.pool_ids else ""
    scores = table.score(table.default_outcome)
    counts, _ = np.histogram(scores, bins=24)
    st.metric(
        "Proxy runs",
        numbers.thousands(table.n_runs),
        f"{pools}{len(table.domains)} domains",
        delta_arrow="off",
        delta_color="blue",
        border=True,
        height="stretch",
        chart_data=counts,
        chart_type="bar",
        help=f"The bars are the distribution of {escape(table.default_outcome)} over the runs.",
    )


def _quality_metric(page: OpenPage, fitted: Fit) -> None:
    tested = fits.tested(fitted)
    if tested is None:
        value, beside, foretold = "Not tested", f"{fitted.config.estimator} · {fitted.outcome.name}", None
    else:
        value, beside, foretold = (
            f"R² {tested.r2:.2f}",
            f"on {unseen(page.table)} it has not seen",
            _foretold(tested),
        )
    st.metric(
        "Fit",
        value,
        beside,
        delta_arrow="off",
        delta_color="blue",
        border=True,
        height="stretch",
        chart_data=foretold,
        chart_type="line",
        help="How much of the outcome's variance the fit foretells on what was left out of it. The line is what it "
        "foretells for the runs, from the worst to the best: it should rise.",
    )


def _foretold(tested: CrossValidation) -> NDArray[np.float64]:
    """Mean prediction in each 24th of the runs, ordered by what was observed."""
    import numpy as np

    ordered = tested.predicted[np.argsort(tested.observed, kind="stable")]
    return np.array([part.mean() for part in np.array_split(ordered, min(24, len(ordered)))])


def _gain_metric(page: OpenPage, fitted: Fit) -> None:
    scenario = page.bench.scenario
    label = f"Expected gain at radius {radius_text(scenario.radius, scenario.metric)}"
    try:
        made = results.decision(fitted, scenario)
        path = results.frontier(fitted, scenario)
    except CausalMixError as problem:
        st.metric(
            label, "None", "see the Mixture lab", border=True, height="stretch", help=escape(str(problem))
        )
        return
    results.remember(page, fitted, scenario, made)
    lower, upper = made.interval
    decimals = numbers.decimals_for(made.gain, lower, upper)
    st.metric(
        label,
        numbers.signed(made.gain, decimals),
        f"{numbers.level_percent(made.level)}: {numbers.plain(lower, decimals)}…{numbers.plain(upper, decimals)}",
        delta_arrow="off",
        delta_color="blue",
        border=True,
        height="stretch",
        chart_data=path.gains,
        chart_type="area",
        help=f"In {escape(fitted.outcome.unit or 'outcome units')}, over the anchor, higher is better. "
        "The line is the gain as the radius grows.",
    )


def _mixture_metric(page: OpenPage, fitted: Fit) -> None:
    exports = page.bench.exports
    try:
        made = results.decision(fitted, page.bench.scenario)
    except CausalMixError:
        st.metric("Proposed mixture", "None", border=True, height="stretch")
        return
    st.metric(
        "Proposed mixture",
        f"{numbers.percent(made.moved)} moved",
        f"exported: {exports[-1]}" if exports else "not exported yet",
        delta_arrow="off",
        delta_color="blue",
        border=True,
        height="stretch",
        chart_data=100.0 * made.shares,
        chart_type="bar",
        help="How much of the data changes place between the anchor and the proposal. The bars are the proposed "
        f"shares in percent: {escape(', '.join(made.region.domains))}.",
    )


def _steps(page: OpenPage, fitted: Fit) -> tuple[Step, ...]:
    bench, table, checked = page.bench, page.table, fits.checked(fitted)
    warnings = sum(issue.severity == "warning" for issue in table.issues)
    valid = f"Table read and valid{f', {warnings} warnings' if warnings else ''}"
    return (
        Step(True, valid, "runs", "Look at the runs"),
        Step(True, "Effects fitted", "fit", "Fit the effects"),
        Step(
            fits.tested(fitted) is not None,
            f"Fit tested on unseen {unseen(page.table)}",
            "fit",
            "Test the fit",
        ),
        Step(checked is not None, _checked_words(checked), "fit", "Check the fit"),
        Step(bench.touched, "Mixture decided for the pool at hand", "mixture", "Decide on a mixture"),
        Step(bool(bench.exports), "Mixture handed over", "export", "Export the mixture"),
    )


def _checked_words(checked: Checkup | None) -> str:
    return "Fit checked" if checked is None else f"Fit checked: {verdicts.summary(checked.checks)}"


def _checklist(page: OpenPage, fitted: Fit) -> None:
    steps = _steps(page, fitted)
    coming = next((step for step in steps if not step.done), None)
    st.subheader("Next step")
    with st.container(border=True, gap="xsmall"):
        for step in steps:
            icon = ":green[:material/check_circle:]" if step.done else ":material/radio_button_unchecked:"
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                st.markdown(f"{icon} {'**' + step.text + '**' if step is coming else step.text}")
                navigation.link(step.page, step.action, page.project.id)
