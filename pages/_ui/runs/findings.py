"""What was found in a table, as a table: severity, row, column, value, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import states
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.evidence import Issue, RunsTable

_TALLEST, _FEW = 360, 6
_ORDER = {"error": 0, "warning": 1, "note": 2}
_COLOUR = {"error": "red", "warning": "orange", "note": "gray"}


def draw(issues: tuple[Issue, ...]) -> None:
    """The verdict in one line and the findings below it."""
    if any(issue.severity == "error" for issue in issues):
        states.refused(issues)
    elif not issues:
        st.success("No problems found.", icon=":material/check_circle:")
        return
    table(issues)


def summary(found: RunsTable) -> None:
    """What was read, in one line."""
    st.markdown(
        f"Read **{numbers.thousands(found.n_runs)} runs** of **{len(found.domains)} domains** with "
        f"{len(found.covariates)} covariates and {len(found.outcomes)} outcomes."
    )


def table(issues: tuple[Issue, ...]) -> None:
    """All findings, errors first; sentences are wrapped, a long list scrolls."""
    rows = sorted(issues, key=lambda issue: _ORDER[issue.severity])
    with st.container(height=_TALLEST if len(rows) > _FEW else "content", border=False):
        st.table(
            [
                {
                    "Severity": f":{_COLOUR[issue.severity]}[{issue.severity}]",
                    "Row": "" if issue.row is None else str(issue.row),
                    "Column": escape(issue.column or ""),
                    "Value": escape(issue.value or ""),
                    "What was found": escape(issue.message),
                    "What to do": escape(issue.remedy),
                }
                for issue in rows
            ],
            border="horizontal",
            hide_index=True,
            alt="Findings in the table: severity, row, column, value and what to do",
        )
