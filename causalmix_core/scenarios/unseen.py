"""A domain that no run has seen, in a decision: how much of it the best mixture would hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.errors import UnseenDomainError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.scenarios.scenario import Scenario

    Array = NDArray[np.float64]


def decide_with_unseen(
    fit: Fit,
    scenario: Scenario,
    name: str,
    state: Array,
    report: LodoReport,
    correction: Correction = NONE,
    seed: int = 0,
) -> Decision:
    """The decision of a scenario as if the pool had one domain more, which no run has seen.

    The anchor holds nothing of it, and the mixture at most the share at which leaving out each seen
    domain was checked.

    Parameters
    ----------
    name, state, report : see :func:`~causalmix_core.effects.unseen.unseen_effect`.
    correction, seed : see :func:`~causalmix_core.scenarios.decide.decide_scenario`.

    Raises
    ------
    UnseenDomainError : the table does not support it, or the scenario asks for more than the expected gain.
    AnchorError, PoolError, SupplyError, InfeasibleRegion : see the core.
    """
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region
    from causalmix_core.effects.unseen import unseen_response

    if scenario.objective.kind != "mean_gain" or scenario.floors or scenario.weights:
        raise UnseenDomainError(
            f"{name} has an effect on {fit.outcome.name} alone, and no run has seen it: ask for the expected gain, "
            "without weights and floors of outcomes."
        )
    response = unseen_response(fit, name, state, scenario.pool.state(fit.table), report)
    anchor = scenario.anchor_shares(fit.table, fit.config.outcome)
    region = make_region(
        response.domains,
        np.append(anchor, 0.0),
        scenario.radius,
        scenario.metric,
        {**scenario.limits(), name: (0.0, report.share)},
        scenario.locked(),
        scenario.supply,
        (*scenario.domains, name) if scenario.domains else (),
    )
    return decide(response, region, scenario.policy, scenario.level, seed, correction)
