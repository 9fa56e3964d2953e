"""What is true of a world's pools, and what a fit says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.linear import maximise_linear
from causalmix_core.effects.explore import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.drawn import KnownWorld
    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

RADIUS = 0.2  # total variation


def true_effects(world: KnownWorld, anchor: Array, states: Array) -> Array:
    """(m, K) true substitution effects at the anchor, per percentage point."""
    slopes = world.gradient(np.tile(anchor, (len(states), 1)), states)
    return 0.01 * (slopes - (slopes @ anchor)[:, None])


def oracle(world: KnownWorld, region: Region, state: Array) -> Array:
    """Best mixture of a region under the true outcome: Frank-Wolfe with the exact linear solver."""
    shares = region.anchor.copy()
    for _ in range(60):
        target = maximise_linear(world.gradient(shares[None], state[None])[0], region)
        steps = np.linspace(0.0, 1.0, 41)[:, None]
        path = shares + steps * (target - shares)
        shares = path[int(np.argmax(world.value(path, np.tile(state, (41, 1)))))]
    return shares


def true_gain(world: KnownWorld, shares: Array, anchor: Array, state: Array) -> float:
    """What a mixture (K,) really brings over the anchor (K,) on a pool (d,)."""
    there, here = world.value(np.stack([shares, anchor]), np.tile(state, (2, 1)))
    return float(there - here)


@dataclass(frozen=True, eq=False)
class Targets:
    """Pools that fits are asked about, and what is true there.

    ``states`` (m, d), ``effects`` (m, K) per percentage point at the region's anchor.
    """

    world: KnownWorld
    region: Region
    states: Array
    effects: Array

    def best_gains(self) -> Array:
        """(m,) gain of the best mixture of the region at each pool."""
        anchor = self.region.anchor
        return np.array(
            [
                true_gain(self.world, oracle(self.world, self.region, state), anchor, state)
                for state in self.states
            ]
        )


def make_targets(world: KnownWorld, table: RunsTable, pools: int, seed: int) -> Targets:
    """Pools drawn like those of the runs, around the runs' mean mixture."""
    states, anchor = world.draw_states(pools, np.random.default_rng(seed)), table.shares.mean(axis=0)
    region = make_region(table.domains, anchor, RADIUS)
    return Targets(world, region, states, true_effects(world, anchor, states))


@dataclass(frozen=True, eq=False)
class Answers:
    """What a fit says of targets.

    Attributes
    ----------
    estimates, errors : (m, K) effects and standard errors. truth : (m, K).
    estimated, stated, lower, upper : (m,) gain of the recommended mixture before correction, after it, and
        its nominal 90 % interval. gained : (m,) what the mixture really brings.
    """

    estimates: Array
    errors: Array
    truth: Array
    estimated: Array
    stated: Array
    lower: Array
    upper: Array
    gained: Array

    def covered(self, level: float) -> float:
        """Share of the effects that their interval of a nominal level holds."""
        return float((np.abs(self.estimates - self.truth) <= normal_quantile(level) * self.errors).mean())

    def width(self, level: float) -> float:
        """Mean width of the effects' intervals over the size of effects."""
        return 2.0 * normal_quantile(level) * float(self.errors.mean()) / self.size

    @property
    def size(self) -> float:
        """Root mean square of the true effects."""
        return float(np.sqrt((self.truth**2).mean()))

    @property
    def error_over_size(self) -> float:
        """Root mean square error of effects over their size; 1 is as good as saying zero."""
        return float(np.sqrt(((self.estimates - self.truth) ** 2).mean())) / self.size

    @property
    def signs_right(self) -> float:
        """Share of effects with the right sign."""
        return float((np.sign(self.estimates) == np.sign(self.truth)).mean())

    @property
    def harmed(self) -> float:
        """Share of the pools where the recommended mixture does worse than the anchor."""
        return float((self.gained < 0.0).mean())

    @property
    def gains_covered(self) -> float:
        """Share of the pools whose true gain is inside the nominal 90 % interval of the stated one."""
        return float(((self.lower <= self.gained) & (self.gained <= self.upper)).mean())


def ask(fitted: Fit, targets: Targets, correction: Correction = NONE) -> Answers:
    """Effects and recommended mixtures of a fit at the targets' pools."""
    anchor = targets.region.anchor
    responses = [fitted.response(state) for state in targets.states]
    decisions = [decide(response, targets.region, correction=correction) for response in responses]
    gained = [
        true_gain(targets.world, decision.shares, anchor, state)
        for decision, state in zip(decisions, targets.states, strict=True)
    ]
    return Answers(
        estimates=np.array([response.substitution_effects(anchor) for response in responses]),
        errors=np.array([response.substitution_se(anchor) for response in responses]),
        truth=targets.effects,
        estimated=np.array([decision.estimated_gain for decision in decisions]),
        stated=np.array([decision.gain for decision in decisions]),
        lower=np.array([decision.interval[0] for decision in decisions]),
        upper=np.array([decision.interval[1] for decision in decisions]),
        gained=np.array(gained),
    )
