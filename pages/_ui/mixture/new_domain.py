"""A domain of the pool that no run has seen: added, described by its state, and taken out again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import CausalMixError, UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns, own_names
from causalmix_core.scenarios.new_domain import LONGEST_NAME, NewDomain, check_new_domain, new_domain
from pages._ui import states, workbench
from pages._ui.words import escape, sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

_MOST_FIELDS = 12


def draw(page: OpenPage, fitted: Fit) -> None:
    """An expander: what the pool has besides the table's domains, or the way to add it."""
    from causalmix_core.effects.leave_one_domain_out import check_supported

    present = page.bench.scenario.new_domain
    with st.expander(
        "A domain that no run has seen", icon=":material/visibility_off:", expanded=present is not None
    ):
        if present is not None:
            _present(page, present)
            return
        try:
            check_supported(fitted)
        except UnseenDomainError as problem:
            st.caption(escape(str(problem)))
            return
        _add(page)


def _add(page: OpenPage) -> None:
    key = page.control("new_domain")
    st.caption(
        "Its worth is foretold from its state by the law that the seen domains share, if leaving out each of them shows "
        "that this works here; that refits once a domain."
    )
    st.text_input("Its name", key=key, max_chars=LONGEST_NAME, placeholder="poetry")

    def add() -> None:
        usual = zip(own_names(page.table), _seen(page).mean(axis=(0, 1)).tolist(), strict=True)
        _put(page, str(st.session_state[key]).strip(), dict(usual))

    st.button("Add it to the pool", key=f"{key}:add", icon=":material/add:", on_click=add)
    _show_problem(page)


def _present(page: OpenPage, present: NewDomain) -> None:
    st.button(
        f"Remove {escape(present.name)}",
        key=page.control("new_domain:remove"),
        icon=":material/delete:",
        on_click=lambda: workbench.put_scenario(page.project.id, page.bench.scenario.without_new_domain()),
    )
    names = own_names(page.table)
    st.caption(
        escape(f"State of {present.name}, in the units of the runs table.")
        + ("" if len(names) <= _MOST_FIELDS else " It has too many covariates to type: give a file.")
    )
    if len(names) <= _MOST_FIELDS:
        _fields(page, present)
    _upload(page, present)
    _show_problem(page)


def _fields(page: OpenPage, present: NewDomain) -> None:
    """A number a covariate, with what seen domains have beside it."""
    seen, values = _seen(page), dict(present.state)

    def edit(covariate: str, key: str) -> None:
        now = page.bench.scenario.new_domain
        if now is not None:
            state = {**dict(now.state), covariate: float(st.session_state[key])}
            workbench.edit_scenario(page.project.id, new_domain=replace(now, state=tuple(state.items())))

    with st.grid(2, min_column_width=150):
        for j, covariate in enumerate(own_names(page.table)):
            low, high = float(seen[:, :, j].min()), float(seen[:, :, j].max())
            key = page.control(f"new_domain:{covariate}")
            st.number_input(
                sentence(covariate),
                value=values[covariate],
                step=max((high - low) / 50.0, 1e-9),
                format="%.4g",
                key=key,
                on_change=partial(edit, covariate, key),
                help=f"Seen domains: {low:.4g} to {high:.4g}.",
            )


def _upload(page: OpenPage, present: NewDomain) -> None:
    key = f"{page.project.id}:new_domain_file"

    def edit() -> None:
        file = st.session_state[key]
        if file is not None:
            _put(page, present.name, file.getvalue())

    st.file_uploader(
        "Its state (JSON)",
        type="json",
        key=key,
        on_change=edit,
        help='One number for each covariate of a domain, such as {"duplicate_rate": 0.2}.',
    )


def _put(page: OpenPage, name: str, state: bytes | dict[str, float]) -> None:
    """Put the domain into the scenario; a mistake is kept until the next attempt."""
    st.session_state.pop(_problem(page), None)
    try:
        made = new_domain(name, state, page.table)
        check_new_domain(made, page.table)
    except CausalMixError as problem:
        st.session_state[_problem(page)] = problem
        return
    workbench.set_scenario(page.project.id, new_domain=made)


def _show_problem(page: OpenPage) -> None:
    problem = st.session_state.get(_problem(page))
    if problem is not None:
        states.failed(problem)


def _problem(page: OpenPage) -> str:
    return f"{page.project.id}:new_domain_problem"


def _seen(page: OpenPage) -> Array:
    """(n, K, J) states of the seen domains in the runs."""
    return page.table.states[:, own_columns(page.table)]
