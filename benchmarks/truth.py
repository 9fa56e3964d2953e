"""Sign, size and coverage of effects, and the share of the oracle gain, where truth is known."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.printing import print_table
from benchmarks.worlds import World, make_world
from causalmix_core.decision.linear import maximise_linear
from causalmix_core.decision.policies import analytic
from causalmix_core.decision.region import make_region
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import normal_quantile
from causalmix_core.effects.fit import Fit, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]

RADIUS = 0.2
POOLS = 40
WORLDS = 3
CONFIGS = {
    "recommended": FitConfig("score"),
    "recommended, without X": FitConfig("score", covariates=False),
    "recommended, without orthogonalisation": FitConfig("score", orthogonalise=False),
    "paper": FitConfig("score", "paper"),
    "paper, without X": FitConfig("score", "paper", covariates=False),
    "paper, without orthogonalisation": FitConfig("score", "paper", orthogonalise=False),
}


def true_effects(world: World, anchor: Array, states: Array) -> Array:
    """(m, K) true substitution effects at the anchor, per percentage point."""
    slopes = world.gradient(np.tile(anchor, (len(states), 1)), states)
    return 0.01 * (slopes - (slopes @ anchor)[:, None])


def oracle(world: World, region: Region, state: Array) -> Array:
    """Best mixture of a region under the true outcome: Frank-Wolfe with the exact linear solver."""
    shares = region.anchor.copy()
    for _ in range(60):
        target = maximise_linear(world.gradient(shares[None], state[None])[0], region)
        steps = np.linspace(0.0, 1.0, 41)[:, None]
        path = shares + steps * (target - shares)
        shares = path[int(np.argmax(world.value(path, np.tile(state, (41, 1)))))]
    return shares


def measure(world: World, fitted: Fit, states: Array, anchor: Array) -> dict[str, float]:
    """Figures of one fit over target pools (m, d)."""
    truth, z = true_effects(world, anchor, states), normal_quantile(0.9)
    found, covered, gains, best, predicted = [], [], [], [], []
    for state, effect in zip(states, truth, strict=True):
        response = fitted.response(state if fitted.table.states.shape[1] else state[:0])
        estimate, se = response.substitution_effects(anchor), response.substitution_se(anchor)
        found.append(estimate)
        covered.append(np.abs(estimate - effect) <= z * se)
        region = make_region(fitted.table.domains, anchor, RADIUS)
        chosen = np.stack([anchor, analytic(response, region), oracle(world, region, state)])
        values = world.value(chosen, np.tile(state, (3, 1)))
        gains.append(values[1] - values[0])
        best.append(values[2] - values[0])
        predicted.append(float(response.gain(chosen[1], anchor)))
    estimates = np.array(found)
    return {
        "sign right": float((np.sign(estimates) == np.sign(truth)).mean()),
        "error / size": float(np.sqrt(((estimates - truth) ** 2).mean() / (truth**2).mean())),
        "share of oracle gain": float(np.sum(gains) / np.sum(best)),
        "pools harmed": float((np.array(gains) < 0).mean()),
        "predicted / true gain": float(np.sum(predicted) / np.sum(gains)),
        "coverage of nominal .90": float(np.mean(covered)),
    }


def rows(
    k: int, covariates: int, own: bool, n: int, confounding: float, worlds: int = WORLDS
) -> list[list[object]]:
    """One row of figures per configuration, averaged over worlds."""
    collected: dict[str, list[dict[str, float]]] = {name: [] for name in CONFIGS}
    for seed in range(worlds):
        world = make_world(k, covariates, own, confounding, seed)
        table = world.table(n, seed=500 + seed)
        states = world.draw_states(POOLS, np.random.default_rng(900 + seed))
        anchor = table.shares.mean(axis=0)
        for name, config in CONFIGS.items():
            collected[name].append(measure(world, fit(table, config), states, anchor))
    return [
        [name, *(float(np.mean([figures[key] for figures in found])) for key in found[0])]
        for name, found in collected.items()
    ]


def run() -> None:
    """Print the figures for randomised and confounded worlds."""
    for (own, k, covariates), confounding in itertools.product([(True, 7, 4), (False, 5, 6)], [0.0, 1.0]):
        kind = "per-domain covariates" if own else "pooled covariates"
        how = "confounded" if confounding else "randomised"
        print(
            f"\n## Worlds with {kind}, K = {k}, 512 runs, {how}, TV radius {RADIUS} ({WORLDS} worlds, {POOLS} pools)"
        )
        head = ["estimator", "sign right", "error / size", "share of oracle gain", "pools harmed"]
        print_table(
            [*head, "predicted / true gain", "coverage of nominal .90"],
            rows(k, covariates, own, 512, confounding),
        )
