"""The checks on the Export page: verdict, what fails, and the reason that a failed one asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.checks.check import worst
from pages._ui import fits, navigation, results, verdicts
from pages._ui.fit import checks as fit_checks
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.checks.check import Check
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

LONGEST_REASON = 2000


def found(page: OpenPage, fitted: Fit, made: Decision) -> tuple[Check, ...] | None:
    """Checks of fit and decision, made now if they were not yet; None after a mistake, which is shown."""
    checkup = fits.checked(fitted.seen) or fit_checks.run(page, fitted.seen)
    if checkup is None:
        return None
    return (*checkup.checks, *results.decision_checks(fitted, page.bench.scenario, made))


def reason(page: OpenPage, checks: tuple[Check, ...]) -> str:
    """What was typed as the reason for using a mixture whose checks fail; "" where none fails."""
    failed = worst(check.status for check in checks) == "FAIL"
    return str(st.session_state.get(_key(page), "")).strip() if failed else ""


def draw(page: OpenPage, checks: tuple[Check, ...]) -> None:
    """Verdict and what does not pass; where a check fails, the text area for the reason."""
    with st.container(border=True):
        st.markdown("**Checks**")
        verdicts.verdict_badge(checks)
        for status in ("FAIL", "REVIEW"):
            for check in (c for c in checks if c.status == status):
                st.markdown(
                    f"{verdicts.inline(check.status)} **{escape(check.title)}**: {escape(check.sentence)}"
                )
        navigation.link("fit", "All figures on the Fit page", page.project.id)
        if worst(check.status for check in checks) == "FAIL":
            st.text_area(
                "Why is this mixture used all the same?",
                key=_key(page),
                max_chars=LONGEST_REASON,
                persist_state="session",
                placeholder="Who decided, and what speaks against the check",
                help="A failed check stops the export. What is written here is kept in the document, with the checks.",
            )
            if not reason(page, checks):
                st.caption(":material/lock: The files can be downloaded once a reason is written here.")


def _key(page: OpenPage) -> str:
    return f"{page.project.id}:accept"
