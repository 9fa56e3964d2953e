"""The columns of a file and what they are taken for; the role of each can be corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui.words import plain

if TYPE_CHECKING:
    from causalmix_core.evidence import Inspection
    from causalmix_core.evidence.inspect import ColumnSummary
    from pages._ui.runs.draft import Corrections

_TALLEST = 320


def draw(found: Inspection, corrections: Corrections, key: str) -> None:
    """The role table; a change is applied at once and the file inspected anew."""
    import pandas as pd

    from causalmix_core.evidence import ROLES

    if not found.columns:
        return
    st.markdown("**Columns**")
    st.caption("Roles are guessed from the names. Correct one by choosing another role.")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "Column": [c.column for c in found.columns],
                "Role": [c.role for c in found.columns],
                "Read as": [_meaning(c) for c in found.columns],
                "Type": [c.dtype for c in found.columns],
                "First value": [c.example for c in found.columns],
            }
        ),
        key=f"{key}:roles",
        hide_index=True,
        height=min(_TALLEST, 38 + 35 * len(found.columns)),
        disabled=["Column", "Read as", "Type", "First value"],
        column_config={"Role": st.column_config.SelectboxColumn(options=list(ROLES), required=True)},
        alt="Columns of the file with the role each is taken for",
    )
    changed = {
        c.column: role for c, role in zip(found.columns, edited["Role"], strict=True) if role != c.role
    }
    if changed:
        st.session_state[key] = replace(
            corrections, roles=tuple({**dict(corrections.roles), **changed}.items())
        )
        st.rerun()


def _meaning(column: ColumnSummary) -> str:
    if column.role == "share":
        return f"share of {column.domain}"
    if column.role == "covariate":
        return (
            f"{plain(column.name or '')}{f' of {column.domain}' if column.domain else ' of the whole pool'}"
        )
    if column.role == "outcome":
        return f"outcome {column.name}"
    return {"provenance": "kept, not used", "ignore": "left out"}.get(column.role, plain(column.role))
