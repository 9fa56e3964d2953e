"""What was found in a table, as a table: severity, row, column, value, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import states

if TYPE_CHECKING:
    from causalmix_core.evidence import Issue, RunsTable

_TALLEST = 320
_ORDER = {"error": 0, "warning": 1, "note": 2}


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
    """All findings, errors first."""
    import pandas as pd

    rows = sorted(issues, key=lambda issue: _ORDER[issue.severity])
    st.dataframe(
        pd.DataFrame(
            {
                "Severity": [issue.severity for issue in rows],
                "Row": pd.array([issue.row for issue in rows], dtype="Int64"),
                "Column": [issue.column or "" for issue in rows],
                "Value": [issue.value or "" for issue in rows],
                "What was found": [issue.message for issue in rows],
                "What to do": [issue.remedy for issue in rows],
            }
        ),
        hide_index=True,
        height=min(_TALLEST, 38 + 35 * len(rows)),
        column_config={
            "Severity": st.column_config.TextColumn(width="small"),
            "Row": st.column_config.NumberColumn(width="small", format="%d"),
            "What was found": st.column_config.TextColumn(width="large"),
            "What to do": st.column_config.TextColumn(width="medium"),
        },
        alt="Findings in the table: severity, row, column, value and what to do",
    )
