"""What was fitted, and how it does on pools it has not seen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from pages._ui import charts, fits, navigation, states
from pages._ui.words import escape, unseen

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.views import CrossValidation
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Method and notes of the current fit, then its test on request."""
    fitted = fits.current_or_none(page)
    if fitted is None:
        if fits.config_of(page.project, page.table) is None:
            st.caption("No fit yet. Check the settings and press Fit.")
        return
    _method(fitted)
    _test(page, fitted)


def _method(fitted: Fit) -> None:
    with st.container(border=True):
        st.markdown(
            f"**{escape(fitted.method[:1].upper() + fitted.method[1:])}** · {escape(fitted.outcome.name)}"
        )
        st.markdown(escape(fitted.summary))
        for note in fitted.notes:
            st.markdown(f":material/info: {escape(note)}")
        st.caption(f"Fit {fitted.sha256[:12]} · table {fitted.table.sha256[:12]} · seed {fitted.config.seed}")


def _test(page: OpenPage, fitted: Fit) -> None:
    with st.container(border=True):
        left_out = unseen(page.table)
        st.markdown(f"**Test on unseen {left_out}**")
        found = fits.tested(fitted)
        if found is None:
            st.caption(
                f"Refits without each sixth of the {left_out} and foretells it. It says how far the fit can be believed "
                "beyond the runs it was made from; it takes about six times as long as the fit."
            )
            if st.button(f"Test on unseen {left_out}", key="fit:test", icon=":material/science:"):
                found = _run_test(fitted)
        if found is not None:
            _scores(found, left_out)
            _figure(found, fitted)
            with st.container(horizontal=True):
                navigation.link("effects", "Look at the effects", page.project.id)
                navigation.link("mixture", "Decide on a mixture", page.project.id)


def _run_test(fitted: Fit) -> CrossValidation | None:
    started = time.monotonic()
    with st.status("Testing…", expanded=True) as status:
        bar = st.progress(0.0, "Starting")
        try:
            found = fits.run_test(fitted, lambda done, phase: bar.progress(done, phase.capitalize()))
        except CausalMixError as problem:
            status.update(label="Not tested", state="error")
            states.failed(problem)
            return None
        elapsed = numbers.duration(time.monotonic() - started)
        status.update(label=f"Tested in {elapsed}", state="complete", expanded=False)
    return found


def _scores(found: CrossValidation, left_out: str) -> None:
    with st.grid(4, min_column_width=180):
        st.metric(
            f"R² on unseen {left_out}",
            f"{found.r2:.3f}",
            border=True,
            height="stretch",
            help="Share of the outcome's variance foretold out of fold; 0 is no better than the mean, 1 is perfect.",
        )
        st.metric(
            "Rank correlation",
            f"{found.spearman:.3f}",
            border=True,
            height="stretch",
            help="Spearman, out of fold.",
        )
        if found.pair_accuracy is not None and found.pair_r2 is not None:
            st.metric(
                "Pairs ranked right",
                numbers.percent(found.pair_accuracy),
                border=True,
                height="stretch",
                help=f"Of {numbers.thousands(found.n_pairs)} pairs of mixtures on one unseen pool: how often the "
                "better one is foretold. This is what a recommendation rests on. A coin gets 50 %.",
            )
            st.metric(
                "R² within pools",
                f"{found.pair_r2:.3f}",
                border=True,
                height="stretch",
                help="How much of the size of the difference between two mixtures on one pool is foretold.",
            )


def _figure(found: CrossValidation, fitted: Fit) -> None:
    from causalmix_core.figures.fit import alt_predicted, alt_residual, predicted_figure, residual_figure

    left, right = st.columns(2)
    with left:
        st.caption("Predicted against observed")
        figure = predicted_figure(found, fitted.outcome, mode=charts.mode())
        charts.draw(figure, alt_predicted(found, fitted.outcome), "fit:predicted")
    with right:
        st.caption("What the prediction missed")
        figure = residual_figure(found, fitted.outcome, mode=charts.mode())
        figure.update_layout(height=420)
        charts.draw(figure, alt_residual(found, fitted.outcome), "fit:residual")
