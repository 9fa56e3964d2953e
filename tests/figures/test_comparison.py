"""The dot plot of a comparison."""

from __future__ import annotations

import dataclasses

import numpy as np

from causalmix_core.figures.comparison import FLOOR, alt_comparison, comparison_figure
from causalmix_core.figures.theme import theme
from tests.delivery.comparisons import row, within_noise


def test_rows_are_simplest_first_with_intervals():
    figure = comparison_figure(within_noise(), mode="light")
    bars, dots, _ = figure.data
    assert list(figure.layout.yaxis.ticktext) == ["constant", "shared-slopes", "ridge"]
    assert np.allclose(dots.x, [0.48, 0.5, 0.2])
    assert np.allclose(bars.base, [0.43, 0.45, 0.15])
    assert np.allclose(bars.x, 0.1)


def test_the_chosen_is_coloured_and_those_behind_are_open():
    dots = comparison_figure(within_noise(), mode="dark").data[1]
    colours = theme("dark")
    assert list(dots.marker.line.color) == [colours.accent, colours.neutral, colours.neutral]
    assert list(dots.marker.color) == [colours.accent, colours.neutral, colours.page]


def test_what_is_far_worse_than_nothing_stays_at_the_edge():
    found = within_noise()
    bad = dataclasses.replace(found, estimators=(*found.estimators, row("regmix", 12, -2.0, 2.5, False)))
    figure = comparison_figure(bad, mode="light")
    assert figure.data[1].x[-1] == FLOOR
    assert figure.data[1].marker.symbol[-1] == "triangle-left"
    assert figure.layout.xaxis.range[0] < FLOOR
    assert "−2.00" in figure.data[2].text[-1]


def test_the_best_has_a_line():
    shapes = comparison_figure(within_noise(), mode="light").layout.shapes
    assert [shape.x0 for shape in shapes] == [0.0, 0.5]


def test_sentence():
    assert alt_comparison(within_noise()) == (
        "Mixture R² of 3 estimators on 80 runs held out in 5 folds: best is shared-slopes with 0.50; "
        "within noise of it: constant; chosen: constant."
    )
