"""Charts of the Proxy lab: the design of runs."""

from causalmix_core.figures.proxy.design import (
    DesignView,
    alt_design_lines,
    alt_design_triangle,
    design_lines_figure,
    design_triangle_figure,
    design_view,
)

__all__ = [
    "DesignView",
    "alt_design_lines",
    "alt_design_triangle",
    "design_lines_figure",
    "design_triangle_figure",
    "design_view",
]
