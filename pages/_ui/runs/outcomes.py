"""What the scores mean: direction and unit of each outcome, the one opened first, the project's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui.words import outcome_names

if TYPE_CHECKING:
    from causalmix_core.evidence import Inspection, RunsTable
    from pages._ui.runs.draft import Corrections, Direction

_WORDS: dict[Direction, str] = {"higher": "higher is better", "lower": "lower is better"}
_TALLEST = 320


def draw(found: Inspection, corrections: Corrections, key: str) -> None:
    """Outcome table, name and default outcome; incomplete rows can be left out."""
    if found.table is None:
        _drop(corrections, key)
        return
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _directions(found.table, corrections, key)
    with right:
        _name(found.table, corrections, key)
        _default(found.table, corrections, key)
        _drop(corrections, key)


def _directions(table: RunsTable, corrections: Corrections, key: str) -> None:
    import pandas as pd

    st.markdown("**Outcomes**")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "Outcome": [o.name for o in table.outcomes],
                "Direction": [_WORDS[_direction(o.higher_is_better)] for o in table.outcomes],
                "Unit": [o.unit for o in table.outcomes],
            }
        ),
        key=f"{key}:outcomes",
        hide_index=True,
        height=min(_TALLEST, 38 + 35 * len(table.outcomes)),
        disabled=["Outcome"],
        column_config={
            "Direction": st.column_config.SelectboxColumn(options=list(_WORDS.values()), required=True),
            "Unit": st.column_config.TextColumn(max_chars=60),
        },
        alt="Direction and unit of each outcome",
    )
    by_words = {words: direction for direction, words in _WORDS.items()}
    changed = {name: (direction, unit) for name, direction, unit in corrections.outcomes}
    for outcome, words, unit in zip(table.outcomes, edited["Direction"], edited["Unit"], strict=True):
        asked = (by_words[words], unit or "")
        if asked != (_direction(outcome.higher_is_better), outcome.unit):
            changed[outcome.name] = asked
    rows = tuple((name, direction, unit) for name, (direction, unit) in changed.items())
    if rows != corrections.outcomes:
        st.session_state[key] = replace(corrections, outcomes=rows)
        st.rerun()


def _direction(higher_is_better: bool) -> Direction:
    return "higher" if higher_is_better else "lower"


def _name(table: RunsTable, corrections: Corrections, key: str) -> None:
    name_key = f"{key}:name"

    def edit() -> None:
        st.session_state[key] = replace(corrections, title=st.session_state[name_key].strip())

    st.text_input("Project name", value=table.name, key=name_key, max_chars=80, on_change=edit)


def _default(table: RunsTable, corrections: Corrections, key: str) -> None:
    default_key = f"{key}:default"
    names = outcome_names(table)

    def edit() -> None:
        st.session_state[key] = replace(corrections, default_outcome=st.session_state[default_key])

    st.selectbox(
        "Outcome opened first",
        names,
        index=names.index(table.default_outcome),
        key=default_key,
        on_change=edit,
    )


def _drop(corrections: Corrections, key: str) -> None:
    drop_key = f"{key}:drop"

    def edit() -> None:
        st.session_state[key] = replace(corrections, drop_incomplete=st.session_state[drop_key])

    st.toggle(
        "Leave out incomplete rows",
        value=corrections.drop_incomplete,
        key=drop_key,
        on_change=edit,
        help="Rows with a missing or unreadable number are left out and counted, instead of refusing the table.",
    )
