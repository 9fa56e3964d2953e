"""The checks of the current fit: verdict first, then a card for each check that does not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import fits, steps, verdicts
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.checks.check import Check, Checkup, Detail
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Offer the checks of the current fit, or show what they found."""
    fitted = fits.current_or_none(page)
    if fitted is None:
        return
    with st.container(border=True):
        found = fits.checked(fitted)
        if found is not None:
            st.markdown("**Checks**")
        elif steps.offer(
            "Checks",
            "How mixtures were chosen, whether effects come true in runs not seen, what a placebo gives, how strong an "
            "unmeasured confounder must be. Refits a dozen times; what is found goes into the mixture document.",
            "Run the checks",
            key="fit:check",
            icon=":material/fact_check:",
        ):
            found = run(page, fitted)
        if found is not None:
            _verdict(found)
            _cards(found)
            _all(found)


def run(page: OpenPage, fitted: Fit) -> Checkup | None:
    """Make the checks with progress shown; None after a mistake, which is shown."""
    found = steps.make(
        lambda report: fits.run_checks(fitted, report), "Checking", "Checked", failed="Not checked"
    )
    if found is not None:
        page.show_fit()
    return found


def _verdict(found: Checkup) -> None:
    verdicts.verdict_badge(found.checks)
    said = {
        "PASS": "Nothing speaks against relying on this fit within the runs' range.",
        "REVIEW": "Usable with care: read what is said below before deciding.",
        "FAIL": "Do not rely on this fit as it is: a mixture made with it is exported only with a reason in words.",
    }[found.verdict]
    st.markdown(said)


def _cards(found: Checkup) -> None:
    for status in ("FAIL", "REVIEW"):
        for check in (c for c in found.checks if c.status == status):
            card(check)


def card(check: Check) -> None:
    """One check: status, title, figure against threshold, sentence, what to do, and its rows."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{verdicts.inline(check.status)} **{escape(check.title)}**", width="content")
            if check.details:
                with st.popover("Figures", icon=":material/table_rows:", type="tertiary", width="content"):
                    st.dataframe(_rows(check.details), hide_index=True, width="stretch")
        if check.value is not None:
            st.caption(escape(_figure(check)))
        st.markdown(escape(check.sentence))
        st.markdown(f":material/build: {escape(check.remedy)}")


def _figure(check: Check) -> str:
    threshold = "" if check.threshold is None else f", passes at {_number(check.threshold)}"
    return f"{_number(check.value)} {check.unit}".strip() + threshold


def _all(found: Checkup) -> None:
    with st.expander(f"All {len(found.checks)} checks", icon=":material/checklist:"):
        st.dataframe(
            {
                "Check": [check.title for check in found.checks],
                "Status": [check.status for check in found.checks],
                "Figure": [check.value for check in found.checks],
                "Passes at": [check.threshold for check in found.checks],
                "Unit": [check.unit for check in found.checks],
                "In words": [check.sentence for check in found.checks],
            },
            hide_index=True,
            width="stretch",
        )
        passed = [check for check in found.checks if check.status == "PASS" and check.details]
        st.caption("Figures behind the checks that pass")
        st.dataframe(
            {
                "Check": [check.title for check in passed for _ in check.details],
                **_rows(tuple(detail for check in passed for detail in check.details)),
            },
            hide_index=True,
            width="stretch",
        )


def _rows(details: tuple[Detail, ...]) -> dict[str, list[object]]:
    return {
        "Figure": [detail.name for detail in details],
        "Value": [detail.value for detail in details],
        "Status": [detail.status for detail in details],
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}".replace("-", numbers.MINUS)
