"""From a fit and a scenario to the decision: the one path of pages, command line and comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.decision.correction import NONE, Correction

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.response import Response
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario


def region_of(table: RunsTable, scenario: Scenario, outcome: str | None = None) -> Region:
    """The scenario's region, checked; ``outcome`` is that of the fit, for the anchor "best".

    Raises
    ------
    AnchorError, SupplyError, InfeasibleRegion : see the decision room.
    """
    from causalmix_core.decision.region import make_region

    return make_region(
        table.domains,
        scenario.anchor_shares(table, outcome),
        scenario.radius,
        scenario.metric,
        scenario.limits(),
        scenario.locked(),
        scenario.supply,
        scenario.domains,
    )


def decide_scenario(
    fit: Fit,
    scenario: Scenario,
    correction: Correction = NONE,
    seed: int = 0,
    response: Response | None = None,
) -> Decision:
    """The recommended mixture of a scenario.

    Parameters
    ----------
    correction : of the gain, for having chosen the mixture by it; by default none.
    seed : of the candidates of the search policy.
    response : at the scenario's pool, where it is at hand already; else it is asked of the fit.

    Raises
    ------
    AnchorError, PoolError, SupplyError, InfeasibleRegion : see the core.
    """
    solve = solver(fit, scenario, correction, seed, response)
    return solve(region_of(fit.table, scenario, fit.config.outcome))


def solver(
    fit: Fit,
    scenario: Scenario,
    correction: Correction = NONE,
    seed: int = 0,
    response: Response | None = None,
) -> Callable[[Region], Decision]:
    """What decides a scenario in any region: its own, or one with a limit less (see ``decision.prices``).

    The response is asked of the fit once, however many regions follow. Parameters as in
    :func:`decide_scenario`.
    """
    from causalmix_core.decision.decide import decide

    at_pool = fit.response(scenario.pool.state(fit.table)) if response is None else response

    def solve(region: Region) -> Decision:
        return decide(at_pool, region, scenario.policy, scenario.level, seed, correction)

    return solve
