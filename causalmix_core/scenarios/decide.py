"""From a fit and a scenario to the decision: the one path of pages, command line and comparison."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from causalmix_core.decision.correction import NONE, Correction

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.decision.asked import Asked
    from causalmix_core.decision.prices import Relaxation
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.panel import Maker, Panel
    from causalmix_core.effects.response import Response
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.new_domain import NewDomain
    from causalmix_core.scenarios.scenario import Scenario

BINDS = 1e-3  # of its standard error: an outcome so near to its floor lies on it
STEP_OF_ERROR = 0.5


def region_of(table: RunsTable, scenario: Scenario, outcome: str | None = None) -> Region:
    """The scenario's region, checked; ``outcome`` is that of the fit, for the anchor "best".

    A new domain is its last one: nothing of it is in the anchor, and the mixture may hold no more of it
    than the share at which leaving out each seen domain is checked.

    Raises
    ------
    AnchorError, SupplyError, InfeasibleRegion : see the decision room.
    """
    import numpy as np

    from causalmix_core.decision.region import make_region
    from causalmix_core.effects.leave_one_domain_out import SHARE

    new, anchor = scenario.new_domain, scenario.anchor_shares(table, outcome)
    names = () if new is None else (new.name,)
    return make_region(
        (*table.domains, *names),
        np.append(anchor, np.zeros(len(names))),
        scenario.radius,
        scenario.metric,
        scenario.limits(),
        scenario.locked(),
        scenario.supply,
        (*scenario.domains, *names) if scenario.domains else (),
        [(name, SHARE) for name in names],
    )


def runs_of(table: RunsTable, scenario: Scenario) -> RunsTable:
    """The runs with a column of nothing for the scenario's new domain, so that its mixtures can be held against them."""
    if scenario.new_domain is None:
        return table
    from causalmix_core.effects.joined import with_domain

    return with_domain(table, scenario.new_domain.name)


def panel_of(
    fit: Fit,
    scenario: Scenario,
    progress: Progress | None = None,
    make: Maker | None = None,
    leave_out: Callable[[Fit], LodoReport] | None = None,
) -> Panel:
    """The fits that a scenario decides by: of its weighted outcomes, and of those with floors.

    With a new domain, what is raised is the fit with that domain joined to it.

    Parameters
    ----------
    progress, make : see :func:`~causalmix_core.effects.panel.make_panel`.
    leave_out : gives the report on leaving out each domain that a new one needs; by default it is made now.

    Raises
    ------
    ObjectiveError : a weight or a floor that cannot be worked with.
    UnseenDomainError : the runs do not support a new domain, or the scenario asks for more than its gain.
    PoolError : the new domain's state is not one of a domain of the table.
    """
    from causalmix_core.effects.panel import Panel, make_panel

    if scenario.new_domain is not None:
        return Panel(_joined(fit, scenario, scenario.new_domain, progress, leave_out))

    held = [floor.outcome for floor in scenario.floors]
    return make_panel(fit, scenario.weights, held, progress, make)


def _joined(
    fit: Fit,
    scenario: Scenario,
    new: NewDomain,
    progress: Progress | None,
    leave_out: Callable[[Fit], LodoReport] | None,
) -> Fit:
    from causalmix_core.effects.joined import join
    from causalmix_core.effects.leave_one_domain_out import check_supported, leave_one_domain_out
    from causalmix_core.scenarios.new_domain import check_decidable

    check_decidable(fit, scenario)
    check_supported(fit)
    state = new.values(fit.table)
    report = leave_out(fit) if leave_out else leave_one_domain_out(fit, progress=progress)
    return join(fit, new.name, state, report)


def decide_scenario(
    fit: Fit,
    scenario: Scenario,
    correction: Correction = NONE,
    seed: int = 0,
    response: Response | None = None,
    panel: Panel | None = None,
    *,
    judged: bool = True,
) -> Decision:
    """The recommended mixture of a scenario.

    Parameters
    ----------
    correction : of the gain in what is raised, for having chosen the mixture by it; by default none.
    seed : of the candidates of the search policy.
    response : of ``fit`` at the scenario's pool, where it is at hand already; else it is asked of the fit.
    panel : from :func:`panel_of`, where it is at hand; else further outcomes are fitted now.
    judged : False leaves out the verdict, which may take longer than the rest.

    Raises
    ------
    AnchorError, PoolError, SupplyError, InfeasibleRegion, ObjectiveError, UnseenDomainError : see the core.
    """
    solve = solver(fit, scenario, correction, seed, response, panel, judged=judged)
    return solve(region_of(fit.table, scenario, fit.config.outcome))


def solver(
    fit: Fit,
    scenario: Scenario,
    correction: Correction = NONE,
    seed: int = 0,
    response: Response | None = None,
    panel: Panel | None = None,
    *,
    judged: bool = False,
) -> Callable[[Region], Decision]:
    """What decides a scenario in any region: its own, or one with a limit less (see ``decision.prices``).

    The responses are asked of the fits once, however many regions follow. ``judged`` asks for a verdict
    each time; other parameters as in :func:`decide_scenario`.
    """
    from causalmix_core.decision.decide import decide

    fits, state = panel or panel_of(fit, scenario), scenario.pool.state(fit.table)
    at_hand = response is not None and fits.raised is fit
    at_pool = response if response is not None and at_hand else fits.raised.response(state)
    asked = _asked(fits, scenario, judged=judged)

    def solve(region: Region) -> Decision:
        return decide(at_pool, region, scenario.policy, scenario.level, seed, correction, asked)

    return solve


def floors_looser(
    fit: Fit,
    scenario: Scenario,
    made: Decision,
    correction: Correction = NONE,
    seed: int = 0,
    response: Response | None = None,
    panel: Panel | None = None,
) -> list[tuple[Relaxation, Callable[[], Decision]]]:
    """Each floor of an outcome that holds ``made`` back a step lower, with what decides then.

    The step is half the outcome's standard error, to one digit. Parameters as in :func:`solver`.
    """
    from causalmix_core.decision.prices import Relaxation

    found: list[tuple[Relaxation, Callable[[], Decision]]] = []
    for one in made.outcomes:
        if one.floor is None or one.se <= 0.0:
            continue
        room = (one.interval[0] if one.floor.sure else one.gain) - one.floor.least
        if room > BINDS * one.se:
            continue
        step = float(f"{STEP_OF_ERROR * one.se:.0e}")
        lower = replace(one.floor, least=one.floor.least - step)
        floors = tuple(lower if floor.outcome == one.outcome else floor for floor in scenario.floors)
        solve = solver(fit, replace(scenario, floors=floors), correction, seed, response, panel)
        found.append((Relaxation(f"{one.outcome}.floor", step, "outcome"), partial(solve, made.region)))
    return found


def _asked(panel: Panel, scenario: Scenario, *, judged: bool) -> Asked:
    """What the scenario asks for besides the region, with responses at its pools."""
    from causalmix_core.decision.asked import Asked, Watched

    table, floors = panel.raised.table, {floor.outcome: floor for floor in scenario.floors}
    state, weighted = scenario.pool.state(table), dict(panel.weights)
    own = panel.raised.config.outcome
    return Asked(
        objective=scenario.objective,
        watched=tuple(
            Watched(name, fit.response(state), floors.get(name), name in weighted or name == own)
            for name, fit in panel.outcomes.items()
        ),
        futures=tuple(panel.raised.response(future.state(table)) for future in scenario.futures),
        runs=table.n_runs,
        judged=judged,
    )
