"""Floors, caps and locks per domain, in absolute shares beside the anchor they relate to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from pages._ui import workbench
from pages._ui.scenario import Bound

if TYPE_CHECKING:
    import pandas as pd

    from pages._ui.scenario import Scenario
    from pages._ui.shell import OpenPage

_FLOOR, _CAP, _LOCK = "Floor %", "Cap %", "Lock"


def draw(page: OpenPage) -> None:
    """The editor; a change is merged into the scenario as soon as it is made."""
    scenario = page.bench.scenario
    key = f"{page.project.id}:bounds:{page.bench.revision}"

    def edit() -> None:
        merged = merge(scenario, page.table.domains, st.session_state[key]["edited_rows"])
        workbench.edit_scenario(page.project.id, bounds=merged)

    st.markdown("**Bounds and locks**")
    st.caption("In percent of the mixture. A locked domain stays at its anchor share.")
    share = st.column_config.NumberColumn(min_value=0.0, max_value=100.0, step=0.1, format="%.1f")
    st.data_editor(
        _frame(page, scenario),
        key=key,
        hide_index=True,
        disabled=["Domain", "Anchor %"],
        on_change=edit,
        column_config={
            "Domain": st.column_config.TextColumn(pinned=True),
            "Anchor %": st.column_config.TextColumn(width="small", alignment="right"),
            _FLOOR: share,
            _CAP: share,
            _LOCK: st.column_config.CheckboxColumn(width="small"),
        },
        alt="Floor, cap and lock of each domain's share",
    )


def _frame(page: OpenPage, scenario: Scenario) -> pd.DataFrame:
    import pandas as pd

    domains = page.table.domains
    bounds = [scenario.bound_of(domain) for domain in domains]
    try:
        anchor = numbers.percentages(scenario.anchor_shares(page.table))
    except CausalMixError:
        anchor = ("?",) * len(domains)
    return pd.DataFrame(
        {
            "Domain": domains,
            "Anchor %": anchor,
            _FLOOR: [100.0 * bound.floor for bound in bounds],
            _CAP: [100.0 * bound.cap for bound in bounds],
            _LOCK: [bound.lock for bound in bounds],
        }
    )


def merge(
    scenario: Scenario, domains: tuple[str, ...], edited: dict[int, dict[str, float | bool | None]]
) -> tuple[Bound, ...]:
    """The scenario's bounds with an editor's changed cells; an emptied cell frees its side."""
    merged = {domain: scenario.bound_of(domain) for domain in domains}
    for row, cells in edited.items():
        old = merged[domains[int(row)]]
        floor, cap = cells.get(_FLOOR, 100.0 * old.floor), cells.get(_CAP, 100.0 * old.cap)
        merged[old.domain] = Bound(
            old.domain,
            floor=0.0 if floor is None else float(floor) / 100.0,
            cap=1.0 if cap is None else float(cap) / 100.0,
            lock=bool(cells.get(_LOCK, old.lock)),
        )
    return tuple(bound for bound in merged.values() if not bound.free)
