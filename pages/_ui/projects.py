"""Opening projects from the pages: the store, with the tables kept in memory between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError
from causalmix_core.store import Project, ProjectStore, describe, project_id
from pages._ui import states, workbench

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable


def store() -> ProjectStore:
    """The store of this process (cheap; the environment may move its root)."""
    return ProjectStore()


@st.cache_resource(max_entries=1, show_spinner=False)
def _sample(path: str) -> RunsTable | None:
    return store().sample()


@st.cache_resource(max_entries=8, show_spinner="Opening the project…")
def _stored(root: str, identity: str) -> RunsTable:
    return store().open(identity)


def sample_project() -> Project | None:
    """The shipped study as a project, or None where it is not shipped."""
    table = _sample(str(store().sample_runs))
    if table is None:
        return None
    return describe(table, sample=True)


def _is_sample(identity: str) -> bool:
    sample = sample_project()
    return sample is not None and sample.id == identity


def table_of(identity: str) -> RunsTable:
    """The table of a project, from memory if it was opened before.

    Raises
    ------
    ProjectError : no such project, or changed on disk.
    """
    sample = _sample(str(store().sample_runs))
    if sample is not None and project_id(sample) == identity:
        return sample
    return _stored(str(store().root), identity)


def open_current() -> tuple[Project, RunsTable] | None:
    """The project named in the link, else the one open in this tab, else the shipped study.

    A link wins over the tab, so that reload, copied links and the Back button keep their project.
    None when there is nothing at all to open.
    """
    asked = st.query_params.get("project") or workbench.active_project()
    if asked is not None:
        try:
            table = table_of(asked)
        except CausalMixError as problem:
            states.unknown_project(problem)
        else:
            workbench.activate(asked)
            return describe(table, sample=_is_sample(asked)), table
    sample = sample_project()
    if sample is None:
        return None
    workbench.activate(sample.id)
    return sample, table_of(sample.id)


def remove(identity: str) -> None:
    """Delete a stored project and forget its table."""
    store().remove(identity)
    _stored.clear(str(store().root), identity)


def keep(table: RunsTable) -> Project:
    """Keep a table as a project; the shipped study's own content is the shipped study."""
    sample = sample_project()
    if sample is not None and sample.sha256 == table.sha256:
        return sample
    return store().add(table)
