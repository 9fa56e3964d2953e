"""How much is trained on and how much there is of each domain: budget, unit, epochs, amounts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.decision.supply import UNITS, Supply, caps
from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError, SupplyError
from causalmix_core.evidence.sizes import parse_size, size_words
from pages._ui import controls, states, workbench

if TYPE_CHECKING:
    import pandas as pd

    from pages._ui.shell import OpenPage

_AVAILABLE, _EPOCHS, _CAP = "Available", "Epochs", "Cap"
_MOST_ROWS = 20
_MOST_EPOCHS = 1000.0


def draw(page: OpenPage) -> None:
    """Budget and its unit; with a budget, the table of amounts, merged into the scenario before the answer."""
    st.markdown("**Budget and supply**")
    supply = page.bench.scenario.supply
    _budget(page, supply)
    problem = st.session_state.get(_problem(page))
    if problem is not None:
        states.failed(problem)
    if supply is None:
        st.caption("Without a budget, no domain runs out.")
        return
    _unit_and_epochs(page, supply)
    _amounts(page, supply)


def _problem(page: OpenPage) -> str:
    return f"{page.project.id}:supply_problem"


def _budget(page: OpenPage, supply: Supply | None) -> None:
    project, key = page.project.id, page.control("budget")

    def edit() -> None:
        st.session_state.pop(_problem(page), None)
        try:
            asked = read_budget(st.session_state[key], page.bench.scenario.supply)
        except SupplyError as problem:
            st.session_state[_problem(page)] = problem
            return
        workbench.edit_scenario(project, supply=asked)

    st.text_input(
        "Training budget",
        "" if supply is None else size_words(supply.budget),
        key=key,
        on_change=edit,
        placeholder="20B; empty for no limit",
        max_chars=40,
        help="Examples or tokens of the whole training: 20B, 1.5e9, 60M. What there is of a domain, times how often it "
        "may be seen, then limits its share.",
    )


def read_budget(text: str, before: Supply | None) -> Supply | None:
    """The supply with the budget typed; None where the field was emptied.

    Raises
    ------
    SupplyError : no such amount.
    """
    if not text.strip():
        return None
    budget = parse_size(text)
    if budget is None:
        raise SupplyError(f"{text.strip()!r} is no amount; write one such as 20B, 1.5e9 or 60M.")
    return Supply(budget) if before is None else replace(before, budget=budget)


def _unit_and_epochs(page: OpenPage, supply: Supply) -> None:
    project = page.project.id

    def now() -> Supply:
        return page.bench.scenario.supply or supply

    def edit_epochs(epochs: float) -> None:
        workbench.edit_scenario(project, supply=replace(now(), max_epochs=epochs))

    key = page.control("max_epochs")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.switch(
            "Counted in",
            supply.unit,
            UNITS,
            key=page.control("supply_unit"),
            edit=lambda unit: workbench.edit_scenario(project, supply=replace(now(), unit=unit)),
        )
        st.number_input(
            "Epochs at most",
            0.1,
            _MOST_EPOCHS,
            min(max(supply.max_epochs, 0.1), _MOST_EPOCHS),
            step=1.0,
            format="%g",
            key=key,
            on_change=lambda: edit_epochs(st.session_state[key]),
            help="How often a domain's data may be seen; the table makes exceptions.",
        )


def _amounts(page: OpenPage, supply: Supply) -> None:
    domains = page.bench.scenario.named_domains(page.table)
    shown = supply_frame(domains, supply)
    edited = st.data_editor(
        shown,
        key=page.control("supply"),
        hide_index=True,
        height=38 + 35 * min(len(domains), _MOST_ROWS),
        disabled=["Domain", _CAP],
        column_config={
            "Domain": st.column_config.TextColumn(width=90),
            _AVAILABLE: st.column_config.TextColumn(
                width=84, max_chars=40, help="Such as 4B; empty: not limited."
            ),
            _EPOCHS: st.column_config.NumberColumn(
                width=66, min_value=0.1, max_value=_MOST_EPOCHS, format="%g", help="Empty: as above."
            ),
            _CAP: st.column_config.TextColumn(width=62, alignment="right", help="Largest share, in percent."),
        },
        alt="Amount available and greatest number of epochs of each domain",
    )
    try:
        asked = read_supply(domains, edited, supply)
    except CausalMixError as problem:
        states.failed(problem)
        return
    if asked != supply and not edited.equals(shown):
        workbench.edit_scenario(page.project.id, supply=asked)


def supply_frame(domains: tuple[str, ...], supply: Supply) -> pd.DataFrame:
    """Amounts as people write them, exceptions to the epochs, and the caps that follow."""
    import pandas as pd

    available, epochs = dict(supply.available), dict(supply.epochs)
    shares = caps(supply, domains)
    return pd.DataFrame(
        {
            "Domain": domains,
            _AVAILABLE: [_written(available[d]) if d in available else "" for d in domains],
            _EPOCHS: [float(epochs.get(d, math.nan)) for d in domains],
            _CAP: [numbers.plain(100.0 * share, 1) for share in shares],
        }
    )


def _written(amount: float) -> str:
    """Short where that says the same, else all digits."""
    short = size_words(amount)
    return short if parse_size(short) == amount else f"{amount:.15g}"


def read_supply(domains: tuple[str, ...], edited: pd.DataFrame, supply: Supply) -> Supply:
    """The supply an edited table asks for, rows in domain order; an emptied cell lifts its limit.

    Raises
    ------
    SupplyError : an amount that is none; names the domain.
    """
    available: list[tuple[str, float]] = []
    epochs: list[tuple[str, float]] = []
    for domain, written, times in zip(domains, edited[_AVAILABLE], edited[_EPOCHS], strict=True):
        text = written.strip() if isinstance(written, str) else ""
        if text:
            available.append((domain, _amount(domain, text)))
        if times is not None and not math.isnan(times):
            epochs.append((domain, float(times)))
    return replace(supply, available=tuple(available), epochs=tuple(epochs))


def _amount(domain: str, text: str) -> float:
    if text in ("0", "0.0"):
        return 0.0
    amount = parse_size(text)
    if amount is None:
        raise SupplyError(
            f"The amount available of {domain} is {text!r}; write one such as 4B or 250e6, 0 for none, or leave the cell "
            "empty where there is no limit."
        )
    return amount
