"""Drawing figures: the theme's mode, fixed settings, and a description on every chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from causalmix_core.decision.region import Region
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.figures.theme import Mode

_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def mode() -> Mode:
    """Light or dark, as the reader has it now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def draw(figure: go.Figure, alt: str, key: str) -> None:
    """One chart over the width of its place; ``alt`` says what it shows, for who cannot see it.

    Colours are the figure's own (``theme=None``): Streamlit's theme recolours only some traces.
    """
    st.plotly_chart(figure, theme=None, config=_CONFIG, alt=alt, key=key)


def domain_colours(table: RunsTable) -> dict[str, str]:
    """Colour of each domain, the same on every page: the largest by the runs' mean keep their own."""
    from causalmix_core.figures.theme import domain_colours as colours

    return colours(table.domains, mode(), table.shares.mean(axis=0))


def region_colours(table: RunsTable, region: Region) -> dict[str, str]:
    """The same for a decision's domains, by their marked names: one that no run has seen takes a colour that is left."""
    import numpy as np

    from causalmix_core.delivery.unseen import marked_domains
    from causalmix_core.figures.theme import domain_colours as colours

    weights = np.append(table.shares.mean(axis=0), np.zeros(len(region.domains) - len(table.domains)))
    return colours(marked_domains(region), mode(), weights)
