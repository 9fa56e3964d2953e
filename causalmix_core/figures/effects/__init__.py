"""Charts of the Effects page."""

from causalmix_core.figures.effects.cate_map import alt_cate_map, cate_map_figure
from causalmix_core.figures.effects.cate_surface import Camera, alt_cate_surface, cate_surface_figure
from causalmix_core.figures.effects.drivers import alt_drivers, drivers_figure
from causalmix_core.figures.effects.forest import alt_forest, forest_figure
from causalmix_core.figures.effects.pool_drivers import alt_pool_drivers, pool_drivers_figure
from causalmix_core.figures.effects.response_curve import alt_response_curve, response_curve_figure
from causalmix_core.figures.effects.slice import alt_slice, slice_figure
from causalmix_core.figures.effects.tree import alt_tree, tree_figure
from causalmix_core.figures.effects.unseen import alt_unseen, unseen_figure

__all__ = [
    "Camera",
    "alt_cate_map",
    "alt_cate_surface",
    "alt_drivers",
    "alt_forest",
    "alt_pool_drivers",
    "alt_response_curve",
    "alt_slice",
    "alt_tree",
    "alt_unseen",
    "cate_map_figure",
    "cate_surface_figure",
    "drivers_figure",
    "forest_figure",
    "pool_drivers_figure",
    "response_curve_figure",
    "slice_figure",
    "tree_figure",
    "unseen_figure",
]
