"""Gain against radius of a scenario: exact where it asks for the expected gain, decided one by one elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.result import Frontier
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.panel import Panel
    from causalmix_core.scenarios.scenario import Scenario

    Array = NDArray[np.float64]

# Decisions under other objectives take longer the more domains there are.
MOST_DECIDED, FEWEST_DECIDED, FEW_DOMAINS = 21, 9, 16


def asks_for_gain(scenario: Scenario) -> bool:
    """True where the best mixture is that of the highest expected gain, and nothing else is held."""
    return scenario.objective.kind == "mean_gain" and not scenario.floors


def scenario_frontier(
    fit: Fit,
    scenario: Scenario,
    radii: Array,
    correction: Correction = NONE,
    panel: Panel | None = None,
) -> Frontier:
    """The scenario's frontier at ``radii`` (R,), by the exact policy; the scenario's own radius counts for nothing.

    Under another objective than the expected gain, or with floors, at most 21 of the radii are decided,
    and 9 where there are more than 16 domains.

    Raises
    ------
    CausalMixError : as for the decision itself; see :func:`~causalmix_core.scenarios.decide.decide_scenario`.
    """
    from causalmix_core.decision.frontier import decided_frontier, frontier
    from causalmix_core.scenarios.decide import panel_of, region_of, solver

    whole = replace(scenario, radius=float(radii.max()), policy="analytic")
    fits = panel or panel_of(fit, whole)
    region = region_of(fit.table, whole, fit.config.outcome)
    if asks_for_gain(whole):
        response = fits.raised.response(whole.pool.state(fit.table))
        return frontier(response, region, radii, "analytic", whole.level, correction)
    solve = solver(fit, whole, correction, panel=fits)
    most = MOST_DECIDED if len(region.domains) <= FEW_DOMAINS else FEWEST_DECIDED
    some = np.unique(np.linspace(0, len(radii) - 1, min(most, len(radii))).round().astype(int))
    return decided_frontier(solve, region, np.sort(radii)[some])
