"""Do the smaller runs tell what larger ones will do? Shown where the table has runs of several sizes."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.delivery.transfer import THRESHOLDS, outcome_transfer_sentence, transfer_sentence
from causalmix_core.evidence.sizes import size_indices
from pages._ui import charts, fits, steps
from pages._ui.words import escape

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.transfer import Transfer
    from causalmix_core.evidence.table import RunsTable
    from pages._ui.shell import OpenPage


class _Place:
    """Where one check is kept; filled outside the cache, which may not write progress to the page."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: Transfer | None = None


@st.cache_resource(max_entries=4, show_spinner=False)
def _place(key: str) -> _Place:
    return _Place()


def draw(page: OpenPage) -> None:
    """Offer the check, or show what it found; nothing for runs of one size."""
    if not size_indices(page.table):
        return
    config = fits.config_of(page.project, page.table) or fits.default_config(page.table)
    # The check fits every outcome and no target, so neither makes a new one.
    config = replace(config, outcome=page.table.default_outcome, target_params=None, target_tokens=None)
    with st.container(border=True):
        place = _place(fits.fit_key(page.table, config))
        if place.found is not None:
            st.markdown("**Transfer across sizes**")
        elif steps.offer(
            "Transfer across sizes",
            "Fits every outcome on the smaller sizes alone and foretells the larger ones: whether what small runs "
            "say of a mixture holds for larger ones, outcome by outcome.",
            "Foretell larger sizes",
            key="fit:transfer",
            icon=":material/trending_up:",
        ):
            steps.make(
                lambda report: _fill(place, page.table, config, report),
                "Foretelling larger sizes",
                "Foretold",
                failed="Not foretold",
            )
        if place.found is not None:
            _show(page, place.found)


def _fill(place: _Place, table: RunsTable, config: FitConfig, progress: Progress) -> None:
    with place.lock:
        place.found = place.found or _check(table, config, progress)


def _check(table: RunsTable, config: FitConfig, progress: Progress) -> Transfer:
    from causalmix_core.effects.transfer import transfer_check

    return transfer_check(table, config=config, progress=progress)


def _show(page: OpenPage, found: Transfer) -> None:
    from causalmix_core.figures.transfer import alt_transfer, transfer_figure

    st.markdown(escape(transfer_sentence(found)))
    names = [one.outcome.name for one in found.outcomes]
    chosen = names[0]
    if len(names) > 1:
        chosen = st.selectbox("Outcome to look at", names, key=f"{page.project.id}:transfer_outcome")
    one = found.outcomes[names.index(chosen)]
    charts.draw(transfer_figure(one, mode=charts.mode()), alt_transfer(one), "fit:transfer_chart")
    st.caption(escape(outcome_transfer_sentence(one, found.level)))
    st.dataframe(_frame(found), hide_index=True, key="fit:transfer_table")
    st.caption(THRESHOLDS)


def _frame(found: Transfer) -> pd.DataFrame:
    """One row an outcome and size, as the command line prints them."""
    import pandas as pd

    interval = f"{numbers.level_percent(found.level)} interval"
    return pd.DataFrame(
        [
            {
                "outcome": one.outcome.name,
                "size": score.label,
                "runs": len(score.observed),
                "rank correlation": numbers.plain(score.rank, 3),
                interval: f"{numbers.plain(score.lower, 3)} to {numbers.plain(score.upper, 3)}",
                "slope": numbers.plain(score.slope, 2),
                "same mixtures rank alike": ""
                if score.same_order is None
                else numbers.percent(score.same_order),
                "verdict": "out of fold" if score.own else one.verdict if score is one.largest else "",
            }
            for one in found.outcomes
            for score in one.sizes
        ]
    )
