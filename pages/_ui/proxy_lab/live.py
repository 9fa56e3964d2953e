"""What changes by itself while runs are trained: counts, rate, losses, graphics cards, the last results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.numbers import duration, plain, thousands
from causalmix_core.delivery.proxy import gpu_sentence, losses_sentence, progress_sentence
from causalmix_core.errors import CausalMixError
from causalmix_core.proxy.engine import Ledger, status_of
from causalmix_core.proxy.engine.curves import loss_curve
from causalmix_core.proxy.engine.gpus import gpu_cards
from causalmix_core.proxy.engine.results import read_result
from pages._ui import charts, states
from pages._ui.proxy_lab import here
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.proxy.engine import RunRecord, Status, Study
    from causalmix_core.proxy.engine.records import RunState

_MOST_LINES = 6
_LAST = 5
_STATES: tuple[RunState, ...] = ("done", "running", "queued", "failed", "cancelled")


def draw(study: Study, *, active: bool) -> None:
    """One look at a study; when it comes to rest the whole page is drawn anew, and looks no more."""
    with states.mendable():
        status = status_of(study)
        still = status.supervisor is not None and bool(status.counts["queued"] + status.counts["running"])
        if active and not still:
            st.rerun()
        st.progress(status.counts["done"] / max(1, status.total), escape(progress_sentence(status)))
        for place, state in zip(st.columns(len(_STATES)), _STATES, strict=True):
            place.metric(state.capitalize(), thousands(status.counts[state]), border=True)
        _cards()
        with Ledger(study.ledger_path) as ledger:
            done = sorted(ledger.runs("done"), key=lambda run: -(run.ended or 0.0))[:_MOST_LINES]
        left, right = st.columns([0.58, 0.42], gap="medium")
        with left:
            _losses(study, status, done)
        with right:
            _last(study, status, done[:_LAST])


def _cards() -> None:
    if here.cards():
        for card in gpu_cards():
            st.progress(card.use or 0.0, escape(gpu_sentence(card)))


def _losses(study: Study, status: Status, done: list[RunRecord]) -> None:
    """Losses of the runs in the making, and of those that finished last."""
    names = [*(run.id for run in status.running), *(run.id for run in done)][:_MOST_LINES]
    curves = [curve for curve in (loss_curve(study.run_dir(name)) for name in names) if curve.losses]
    if not curves:
        st.caption("The losses of runs are drawn here once one is being trained.")
        return
    from causalmix_core.figures.proxy import alt_losses, losses_figure

    charts.draw(losses_figure(curves, mode=charts.mode()), alt_losses(curves), "lab:losses")
    st.caption(escape(losses_sentence(curves)))


def _last(study: Study, status: Status, done: list[RunRecord]) -> None:
    """The last finished runs with one outcome, and why others failed."""
    import pandas as pd

    rows = []
    for run in done:
        try:
            result = read_result(study.run_dir(run.id))
        except CausalMixError:
            continue  # collect says what is wrong with it
        if result is not None:
            name = "bpb_mean" if "bpb_mean" in result.outcomes else next(iter(result.outcomes))
            outcome = result.outcomes[name]
            rows.append(
                {
                    "run": run.id,
                    "outcome": name,
                    "value": plain(outcome.value, 4),
                    "time": duration(result.seconds),
                }
            )
    if rows:
        st.markdown("**Last finished**")
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Runs that finished last", key="lab:last")
    for ended in [run for run in status.ended if run.state == "failed"][:_LAST]:
        st.caption(f":material/error: {escape(f'{ended.id} failed: {ended.reason}')}")
