"""Floors, caps and locks per domain, in absolute shares beside the anchor they relate to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from causalmix_core.scenarios.scenario import Bound
from pages._ui import workbench

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage

_ANCHOR, _FLOOR, _CAP, _LOCK = "Anchor", "Floor", "Cap", "Lock"
_SHORT = 76  # pixels of a name beside which all columns fit
_MOST_ROWS = 20


def draw(page: OpenPage) -> None:
    """The editor; a change is merged into the scenario before the answer is drawn."""
    scenario = page.bench.scenario
    domains = scenario.named_domains(page.table)
    st.markdown("**Bounds and locks**")
    st.caption("In percent of the mixture. A locked domain stays at its anchor share.")
    width = _name_width(domains)
    short = width <= _SHORT
    share = st.column_config.NumberColumn(width=66, min_value=0.0, max_value=100.0, step=0.1, format="%.1f")
    shown = _frame(page, scenario)
    edited = st.data_editor(
        shown,
        key=page.control("bounds"),
        hide_index=True,
        height=38 + 35 * min(len(domains), _MOST_ROWS),
        # Long names push the last column out of sight: better the anchor than a control.
        column_order=[
            "Domain",
            *((_ANCHOR, _FLOOR, _CAP, _LOCK) if short else (_LOCK, _FLOOR, _CAP, _ANCHOR)),
        ],
        disabled=["Domain", _ANCHOR],
        column_config={
            "Domain": st.column_config.TextColumn(width=width),
            _ANCHOR: st.column_config.TextColumn(width=56, alignment="right"),
            _FLOOR: share,
            _CAP: share,
            _LOCK: st.column_config.CheckboxColumn(width=62),
        },
        alt="Floor, cap and lock of each domain's share",
    )
    asked = read_bounds(domains, edited)
    # What nobody typed is no edit, although it may read back in another order or more roundly.
    if asked != scenario.bounds and not edited.equals(shown):
        workbench.edit_scenario(page.project.id, bounds=asked)


def _name_width(domains: tuple[str, ...]) -> int:
    """Pixels for the names; with long ones the table scrolls rather than cut them all off."""
    return min(140, max(62, 16 + 7 * max(map(len, domains))))


def _frame(page: OpenPage, scenario: Scenario) -> pd.DataFrame:
    import pandas as pd

    domains = scenario.named_domains(page.table)
    bounds = [scenario.bound_of(domain) for domain in domains]
    try:
        shares = scenario.anchor_shares(page.table, page.outcome).tolist()
        anchor = numbers.percentages([*shares, *[0.0] * (len(domains) - len(shares))])
    except CausalMixError:
        anchor = ("?",) * len(domains)
    return pd.DataFrame(
        {
            "Domain": domains,
            _ANCHOR: anchor,
            _FLOOR: [100.0 * bound.floor for bound in bounds],
            _CAP: [100.0 * bound.cap for bound in bounds],
            _LOCK: [bound.lock for bound in bounds],
        }
    )


def read_bounds(domains: tuple[str, ...], edited: pd.DataFrame) -> tuple[Bound, ...]:
    """The bounds an edited table asks for, rows in domain order; an emptied cell frees its side."""

    def share(value: float, free: float) -> float:
        # Typed percentages: a billionth of a percent is no wish, and 7 % comes back as 7 %.
        return free if math.isnan(value) else round(float(value) / 100.0, 12)

    columns = zip(domains, edited[_FLOOR], edited[_CAP], edited[_LOCK], strict=True)
    asked = (
        Bound(domain, share(floor, 0.0), share(cap, 1.0), bool(lock)) for domain, floor, cap, lock in columns
    )
    return tuple(bound for bound in asked if not bound.free)
