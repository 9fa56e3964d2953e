"""Charts of the Effects page."""

from causalmix_core.figures.effects.cate_map import alt_cate_map, cate_map_figure
from causalmix_core.figures.effects.cate_surface import Camera, alt_cate_surface, cate_surface_figure
from causalmix_core.figures.effects.forest import alt_forest, forest_figure
from causalmix_core.figures.effects.response_curve import alt_response_curve, response_curve_figure
from causalmix_core.figures.effects.slice import alt_slice, slice_figure

__all__ = [
    "Camera",
    "alt_cate_map",
    "alt_cate_surface",
    "alt_forest",
    "alt_response_curve",
    "alt_slice",
    "cate_map_figure",
    "cate_surface_figure",
    "forest_figure",
    "response_curve_figure",
    "slice_figure",
]
