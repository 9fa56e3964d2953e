"""The table that is open: what it covers, how its outcome is spread, what follows the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import charts, states
from pages._ui.runs import findings
from pages._ui.words import escape, outcome_names

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.evidence import RunsTable
    from pages._ui.shell import OpenPage

_PREVIEW_ROWS = 200


def draw(page: OpenPage | None) -> None:
    """Downloads and lazy tabs of the open table; without one, the empty state."""
    if page is None:
        states.empty("runs")
        return
    table = page.table
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(escape(table.name))
        _downloads(page)
    st.caption(_size(table))
    views = {
        "Coverage": _coverage,
        "Shares": _ranges,
        "Outcome": _outcome,
        **({"Confounding": _confounding} if table.covariates else {}),
        "Table": _preview,
        "Findings": _findings,
    }
    for tab, view in zip(
        st.tabs(list(views), key="runs:tabs", on_change="rerun"), views.values(), strict=True
    ):
        if tab.open:
            with tab:
                view(page)


def _size(table: RunsTable) -> str:
    parts = [
        f"{numbers.thousands(table.n_runs)} runs",
        f"{len(table.domains)} domains",
        f"{len(table.covariates)} covariates",
        f"{len(table.outcomes)} outcomes",
    ]
    if table.pool_ids is not None:
        parts.insert(1, f"{numbers.thousands(len(set(table.pool_ids)))} pools")
    return f"{' · '.join(parts)} · content {table.sha256[:12]}"


def _downloads(page: OpenPage) -> None:
    from causalmix_core.evidence import table_csv, table_meta

    with st.container(horizontal=True, horizontal_alignment="right", width="content"):
        st.download_button(
            "runs.csv",
            lambda: table_csv(page.table),
            file_name="runs.csv",
            mime="text/csv",
            key="runs:csv",
            icon=":material/download:",
            on_click="ignore",
            help="The table in its canonical form: equal content, equal bytes.",
        )
        st.download_button(
            "runs.meta.json",
            lambda: table_meta(page.table),
            file_name="runs.meta.json",
            mime="application/json",
            key="runs:meta",
            icon=":material/download:",
            on_click="ignore",
            help="Outcome directions, units and natural shares; keep it beside runs.csv.",
        )


def _outcome_choice(page: OpenPage, key: str) -> str:
    names = outcome_names(page.table)
    return st.selectbox(
        "Outcome",
        names,
        index=names.index(page.table.default_outcome),
        key=f"{page.project.id}:{key}",
        persist_state="session",
        width=320,
    )


def _coverage(page: OpenPage) -> None:
    from causalmix_core.figures.runs import alt_coverage, coverage_figure, coverage_view

    table = page.table
    largest = sorted(range(len(table.domains)), key=lambda k: -float(table.shares[:, k].mean()))[:2]
    left, right = st.columns(2)
    with left:
        chosen = st.multiselect(
            "Corners (two or three domains)",
            table.domains,
            default=[table.domains[k] for k in sorted(largest)],
            max_selections=3,
            key=f"{page.project.id}:corners",
            persist_state="session",
            help="With two domains, the third corner is the rest of the mixture.",
        )
    with right:
        outcome = _outcome_choice(page, "coverage_outcome")
    if len(chosen) < 2:
        st.caption("Choose two or three domains.")
        return
    view = coverage_view(table, chosen, outcome)
    charts.draw(coverage_figure(view, mode=charts.mode()), alt_coverage(view), "runs:coverage")


def _ranges(page: OpenPage) -> None:
    from causalmix_core.figures.runs import alt_ranges, ranges_figure, ranges_view

    view = ranges_view(page.table)
    figure = ranges_figure(view, mode=charts.mode(), colours=charts.domain_colours(page.table))
    charts.draw(figure, alt_ranges(view), "runs:ranges")


def _outcome(page: OpenPage) -> None:
    from causalmix_core.figures.runs import alt_outcome, outcome_figure, outcome_view

    view = outcome_view(page.table, _outcome_choice(page, "outcome"))
    charts.draw(outcome_figure(view, mode=charts.mode()), alt_outcome(view), "runs:outcome")


def _confounding(page: OpenPage) -> None:
    from causalmix_core.figures.runs import alt_confounding, confounding_figure, confounding_view

    view = confounding_view(page.table)
    charts.draw(confounding_figure(view, mode=charts.mode()), alt_confounding(view), "runs:confounding")
    st.caption(
        "Where a share follows the pool's state, a domain's worth and the pool's state are mixed up in the raw runs; "
        "the fit takes this apart. Grey cells are within chance."
    )


def _preview(page: OpenPage) -> None:
    st.dataframe(preview_frame(page.table), hide_index=True, height=420, alt="First rows of the open table")
    if page.table.n_runs > _PREVIEW_ROWS:
        st.caption(f"The first {_PREVIEW_ROWS} of {numbers.thousands(page.table.n_runs)} rows.")


def preview_frame(table: RunsTable) -> pd.DataFrame:
    """The first rows, in the table's own directions and column names."""
    import pandas as pd

    rows = slice(0, _PREVIEW_ROWS)
    data: dict[str, object] = {"run_id": table.run_ids[rows]}
    if table.pool_ids is not None:
        data["pool_id"] = table.pool_ids[rows]
    if table.assignment is not None:
        data["assignment"] = table.assignment[rows]
    data |= {f"share_{d}": table.shares[rows, k] for k, d in enumerate(table.domains)}
    data |= {o.name: o.sign * table.scores[rows, j] for j, o in enumerate(table.outcomes)}
    data |= {c.column: table.states[rows, j] for j, c in enumerate(table.covariates)}
    return pd.DataFrame(data)


def _findings(page: OpenPage) -> None:
    findings.draw(page.table.issues)
