"""Slice, response curve and frontier: where the line is solid, what is marked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.figures import band
from causalmix_core.figures.effects import (
    alt_response_curve,
    alt_slice,
    response_curve_figure,
    slice_figure,
)
from causalmix_core.figures.effects.slice import effect_at_pool
from causalmix_core.figures.mixture import alt_frontier, frontier_figure
from causalmix_core.figures.mixture.frontier import gain_at, split_at
from tests.figures.examples import effect_slice, frontier, response_curve


def named(figure, name: str):
    return next(trace for trace in figure.data if trace.name == name)


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_line_is_solid_where_supported_and_dotted_beyond():
    view = effect_slice()
    figure = slice_figure(view, mode="light", colour="#123456")
    solid, dotted = named(figure, "estimate"), named(figure, "extrapolated")
    assert (solid.line.dash, dotted.line.dash) == ("solid", "dot")
    assert solid.line.color == dotted.line.color == "#123456"
    assert np.array_equal(np.isfinite(solid.y), view.supported)
    assert np.isfinite(dotted.y).tolist() == [True] * 3 + [False] * 4 + [True] * 4


def test_dotted_parts_reach_the_solid_line():
    assert band.touching(np.array([True, False, False, False])).tolist() == [True, True, False, False]


def test_each_supported_stretch_has_its_own_band():
    view = dataclasses.replace(effect_slice(), supported=np.arange(11) % 4 < 2)
    names = [trace.name for trace in slice_figure(view, mode="light").data]
    assert names.count("supported interval") == 3


def test_the_pool_is_marked_with_its_value():
    assert effect_at_pool(effect_slice()) == pytest.approx((0.05, 0.0, 0.1))
    figure = slice_figure(effect_slice(), mode="light")
    assert (named(figure, "this pool").x[0], named(figure, "this pool").y[0]) == pytest.approx((0.25, 0.05))
    assert texts(figure) == ["this pool +0.050"]


def test_the_vertical_range_follows_the_supported_part_and_can_be_fixed():
    low, high = slice_figure(effect_slice(), mode="light").layout.yaxis.range
    assert low == pytest.approx(-0.1, abs=0.02)
    assert high == pytest.approx(0.12, abs=0.02)
    assert slice_figure(effect_slice(), mode="light", limits=(-1, 1)).layout.yaxis.range == (-1, 1)


def test_the_response_curve_is_in_percent_with_the_anchor_and_the_range_of_the_runs():
    figure = response_curve_figure(response_curve(), mode="light")
    assert figure.layout.xaxis.range == (0.0, 100.0)
    assert (named(figure, "anchor").x[0], named(figure, "anchor").y[0]) == (20.0, 0.0)
    shaded = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (shaded.x0, shaded.x1) == pytest.approx((10.0, 60.0))
    assert set(texts(figure)) == {"anchor 20.0 %", "range of the runs"}


def test_the_frontier_breaks_exactly_where_the_runs_end():
    figure = frontier_figure(frontier(), 0.1, 0.3, mode="light")
    solid = named(figure, "estimate")
    drawn = np.asarray(solid.x)[np.isfinite(solid.y)]
    assert drawn == pytest.approx([0.0, 10.0, 20.0, 30.0])
    assert named(figure, "extrapolated").line.dash == "dot"


def test_splitting_adds_the_point_between():
    split = split_at(frontier(), 0.3)
    assert split.radii.tolist() == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert split.gains[3] == pytest.approx(1.75)
    assert split.shares[3] == pytest.approx([0.5, 0.2, 0.3])
    for outside in (None, 0.0, 0.1, 0.4, 2.0):
        assert split_at(frontier(), outside).radii.tolist() == frontier().radii.tolist()


def test_now_and_the_halved_return_are_marked_on_the_line():
    figure = frontier_figure(frontier(), 0.3, mode="light", unit="points")
    now, half = named(figure, "now"), named(figure, "returns halved")
    assert (now.x[0], now.y[0]) == pytest.approx((30.0, 1.75))
    assert (half.x[0], half.y[0]) == pytest.approx((15.0, 1.25))
    assert now.marker.symbol != half.marker.symbol
    assert texts(figure) == ["<b>now +1.75</b>"]
    assert gain_at(frontier(), 0.05) == 0.5


def test_moving_along_the_frontier_moves_no_axis():
    here, there = (frontier_figure(frontier(), r, 0.2, mode="light").layout for r in (0.0, 0.4))
    assert here.xaxis.range == there.xaxis.range
    assert here.yaxis.range == there.yaxis.range


def test_other_metrics_keep_their_own_unit():
    figure = frontier_figure(frontier(), 0.3, mode="light", metric="kl")
    assert named(figure, "now").x[0] == 0.3
    assert "nats" in figure.layout.xaxis.title.text


def test_sentences():
    assert alt_slice(effect_slice()) == (
        "Effect of code along duplicate rate of code: from +0.06 at 0.2 to −0.04 at 0.7; at this pool +0.05 "
        "bits per byte per percentage point (90 % interval 0.00…0.10)."
    )
    assert alt_response_curve(response_curve()) == (
        "Gain over the anchor as the share of code changes from its 20.0 %, the rest pro rata: within the runs it "
        "is largest at 50.0 % with +0.090 bits per byte (90 % interval 0.070…0.110)."
    )
    assert alt_frontier(frontier(), 0.1, "points") == (
        "Gain over the anchor against the trust radius: +1.0 points at the current 10.0 %, +2.0 at 40.0 %; "
        "returns have halved at 15.0 %."
    )
