"""CATE map and surface: what is masked, veiled and hatched."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.figures.effects import alt_cate_map, cate_map_figure, cate_surface_figure
from causalmix_core.figures.effects.cate_surface import grown
from causalmix_core.figures.effects.map_layers import CLEAR, OUTSIDE, UNCLEAR, hatch_lines, map_layers
from causalmix_core.figures.theme import theme
from tests.figures.examples import cate_map


def named(figure, name: str):
    return next(trace for trace in figure.data if trace.name == name)


def test_layers_tell_clear_unclear_and_outside():
    layers = map_layers(cate_map())
    assert layers.standing[0].tolist() == [CLEAR, UNCLEAR, UNCLEAR, UNCLEAR, CLEAR]
    assert (layers.standing[-1] == OUTSIDE).all()
    assert np.allclose(layers.half_width[:-1], 0.6)
    assert np.allclose(layers.doubt[0], [-0.4, 0.1, 0.6, 0.1, -0.4])


def test_unsupported_cells_carry_no_number():
    layers = map_layers(cate_map())
    for values in (layers.effects, layers.half_width, layers.doubt):
        assert values.dtype == np.float32
        assert np.isnan(values[-1]).all()
        assert np.isfinite(values[:-1]).all()
    drawn = np.asarray(named(cate_map_figure(cate_map(), mode="light"), "effect").z)
    assert np.isnan(drawn[-1]).all()


def test_colours_are_centred_on_zero():
    effect = named(cate_map_figure(cate_map(), mode="dark"), "effect")
    assert (effect.zmin, effect.zmax) == (-1.5, 1.5)
    assert effect.colorscale[5] == (0.5, theme("dark").diverging[5])
    assert effect.contours.start == effect.contours.end == 0
    fixed = named(cate_map_figure(cate_map(), mode="dark", limit=4.0), "effect")
    assert (fixed.zmin, fixed.zmax) == (-4.0, 4.0)


def test_hatching_runs_along_diagonals_and_only_where_asked():
    mask = np.zeros((3, 3), dtype=bool)
    mask[0, 0] = mask[1, 1] = mask[0, 2] = True
    xs, ys = hatch_lines(mask, np.arange(3.0), np.arange(3.0))
    strokes = np.column_stack([xs, ys]).reshape(-1, 3, 2)[:, :2].tolist()
    assert strokes == [[[-0.5, -0.5], [1.5, 1.5]], [[1.5, -0.5], [2.5, 0.5]]]
    assert len(hatch_lines(np.zeros((3, 3), dtype=bool), np.arange(3.0), np.arange(3.0))[0]) == 0


def test_runs_are_dots_of_at_most_fifteen_hundred():
    assert len(named(cate_map_figure(cate_map(runs=10), mode="light"), "runs").x) == 10
    assert len(named(cate_map_figure(cate_map(runs=5_000), mode="light"), "runs").x) == 1_500


def test_the_pool_is_a_cross_and_always_in_view():
    figure = cate_map_figure(dataclasses.replace(cate_map(), pool_x=3.0), mode="light")
    pool = named(figure, "this pool")
    assert (pool.x[0], pool.y[0], pool.marker.symbol) == (3.0, 0.5, "cross")
    assert figure.layout.xaxis.range[0] == -1.0
    assert figure.layout.xaxis.range[1] > 3.0
    assert figure.layout.yaxis.range == (0.0, 1.0)


def test_a_map_wholly_outside_the_runs_is_drawn_empty():
    nowhere = dataclasses.replace(cate_map(), supported=np.zeros((5, 5), dtype=bool))
    assert np.isnan(np.asarray(named(cate_map_figure(nowhere, mode="light"), "effect").z)).all()
    assert alt_cate_map(nowhere).endswith("every cell lies outside the runs.")


def test_sentence():
    assert alt_cate_map(cate_map()) == (
        "Map of the effect of code over duplicate rate of code and loss of code: from −1.0 to +1.0 bits per byte "
        "per percentage point; the interval excludes 0 on 32 % of the map and 20 % lies outside the runs."
    )


def test_the_surface_is_coloured_only_where_supported():
    figure = cate_surface_figure(cate_map(), mode="light")
    coloured, grey = np.asarray(named(figure, "effect").z), np.asarray(named(figure, "outside the runs").z)
    assert np.isnan(coloured[-1]).all()
    assert np.isfinite(coloured[:-1]).all()
    assert np.isfinite(grey[-1]).all()
    assert np.isnan(grey[0]).all()
    assert figure.layout.scene.zaxis.range == (-1.5, 1.5)


@pytest.mark.parametrize(("camera", "axis"), [("top", "z"), ("front", "y")])
def test_the_camera_is_an_argument(camera: str, axis: str):
    eye = cate_surface_figure(cate_map(), camera, mode="light").layout.scene.camera.eye
    assert max("xyz", key=lambda a: abs(eye[a])) == axis


def test_growing_takes_in_the_eight_neighbours():
    mask = np.zeros((4, 4), dtype=bool)
    mask[0, 0] = True
    assert np.argwhere(grown(mask)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
