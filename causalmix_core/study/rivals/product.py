"""What the product recommends: the same path as the page and ``decide``, at several radii and by two objectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.study.rivals.ground import Choice, Predicted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.objective import ObjectiveKind
    from causalmix_core.decision.result import Decision
    from causalmix_core.study.rivals.ground import Ground, PoolAtHand

    Array = NDArray[np.float64]

EVERYWHERE = 1.0  # total variation: no trust region


def recommended(
    ground: Ground, pool: PoolAtHand, radius: float = EVERYWHERE, objective: ObjectiveKind = "mean_gain"
) -> Choice:
    """The mixture of the decision within ``radius`` (total variation) of the anchor; its gain is corrected for the choice."""
    from causalmix_core.decision.objective import Objective
    from causalmix_core.scenarios.decide import decide_scenario
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from causalmix_core.scenarios.scenario import Scenario

    scenario = Scenario(
        anchor="natural",
        radius=radius,
        level=ground.level,
        pool=PoolChoice("file", values=tuple(pool.state.tolist()), label=pool.id),
        objective=Objective(objective),
        domains=ground.present,
    )
    fit = ground.fit(ground.estimator)
    return _choice(decide_scenario(fit, scenario, ground.correction, ground.seed, judged=False))


def domain_held_out(ground: Ground, pool: PoolAtHand, radius: float) -> Choice:
    """As recommended, with the held out domain's slopes foretold from its state and the law of the other domains."""
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region
    from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out, without_domain
    from causalmix_core.effects.unseen import response_without

    fit = ground.fit(ground.estimator)
    report = ground.once("leave-one-domain-out", lambda: leave_one_domain_out(fit))
    without = ground.once("without", lambda: without_domain(fit, ground.table.domains.index(ground.held_out)))
    response = response_without(fit, without, ground.held_out, pool.state, report)
    region = make_region(ground.table.domains, ground.anchor, radius, present=ground.present)
    return _choice(decide(response, region, "analytic", ground.level, ground.seed, ground.correction))


def _choice(made: Decision) -> Choice:
    return Choice(made.shares, Predicted(made.gain, made.interval))
