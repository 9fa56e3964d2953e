"""Whether more runs of this kind would help: the learning curve of the Next runs page, for the decision at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import fits, results
from pages._ui.planning import learning

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Offer the curve of the current fit, or show it; the decision is made when it is asked for."""
    fitted = fits.current_or_none(page)
    if fitted is None:
        return
    with st.container(border=True):
        learning.draw(page, fitted, lambda: results.decision(fitted, page.bench.scenario))
