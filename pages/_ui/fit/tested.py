"""How the current fit does on pools it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from pages._ui import charts, fits, steps
from pages._ui.words import escape, unseen

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.views import CrossValidation
    from pages._ui.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Offer the test of the current fit, or show its scores."""
    fitted = fits.current_or_none(page)
    if fitted is None:
        return
    left_out = unseen(page.table)
    title = f"Test on unseen {left_out}"
    with st.container(border=True):
        found = fits.tested(fitted)
        if found is not None:
            st.markdown(f"**{title}**")
        elif steps.offer(
            title,
            f"Refits without each sixth of the {left_out} and foretells it: how far the fit can be believed beyond the "
            "runs it was made from. Takes about six times as long as the fit.",
            title,
            key="fit:test",
            icon=":material/science:",
        ):
            found = steps.make(
                lambda report: fits.run_test(fitted, report), "Testing", "Tested", failed="Not tested"
            )
        if found is not None:
            _scores(found, left_out)
            _noise(found, fitted)
            _figure(found, fitted)


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


def _noise(found: CrossValidation, fitted: Fit) -> None:
    """What equal runs differ by, where the table repeats some: no fit can miss by less."""
    from causalmix_core.delivery.noise import noise_sentence

    said = noise_sentence(found, fitted)
    if said:
        st.caption(escape(said))


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
