"""A small example of the runs table's columns, to fill in."""

from __future__ import annotations

import streamlit as st

TEMPLATE = (
    b"run_id,pool_id,assignment,seed,share_web,share_code,x_web__duplicate_rate,x_code__duplicate_rate,y_loss\n"
    b"run-001,pool-a,random,0,0.70,0.30,0.12,0.05,2.91\n"
    b"run-002,pool-a,random,0,0.40,0.60,0.12,0.05,2.84\n"
)


def draw() -> None:
    """The download; its rows are examples of the form and no data."""
    st.download_button(
        "Template CSV",
        TEMPLATE,
        file_name="runs_template.csv",
        mime="text/csv",
        key="upload:template",
        icon=":material/description:",
        type="tertiary",
        on_click="ignore",
        help="The columns of a runs table with two example rows, to be replaced by your runs.",
    )
