"""Charts of the Proxy lab: the design of runs, and their losses."""

from causalmix_core.figures.proxy.design import (
    DesignView,
    alt_design_lines,
    alt_design_triangle,
    design_lines_figure,
    design_triangle_figure,
    design_view,
)
from causalmix_core.figures.proxy.losses import alt_losses, losses_figure

__all__ = [
    "DesignView",
    "alt_design_lines",
    "alt_design_triangle",
    "alt_losses",
    "design_lines_figure",
    "design_triangle_figure",
    "design_view",
    "losses_figure",
]
