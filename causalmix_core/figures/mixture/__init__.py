"""Charts of the Mixture lab."""

from causalmix_core.figures.mixture.contributions import alt_contributions, contributions_figure
from causalmix_core.figures.mixture.dumbbell import alt_dumbbell, dumbbell_figure
from causalmix_core.figures.mixture.frontier import alt_frontier, frontier_figure
from causalmix_core.figures.mixture.pareto import alt_pareto, pareto_figure
from causalmix_core.figures.mixture.ternary import alt_ternary, ternary_figure
from causalmix_core.figures.mixture.trajectory import alt_trajectory, trajectory_figure

__all__ = [
    "alt_contributions",
    "alt_dumbbell",
    "alt_frontier",
    "alt_pareto",
    "alt_ternary",
    "alt_trajectory",
    "contributions_figure",
    "dumbbell_figure",
    "frontier_figure",
    "pareto_figure",
    "ternary_figure",
    "trajectory_figure",
]
