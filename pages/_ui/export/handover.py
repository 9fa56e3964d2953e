"""The Export page: what is handed over, its files, and how to make it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.delivery.scenarios import anchor_words
from causalmix_core.delivery.sentences import gain_sentence
from causalmix_core.delivery.verdict import is_blocked
from causalmix_core.errors import CausalMixError
from pages._ui import fits, navigation, pool_picker, results, states, workbench
from pages._ui.export import checks as export_checks
from pages._ui.export import package
from pages._ui.mixture.details import draw_shares
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit) -> None:
    """Summary and downloads left, document and provenance right; mistakes are one red line."""
    note = st.session_state.get(f"{page.project.id}:note", "")
    scenario = page.bench.scenario
    try:
        made = results.decision(fitted, scenario)
        panel = fits.panel(fitted, scenario)
        raised = panel.raised
        checks = export_checks.found(page, raised, made)
        if checks is None:
            return
        reason = export_checks.reason(page, checks)
        document = package.document(
            panel,
            scenario,
            made,
            reference_label=anchor_words(page.table, scenario.anchor),
            seed=results.SEED,
            runs=page.table,
            created_at=_now(page, fitted, note + reason),
            note=note,
            checks=checks,
            accepted_because=reason,
        )
    except CausalMixError as problem:
        states.failed(problem)
        navigation.link("mixture", "Mend it in the Mixture lab", page.project.id)
        return
    results.remember(page, fitted, scenario, made)
    _stale(page, document)
    left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        _summary(page, raised, made, document)
        export_checks.draw(page, checks)
        _downloads(page, document)
        _again(page, fitted, note, reason)
    with right:
        _document(document)


def _now(page: OpenPage, fitted: Fit, words: str) -> str:
    """When this decision was first shown here: the document keeps its time while nothing changes."""
    kept: dict[str, str] = st.session_state.setdefault("export:times", {})
    key = f"{fitted.sha256}{page.bench.scenario!r}{words}"
    return kept.setdefault(key, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _stale(page: OpenPage, document: dict[str, Any]) -> None:
    last = page.bench.exported_id
    if last and last != document["id"]:
        states.stale(
            "export", f"the files downloaded before hold another mixture ({last[:14]}…). Download them again."
        )


def _summary(page: OpenPage, fitted: Fit, made: Decision, document: dict[str, Any]) -> None:
    scenario = page.bench.scenario
    with st.container(border=True):
        st.markdown("**The mixture**")
        draw_shares(made, f"{page.project.id}:exported_shares")
        st.markdown(escape(gain_sentence(fitted.outcome, made)))
        anchor = anchor_words(page.table, scenario.anchor)
        st.caption(escape(f"Pool: {pool_picker.words(page.table, scenario.pool)}. Anchor: {anchor}."))
        if "new_domain" in document:
            for sentence in document["new_domain"]["sentences"]:
                st.caption(escape(sentence))
        navigation.link("mixture", "Change it in the Mixture lab", page.project.id)


def _downloads(page: OpenPage, document: dict[str, Any]) -> None:
    from causalmix_core.delivery.canonical_json import canonical_json
    from causalmix_core.delivery.llama_factory import default_examples
    from causalmix_core.delivery.shares_csv import shares_csv

    project = page.project.id
    with st.container(border=True):
        st.markdown("**Files**")
        st.text_input(
            "Note (kept in the document)",
            key=f"{project}:note",
            max_chars=500,
            persist_state="session",
            placeholder="Why this mixture, who decided",
        )
        if is_blocked(document):
            st.caption(":material/lock: A check fails: say above why this mixture is used all the same.")
            return
        with st.container(horizontal=True):
            _download(
                page, document, "mixture.json", canonical_json(document), "application/json", primary=True
            )
            _download(page, document, "shares.csv", shares_csv(document), "text/csv")
        examples = st.number_input(
            "Examples in all, for LLaMA-Factory",
            min_value=1,
            max_value=10**12,
            value=default_examples(document),
            step=1000,
            key=f"{project}:examples:{document.get('budget')}",
            persist_state="session",
            help="Counts per domain are rounded so that they add up to exactly this.",
        )
        with states.mendable():
            packed = package.llama_factory_zip(document, int(examples))
            _download(page, document, "llama_factory.zip", packed, "application/zip")


def _download(
    page: OpenPage, document: dict[str, Any], name: str, content: bytes, mime: str, *, primary: bool = False
) -> None:
    def note_export() -> None:
        bench = page.bench
        exports = (*(old for old in bench.exports if old != name), name)
        workbench.update(page.project.id, exports=exports, exported_id=document["id"])

    st.download_button(
        name,
        content,
        file_name=name,
        mime=mime,
        key=f"export:{name}",
        icon=":material/download:",
        type="primary" if primary else "secondary",
        on_click=note_export,
    )


def _document(document: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown("**Document**")
        st.caption(f"{document['schema']} · {document['id'][:15]}…")
        st.json(document, expanded=1)
    provenance = document["provenance"]
    rows = {
        "Runs": f"{escape(provenance['runs'])}, {numbers.thousands(provenance['n_runs'])} runs",
        "Table": f"`{provenance['runs_sha256'][:16]}`",
        "Fit": f"`{provenance['fit_sha256'][:16]}` · {escape(provenance['method'])}",
        "Version": f"causalmix {provenance['package']} · Python {provenance['python']}",
        "Made": provenance["created_at"].replace("T", " ").replace("Z", " UTC"),
    }
    with st.container(border=True):
        st.markdown("**Provenance**")
        st.table(rows, border="horizontal", alt="Where the document comes from")


def _again(page: OpenPage, fitted: Fit, note: str, reason: str) -> None:
    from causalmix_core.evidence import table_csv, table_meta

    table, scenario = page.table, page.bench.scenario
    with st.container(border=True):
        st.markdown("**Make it again on the command line**")
        st.code(package.commands(table, fitted.config, scenario, note, reason), language="bash")
        st.caption("Put these files beside each other; the document gets the same id.")
        with st.container(horizontal=True):
            for name, data in package.input_files(table, scenario).items():
                st.download_button(
                    name,
                    data,
                    name,
                    "application/json",
                    key=f"again:{name}",
                    type="tertiary",
                    on_click="ignore",
                )
            st.download_button(
                "runs.csv", lambda: table_csv(table), "runs.csv", "text/csv", key="again:runs", type="tertiary",
                on_click="ignore",
            )  # fmt: skip
            st.download_button(
                "runs.meta.json", lambda: table_meta(table), "runs.meta.json", "application/json", key="again:meta",
                type="tertiary", on_click="ignore",
            )  # fmt: skip
