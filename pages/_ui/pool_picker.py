"""Which pool is at hand: the average of the runs, one of the table's pools, or a scored pool's file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from causalmix_core.evidence.sizes import SIZE_WORDS, SIZES, size_words
from causalmix_core.scenarios.pool_choice import PoolChoice
from pages._ui import controls, states, workbench
from pages._ui.words import plain

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.pool_choice import PoolKind
    from pages._ui.shell import OpenPage

_WORDS = {"average": "Average of the runs", "table": "A pool of the table", "file": "A pool file"}


def draw(page: OpenPage) -> None:
    """The picker; the choice is shared by Effects, the Mixture lab and Export."""
    project, table, pool = page.project.id, page.table, page.bench.scenario.pool
    kinds: list[PoolKind] = ["average", *(["table"] if table.pool_ids else []), "file"]

    def edit(kind: PoolKind) -> None:
        first = table.pool_ids[0] if kind == "table" and table.pool_ids else ""
        base = tuple(map(float, page.bench.scenario.pool.base(table)))
        workbench.set_scenario(
            project, pool=PoolChoice(kind, pool_id=first, values=base if kind == "file" else ())
        )

    controls.choice(
        "Pool at hand",
        pool.kind,
        kinds,
        key=page.control("pool_kind"),
        edit=edit,
        words=_WORDS.__getitem__,
        help="The data you are about to train on: its state decides what each domain is worth.",
    )
    if pool.kind == "table":
        _from_table(page)
    elif pool.kind == "file":
        _from_file(page)


def _from_table(page: OpenPage) -> None:
    project, table, pool = page.project.id, page.table, page.bench.scenario.pool
    controls.choice(
        "Pool",
        pool.pool_id,
        list(dict.fromkeys(table.pool_ids or ())),
        key=page.control("pool_id"),
        edit=lambda chosen: workbench.edit_scenario(
            project, pool=replace(page.bench.scenario.pool, pool_id=chosen)
        ),
    )


def _from_file(page: OpenPage) -> None:
    key = f"{page.project.id}:pool_file"

    def edit() -> None:
        from causalmix_core.decision.availability import absent_domains
        from causalmix_core.evidence.pool_file import read_pool_file

        file = st.session_state[key]
        if file is None:
            return
        st.session_state.pop(f"{key}:problem", None)
        try:
            scenario = page.bench.scenario
            absent = absent_domains(page.table.domains, scenario.domains)
            sizes = dict(scenario.pool.target)
            values = read_pool_file(file.getvalue(), file.name, page.table, sizes, absent)
        except CausalMixError as problem:
            st.session_state[f"{key}:problem"] = problem
            return
        choice = PoolChoice("file", values=tuple(map(float, values)), label=file.name)
        workbench.set_scenario(page.project.id, pool=choice)

    st.file_uploader(
        "Pool state",
        type=["json", "jsonl", "csv", "tsv", "parquet", "xlsx"],
        key=key,
        on_change=edit,
        help="A scored pool: a row a domain and a column a covariate, in the units of the runs table. Or JSON with one "
        "number for each covariate column.",
    )
    problem = st.session_state.get(f"{key}:problem")
    if problem is not None:
        states.failed(problem)
    elif not page.bench.scenario.pool.label:
        st.caption("Until a file is given, this is the average of the runs.")


def words(table: RunsTable, pool: PoolChoice) -> str:
    """The pool in words, with its largest shifts."""
    base = {
        "average": "the average of the runs",
        "table": f"pool {pool.pool_id}",
        "file": pool.label or "a pool file",
    }
    if pool.target and pool.kind != "file":
        sizes = [f"{size_words(10.0**value)} {_counted(column)}" for column, value in pool.target]
        base[pool.kind] += f" at {' and '.join(sizes)}"
    shifts = [*pool.own, *pool.whole]
    if not shifts:
        return base[pool.kind]
    by_column = {c.column: c for c in table.covariates}

    def named(column: str) -> str:
        own = by_column.get(column)
        return f"{own.domain} {plain(own.name)}" if own and own.domain else plain(own.name if own else column)

    largest = sorted(shifts, key=lambda pair: -abs(pair[1]))[:3]
    said = ", ".join(f"{named(column)} {numbers.signed(shift, 1)} sd" for column, shift in largest)
    more = f" and {len(shifts) - 3} more" if len(shifts) > 3 else ""
    return f"{base[pool.kind]}, shifted: {said}{more}"


def _counted(column: str) -> str:
    """What a size covariate counts."""
    return next(SIZE_WORDS[name] for name, covariate in SIZES.items() if covariate.column == column)
