"""Tables and parts behind the answer, drawn only when their tab is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import charts, fits, pool_picker, results
from pages._ui.mixture.pool_controls import pool_frame
from pages._ui.words import escape

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.decision.prices import LimitsCompared
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, fitted: Fit, made: Decision) -> None:
    """Shares, contributions and the pool, in lazy tabs."""
    drawn = {"Shares": _shares, "Limits": _limits, "Contributions": _contributions}
    if page.table.covariates:
        drawn["Pool at hand"] = _pool
    tabs = st.tabs(list(drawn), key=f"{page.project.id}:lab_tabs", on_change="rerun")
    for tab, draw_one in zip(tabs, drawn.values(), strict=True):
        if tab.open:
            with tab:
                draw_one(page, fitted, made)


def shares_frame(made: Decision) -> pd.DataFrame:
    """Anchor, proposal and change in percent with one decimal; each column of shares adds to 100.0."""
    import pandas as pd

    from causalmix_core.delivery.unseen import marked_domains

    region = made.region
    before, after = numbers.percentages(region.anchor), numbers.percentages(made.shares)
    changes = [float(new) - float(old) for new, old in zip(after, before, strict=True)]
    return pd.DataFrame(
        {
            "Domain": [*marked_domains(region), "Sum"],
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


def limits_frame(made: Decision, compared: LimitsCompared) -> pd.DataFrame:
    """A column for each optimum with fewer limits: its shares in percent, then its gain."""
    import pandas as pd

    from causalmix_core.delivery.prices import limits_rows
    from causalmix_core.delivery.unseen import marked_domains

    rows = limits_rows(compared)
    decimals = numbers.decimals_for(*(row.gain for row in rows)) + 1
    columns = {
        row.words: [*numbers.percentages(row.shares), numbers.signed(row.gain, decimals)] for row in rows
    }
    return pd.DataFrame({"Domain": [*marked_domains(made.region), "Gain"], **columns})


def supply_frame(made: Decision) -> pd.DataFrame:
    """Amounts and epochs of each domain present; empty without a supply."""
    import pandas as pd

    from causalmix_core.delivery.supply import amount_words, epochs_words, supply_rows

    rows = supply_rows(made)
    return pd.DataFrame(
        {
            "Domain": [row.domain for row in rows],
            "Amount": [numbers.thousands(row.count) for row in rows],
            "Available": [
                "not limited" if row.available is None else amount_words(row.available) for row in rows
            ],
            "Epochs": ["" if row.epochs is None else numbers.plain(row.epochs, 2) for row in rows],
            "At most": [epochs_words(row.most_epochs) for row in rows],
        }
    )


def _limits(page: OpenPage, fitted: Fit, made: Decision) -> None:
    _, compared = results.limits(fitted, page.bench.scenario, made)
    st.caption("The best mixture within the same radius: with all limits, and with fewer.")
    right = st.column_config.TextColumn(alignment="right")
    frame = limits_frame(made, compared)
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config=dict.fromkeys(frame.columns[1:], right),
        alt="Shares in percent and gain of the best mixtures with all limits and with fewer",
        key=f"{page.project.id}:limits",
    )
    supplied = supply_frame(made)
    if supplied.empty:
        return
    st.caption("What the budget asks of each domain.")
    st.dataframe(
        supplied,
        hide_index=True,
        height="content",
        column_config=dict.fromkeys(("Amount", "Available", "Epochs", "At most"), right),
        alt="Amount, availability and epochs of each domain",
        key=f"{page.project.id}:supplied",
    )


def _contributions(page: OpenPage, fitted: Fit, made: Decision) -> None:
    from causalmix_core.delivery.unseen import marked_domains
    from causalmix_core.figures.mixture import alt_contributions, contributions_figure

    raised = fits.panel(fitted, page.bench.scenario).raised
    domains, unit = marked_domains(made.region), raised.outcome.unit
    colours = charts.region_colours(page.table, made.region)
    figure = contributions_figure(domains, made.contributions, mode=charts.mode(), unit=unit, colours=colours)
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
