"""Reading a table: one file, or the pair of files of RegMix or olmix. Nothing is opened until asked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError, TableError
from pages._ui import projects, states, workbench
from pages._ui.runs import columns, findings, outcomes, template
from pages._ui.runs.draft import MAX_BYTES, Corrections, inspect
from pages._ui.words import escape

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from causalmix_core.evidence import RunsTable
    from pages._ui.shell import OpenPage

_KINDS = ("One table", "RegMix pair", "olmix pair")
_TYPES = ["csv", "tsv", "txt", "parquet", "jsonl", "ndjson", "xlsx"]
_GENERATION = "upload:generation"


def draw(page: OpenPage | None) -> None:
    """The upload card; once a file is given, its inspection below."""
    opened = st.session_state.pop("upload:opened", None)
    if opened:
        st.toast(f"Opened {escape(opened)}", icon=":material/check:")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            kind = st.segmented_control(
                "Read a table of runs", _KINDS, default=_KINDS[0], required=True, key="upload:kind"
            )
            template.draw()
        if kind == "One table":
            _one_table(page)
        elif kind == "RegMix pair":
            _regmix()
        else:
            _olmix()


def _key(name: str) -> str:
    """Uploaders start empty again after a table was opened."""
    return f"upload:{name}:{st.session_state.get(_GENERATION, 0)}"


def _uploader(label: str, name: str, types: list[str], help: str | None = None) -> UploadedFile | None:
    return st.file_uploader(label, type=types, key=_key(name), help=help)


def _too_large(*files: UploadedFile | None) -> bool:
    """Say so when a file is over the limit; the browser's own check can be passed by."""
    for file in files:
        if file is not None and file.size > MAX_BYTES:
            size = f"{file.size / 1024 / 1024:.1f}"
            states.failed(
                TableError(
                    f"{file.name[:80]} has {size} MB; at most 20 MB can be uploaded here. Remove columns that are "
                    "not needed, save it as Parquet, or use the command line."
                )
            )
            return True
    return False


def _one_table(page: OpenPage | None) -> None:
    files = st.columns([0.6, 0.4])
    with files[0]:
        file = _uploader(
            "CSV, TSV, Parquet, JSON lines or Excel, up to 20 MB",
            "table",
            _TYPES,
            "One row a proxy run: share_<domain>, x_<covariate> or x_<domain>__<covariate>, y_<outcome>.",
        )
    with files[1]:
        sidecar = _uploader(
            "Description (optional)", "meta", ["json"], "The .meta.json that lies beside a table."
        )
    if file is None or _too_large(file, sidecar):
        return
    data = file.getvalue()
    # Corrections belong to one file's content: another file starts without any.
    key = f"upload:corrections:{hashlib.sha256(data).hexdigest()}"
    corrections = st.session_state.get(key, Corrections())
    with states.mendable(), states.loading("runs"):
        found = inspect(data, file.name, sidecar.getvalue() if sidecar else None, corrections)
        columns.draw(found, corrections, key)
        outcomes.draw(found, corrections, key)
        findings.draw(found.issues)
        _open_button(found.table)


def _pair(importer: str, *files: bytes | None) -> None:
    """Import a pair by its core function, and offer to open the result."""
    from causalmix_core.evidence import imports

    try:
        table: RunsTable = getattr(imports, importer)(*files)
    except TableError as problem:
        issues = getattr(problem, "issues", ())
        if issues:
            states.refused(issues)
            findings.table(issues)
        else:
            states.failed(problem)
        return
    findings.summary(table)
    findings.draw(table.issues)
    _open_button(table)


def _regmix() -> None:
    st.caption("The two files of a RegMix run: mixtures and losses, joined on their first column.")
    left, right = st.columns(2)
    with left:
        mixtures = _uploader("Mixtures (CSV)", "mixtures", ["csv"])
    with right:
        losses = _uploader("Losses (CSV)", "losses", ["csv"])
    if mixtures is None or losses is None or _too_large(mixtures, losses):
        return
    with states.loading("runs"):
        _pair("import_regmix", mixtures.getvalue(), losses.getvalue())


def _olmix() -> None:
    st.caption(
        "The files of an olmix swarm: ratios and metrics, joined on the run; priors give the natural shares."
    )
    left, middle, right = st.columns(3)
    with left:
        ratios = _uploader("Ratios (CSV)", "ratios", ["csv"])
    with middle:
        metrics = _uploader("Metrics (CSV)", "metrics", ["csv"])
    with right:
        priors = _uploader("Priors (CSV, optional)", "priors", ["csv"])
    if ratios is None or metrics is None or _too_large(ratios, metrics, priors):
        return
    with states.loading("runs"):
        _pair("import_olmix", ratios.getvalue(), metrics.getvalue(), priors.getvalue() if priors else None)


def _open_button(table: RunsTable | None) -> None:
    st.button(
        "Open as project",
        key="upload:open",
        type="primary",
        icon=":material/folder_open:",
        disabled=table is None,
        on_click=_open,
        args=(table,),
        help=None if table is not None else "The table has errors; the project that is open stays as it was.",
    )
    problem = st.session_state.pop("upload:problem", None)
    if problem is not None:
        states.failed(problem)


def _open(table: RunsTable) -> None:
    try:
        project = projects.keep(table)
    except CausalMixError as problem:
        st.session_state["upload:problem"] = problem
        return
    workbench.activate(project.id)
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    st.session_state["upload:opened"] = table.name
