"""Trajectory, Pareto line and triangle."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.figures.mixture import pareto_figure, ternary_figure, trajectory_figure
from causalmix_core.figures.mixture.ternary import HEIGHT, bricks, places
from causalmix_core.figures.mixture.trajectory import apart
from tests.figures import pictures
from tests.figures.examples import ANCHOR, DOMAINS, SHARES


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_a_jump_breaks_every_line_and_is_drawn_dotted():
    moved = pictures.moved()
    figure = trajectory_figure(pictures.path(), moved, mode="light")
    assert moved.jumps.sum() == 1
    at = int(np.flatnonzero(moved.jumps)[0]) + 1
    for k, domain in enumerate(DOMAINS):
        (line,) = named(figure, domain)
        assert np.flatnonzero(np.isnan(line.y)).tolist() == [at]
        assert np.delete(line.y, at) == pytest.approx(100 * moved.shares[:, k], abs=1e-4)
        assert len(line.hovertext) == len(line.y)
    assert len(named(figure, "jump")) == 3
    assert all(trace.line.dash == "dot" for trace in named(figure, "jump"))


def test_pools_beyond_the_runs_are_shaded():
    moved = pictures.moved()
    beyond = dataclasses.replace(moved, positions=moved.positions + 0.2)
    shades = [
        s for s in trajectory_figure(pictures.path(), beyond, mode="light").layout.shapes if s.type == "rect"
    ]
    assert len(shades) == 1
    assert shades[0].x0 == pytest.approx(0.4, abs=0.05)
    inside = trajectory_figure(pictures.path(), moved, mode="light").layout.shapes
    assert [s.type for s in inside if s.type == "rect"] == []


def test_names_at_the_lines_ends_keep_apart():
    assert apart(np.array([1.0, 1.1, 5.0]), 1.0, 10.0).tolist() == [1.0, 2.0, 5.0]
    assert apart(np.array([9.0, 9.5, 9.9]), 1.0, 10.0).tolist() == [8.0, 9.0, 10.0]


def test_the_line_of_two_outcomes_and_what_stands_beside_it():
    found = pictures.traded()
    figure = pareto_figure(found, pictures.OUTCOMES, ANCHOR, mode="light")
    (line,) = named(figure, "best mixtures")
    assert np.column_stack([line.x, line.y]) == pytest.approx(found.path.gains, abs=1e-6)
    (here,) = named(figure, "mixture at hand")
    assert (here.x[0], here.y[0]) == (0.0, 0.0)
    assert figure.layout.xaxis.title.text == "gain in bpb (bits per byte)"
    (strokes,) = named(figure, "interval at hand")
    assert strokes.x[:2] == pytest.approx([found.present.lower[0, 0], found.present.upper[0, 0]], abs=1e-6)


def test_corners_lie_at_the_corners():
    x, y = places(np.eye(3))
    assert x.tolist() == [0.0, 1.0, 0.5]
    assert y.tolist() == [0.0, 0.0, HEIGHT]


def test_bricks_hold_every_point_twice():
    found = pictures.divided()
    laid = bricks(found.parts, found.gains)
    assert laid.shape == (21, 42)
    assert np.isfinite(laid).sum() == 2 * len(found.gains)
    assert laid[0, 0] == found.gains[(found.parts[:, 0] == 1.0)][0]
    assert laid[0, -1] == found.gains[(found.parts[:, 1] == 1.0)][0]
    assert laid[-1, 20] == laid[-1, 21] == found.gains[(found.parts[:, 2] == 1.0)][0]


def test_the_triangle_marks_anchor_proposal_border_and_bounds():
    found = pictures.divided()
    figure = ternary_figure(found, mode="dark")
    (proposed,), (anchor,) = named(figure, "proposed"), named(figure, "anchor")
    assert (proposed.x[0], proposed.y[0]) == pytest.approx(tuple(map(float, places(SHARES))))
    assert (anchor.x[0], anchor.y[0]) == pytest.approx(tuple(map(float, places(ANCHOR))))
    (region,), (bounds,) = named(figure, "region"), named(figure, "floors and caps")
    assert len(region.x) == len(found.border) + 1
    assert bounds.line.dash == "dot"
    assert len(named(figure, "runs")[0].x) == 4
    inside = named(figure, "gain")[0].z
    assert np.isfinite(inside).sum() == 2 * found.inside.sum()


def test_without_bounds_there_is_no_second_border_and_the_third_corner_says_what_it_sums():
    found = dataclasses.replace(pictures.divided("summed"), bounds=None)
    figure = ternary_figure(found, mode="light")
    assert named(figure, "floors and caps") == []
    assert any("and all others" in note.text for note in figure.layout.annotations)
