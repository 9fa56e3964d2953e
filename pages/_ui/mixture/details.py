"""Tables and parts behind the answer, drawn only when their tab is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import charts, pool_picker
from pages._ui.mixture.pool_controls import pool_frame
from pages._ui.words import escape

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit, made: Decision) -> None:
    """Shares, contributions and the pool, in lazy tabs."""
    names = ["Shares", "Contributions", *(["Pool at hand"] if page.table.covariates else [])]
    tabs = st.tabs(names, key=f"{page.project.id}:lab_tabs", on_change="rerun")
    for tab, draw_one in zip(tabs, (_shares, _contributions, _pool), strict=False):
        if tab.open:
            with tab:
                draw_one(page, fitted, made)


def shares_frame(made: Decision) -> pd.DataFrame:
    """Anchor, proposal and change in percent with one decimal; each column of shares adds to 100.0."""
    import pandas as pd

    region = made.region
    before, after = numbers.percentages(region.anchor), numbers.percentages(made.shares)
    changes = [float(new) - float(old) for new, old in zip(after, before, strict=True)]
    return pd.DataFrame(
        {
            "Domain": [*region.domains, "Sum"],
            "Anchor %": [*before, numbers.plain(sum(map(float, before)), 1)],
            "Proposed %": [*after, numbers.plain(sum(map(float, after)), 1)],
            "Change pp": [*(numbers.signed(change, 1) for change in changes), ""],
        }
    )


def draw_shares(made: Decision, key: str) -> None:
    """The shares table."""
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        shares_frame(made),
        hide_index=True,
        height="content",
        column_config={"Anchor %": right, "Proposed %": right, "Change pp": right},
        alt="Shares of the anchor and of the proposed mixture, in percent",
        key=key,
    )


def _shares(page: OpenPage, _fitted: Fit, made: Decision) -> None:
    draw_shares(made, f"{page.project.id}:shares")


def _contributions(page: OpenPage, fitted: Fit, made: Decision) -> None:
    from causalmix_core.figures.mixture import alt_contributions, contributions_figure

    domains, unit = made.region.domains, fitted.outcome.unit
    figure = contributions_figure(
        domains, made.contributions, mode=charts.mode(), unit=unit, colours=charts.domain_colours(page.table)
    )
    charts.draw(
        figure, alt_contributions(domains, made.contributions, unit), f"{page.project.id}:contributions"
    )
    st.caption(
        "Each domain counts by how much better it is than what it replaces (the anchor as a whole, at the margin). "
        "The parts add to the gain."
    )


def _pool(page: OpenPage, _fitted: Fit, _made: Decision) -> None:
    values, shifted = pool_frame(page)
    st.caption(
        escape(
            f"The pool is {pool_picker.words(page.table, page.bench.scenario.pool)}. Shifted numbers are bold."
        )
    )
    marked = values.style.apply(
        lambda _: shifted.map(lambda moved: "font-weight: bold; color: #d55e00" if moved is True else ""),
        axis=None,
    )
    st.dataframe(
        marked,
        height="content",
        column_config={
            name: st.column_config.NumberColumn(
                format=f"%.{numbers.decimals_for(float(values[name].abs().max())) + 1}f"
            )
            for name in values.columns
        },
        alt="State of the pool at hand: a row a domain, a column a covariate",
        key=f"{page.project.id}:pool_table",
    )
