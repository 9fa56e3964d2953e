"""Comparisons of estimators: kept in memory once made, and their choice kept with the project."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, cast

import streamlit as st

from pages._ui import projects

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.effects.compared import Comparison
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.store import Project

_SETTING = "comparison"


class _Place:
    """Where one comparison is kept; filled outside the cache, which may not write progress."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: Comparison | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(table_sha256: str, outcome: str) -> _Place:
    return _Place()


def made(table: RunsTable, outcome: str) -> Comparison | None:
    """The comparison of a table and outcome, or None while it was not asked for in this process."""
    return _place(table.sha256, outcome).found


def run(
    project: Project, table: RunsTable, outcome: str, progress: Callable[[float, str], None]
) -> Comparison:
    """Compare once per process; what is chosen is kept with the project.

    Raises
    ------
    CausalMixError : the table or the outcome cannot be compared on.
    """
    from causalmix_core.effects.comparison import compare

    place = _place(table.sha256, outcome)
    with place.lock:
        if place.found is None:
            place.found = compare(table, outcome, progress=progress)
    if not project.sample:
        kept = projects.store().settings(project.id)
        choices = kept.get(_SETTING)
        before = choices if isinstance(choices, dict) else {}
        projects.store().keep_settings(
            project.id, {**kept, _SETTING: {**before, outcome: place.found.chosen}}
        )
    return place.found


def choice(project: Project, table: RunsTable, outcome: str) -> EstimatorName | None:
    """The estimator that a comparison chose for this outcome, also in an earlier session; None without one."""
    from causalmix_core.effects.config import ESTIMATORS

    found = made(table, outcome)
    if found is not None:
        return found.chosen
    choices = projects.store().settings(project.id).get(_SETTING)
    name = choices.get(outcome) if isinstance(choices, dict) else None
    return cast("EstimatorName", name) if name in ESTIMATORS else None
