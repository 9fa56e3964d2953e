"""Charts of the Runs page: each a small view built from the table, and its figure."""

from causalmix_core.figures.runs.confounding import (
    ConfoundingView,
    alt_confounding,
    confounding_figure,
    confounding_view,
)
from causalmix_core.figures.runs.coverage import CoverageView, alt_coverage, coverage_figure, coverage_view
from causalmix_core.figures.runs.outcome import OutcomeView, alt_outcome, outcome_figure, outcome_view
from causalmix_core.figures.runs.ranges import RangesView, alt_ranges, ranges_figure, ranges_view

__all__ = [
    "ConfoundingView",
    "CoverageView",
    "OutcomeView",
    "RangesView",
    "alt_confounding",
    "alt_coverage",
    "alt_outcome",
    "alt_ranges",
    "confounding_figure",
    "confounding_view",
    "coverage_figure",
    "coverage_view",
    "outcome_figure",
    "outcome_view",
    "ranges_figure",
    "ranges_view",
]
