"""Predicted against observed, and residuals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.evidence.table import Outcome
from causalmix_core.figures.fit import alt_predicted, alt_residual, predicted_figure, residual_figure
from tests.figures.examples import BPB, cross_validation


def test_points_are_in_the_tables_own_direction():
    line, points = predicted_figure(cross_validation(), BPB, mode="light").data
    assert np.allclose(points.x, np.linspace(3.0, 4.0, 8))
    assert np.allclose(np.asarray(points.y) - np.asarray(points.x), -0.1)
    assert list(line.x) == list(line.y)


def test_a_score_where_higher_is_better_keeps_its_sign():
    points = predicted_figure(cross_validation(), Outcome("gain", True), mode="light").data[1]
    assert np.allclose(points.x, -np.linspace(3.0, 4.0, 8))


def test_both_axes_share_one_range_that_holds_all():
    layout = predicted_figure(cross_validation(), BPB, mode="light").layout
    assert layout.xaxis.range == layout.yaxis.range
    assert layout.xaxis.range[0] < 2.9
    assert layout.xaxis.range[1] > 4.0
    assert layout.annotations[0].text == "R² 0.90   Spearman 1.00   8 runs"


def test_residuals_are_observed_less_predicted():
    figure = residual_figure(cross_validation(), BPB, mode="dark")
    assert np.allclose(figure.data[0].y, 0.1)
    assert figure.layout.yaxis.range == pytest.approx((-0.15, 0.15))


def test_many_runs_are_thinned():
    assert len(predicted_figure(cross_validation(9_000), BPB, mode="light").data[1].x) == 2_000


def test_sentences():
    assert alt_predicted(cross_validation(), BPB) == (
        "Predicted against observed bpb of 8 runs held out in 2 folds: R² 0.90, rank correlation 1.00; "
        "75 % of 4 pairs of one pool ranked right."
    )
    assert "pairs" not in alt_predicted(dataclasses.replace(cross_validation(), pair_accuracy=None), BPB)
    assert alt_residual(cross_validation(), BPB) == (
        "Residuals of bpb against the prediction: half of 8 runs are missed by less than 0.10 bits per byte."
    )
