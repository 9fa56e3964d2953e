"""The tables behind the charts of rules and drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.delivery.covariates import covariate_words, value
from causalmix_core.delivery.explanations import rule_words

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.effects.explain.views import Drivers, EffectTree

_MOST_NAMED = 3


def groups_frame(tree: EffectTree, here: int) -> pd.DataFrame:
    """A row a group of pools: its rules, how many pools, the mean effect of each explained domain.

    ``here`` is the number of the pool at hand's group. The spread stands beside the effect of one domain.
    """
    import pandas as pd

    decimals = numbers.decimals_for(max(float(abs(tree.nodes[leaf].mean).max()) for leaf in tree.leaves)) + 1
    nodes = [tree.nodes[leaf] for leaf in tree.leaves]
    columns: dict[str, list[str]] = {
        "Group": [rule_words(tree, leaf) + (" (this pool)" if leaf == here else "") for leaf in tree.leaves],
        "Pools": [str(node.pools) for node in nodes],
    }
    for k, domain in enumerate(tree.domains):
        columns[domain] = [numbers.signed(float(node.mean[k]), decimals) for node in nodes]
    if len(tree.domains) == 1:
        columns["Spread"] = [numbers.plain(float(node.spread[0]), decimals) for node in nodes]
    return pd.DataFrame(columns)


def draw_groups(tree: EffectTree, here: int) -> None:
    """The groups as a table."""
    frame = groups_frame(tree, here)
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config=dict.fromkeys(frame.columns[1:], right),
        alt="Groups of the runs' pools, with their rules and their mean effects per percentage point",
        key="effects:groups",
    )


def drivers_frame(view: Drivers) -> pd.DataFrame:
    """A row a covariate, the most important first."""
    import pandas as pd

    decimals = numbers.decimals_for(float(view.importance.max())) + 1
    order = view.order
    return pd.DataFrame(
        {
            "Covariate": [covariate_words(view.covariates[i]) for i in order],
            "Mean size": [numbers.plain(float(view.importance[i]), decimals) for i in order],
            "This pool": [value(float(view.here.state[i])) for i in order],
            "Moves it by": [numbers.signed(float(view.here.values[i]), decimals) for i in order],
        }
    )


def draw_drivers(view: Drivers) -> None:
    """All covariates of one domain's effect as a table, on request."""
    opened = st.expander(
        "All covariates", icon=":material/table_rows:", key="effects:covariates", on_change="rerun"
    )
    if opened.open:
        right = st.column_config.TextColumn(alignment="right")
        opened.dataframe(
            drivers_frame(view),
            hide_index=True,
            column_config=dict.fromkeys(("Mean size", "This pool", "Moves it by"), right),
            alt=f"How far each covariate moves the {view.quantity} of {view.domain}",
            key="effects:covariates_table",
        )


def all_frame(views: tuple[Drivers, ...]) -> pd.DataFrame:
    """A row a domain: how far the simple model holds, and the covariates that matter most."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Domain": [view.domain for view in views],
            "R2, pools left out": [numbers.plain(view.r2, 2) for view in views],
            "R2, its own pools": [numbers.plain(view.r2_in_sample, 2) for view in views],
            "Depends most on": [
                ", ".join(covariate_words(view.covariates[i]) for i in view.order[:_MOST_NAMED])
                for view in views
            ],
        }
    )


def draw_all(views: tuple[Drivers, ...]) -> None:
    """All domains as a table; one domain has charts."""
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        all_frame(views),
        hide_index=True,
        height="content",
        column_config={"R2, pools left out": right, "R2, its own pools": right},
        alt="What the effect of each domain depends on, and how far that explanation holds",
        key="effects:all_drivers",
    )
    st.caption("Pick a domain for its charts. Where R2 is below 0.5 a simple explanation does not hold.")
