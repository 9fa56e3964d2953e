"""What drives a recommendation: the same policy asked at the runs' pools, and what its answers depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.explain.views import Drivers
    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

MOST_NAMED = 3
WORTH_NAMING = 0.005  # moves smaller than half a percentage point need no explanation
# A policy takes longer the more domains there are: this many domains times pools are asked, about 2 s.
_ASKED, _FEWEST_ASKED, _MOST_ASKED = 2048, 64, 256


@dataclass(frozen=True, eq=False)
class Recommendation:
    """A recommended mixture with what its largest moves depend on.

    Attributes
    ----------
    decision : the recommendation at the pool at hand.
    effects : (K,) substitution effects at the anchor there, per percentage point.
    average_effects : (K,) their mean over the runs' pools; None where the fit knows averages only.
    drivers : of the largest moves, at most three; empty where the fit knows averages only.
    """

    decision: Decision
    effects: Array
    average_effects: Array | None
    drivers: tuple[Drivers, ...]

    @property
    def movers(self) -> tuple[int, ...]:
        """Numbers of the domains whose share moves most, at most three, the largest move first."""
        change = self.decision.shares - self.decision.region.anchor
        # Rounded: moves that differ in the last bit only are named in the domains' order.
        order = np.argsort(-np.abs(change).round(9), kind="stable")[:MOST_NAMED]
        return tuple(int(k) for k in order if abs(change[k]) >= WORTH_NAMING)


def asked_pools(domains: int) -> int:
    """At how many pools the policy is asked, 64 to 256: fewer where there are many domains."""
    return min(max(_ASKED // domains, _FEWEST_ASKED), _MOST_ASKED)


def recommended_moves(fit: Fit, states: Array, region: Region) -> Array:
    """(m, K) share minus anchor share that the exact policy recommends at each pool (m, d)."""
    from causalmix_core.decision.solvers.concave import maximise_many
    from causalmix_core.effects.explain.pools import point_responses

    responses = point_responses(fit, states)
    coefficients = np.stack([response.coefficients for response in responses])
    return maximise_many(coefficients, responses[0].epsilon, region) - region.anchor


def explain_recommendation(fit: Fit, pool: Array, decision: Decision) -> Recommendation:
    """Explain the largest moves of a decision made for ``pool`` (d,).

    Raises
    ------
    ConfigError : the table has too few distinct pools to explain anything.
    """
    from causalmix_core.effects.explain.drivers import move_drivers
    from causalmix_core.effects.explain.pools import explained_pools, pool_effects

    region = decision.region
    effects = fit.response(pool).substitution_effects(region.anchor)
    made = Recommendation(decision, effects, None, ())
    if not fit.depends_on_pool:
        return made
    states = explained_pools(fit, asked_pools(len(region.domains)))
    average = pool_effects(fit, states, region.anchor).mean(axis=0)
    names = [region.domains[k] for k in made.movers]
    drivers: tuple[Drivers, ...] = ()
    if names:
        moves, move = recommended_moves(fit, states, region), decision.shares - region.anchor
        drivers = move_drivers(fit, states, moves, pool, move, names)
    return Recommendation(decision, effects, average, drivers)
