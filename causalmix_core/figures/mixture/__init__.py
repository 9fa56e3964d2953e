"""Charts of the Mixture lab."""

from causalmix_core.figures.mixture.contributions import alt_contributions, contributions_figure
from causalmix_core.figures.mixture.dumbbell import alt_dumbbell, dumbbell_figure
from causalmix_core.figures.mixture.frontier import alt_frontier, frontier_figure

__all__ = [
    "alt_contributions",
    "alt_dumbbell",
    "alt_frontier",
    "contributions_figure",
    "dumbbell_figure",
    "frontier_figure",
]
