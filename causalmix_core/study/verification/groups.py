"""New pools, in groups: as the study's own, healthier, worse, or damaged as no run has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.proxy.design.states import DomainState, damaged, draw_state, pool_seed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.proxy.design.states import PoolState
    from causalmix_core.study.plan import StudyPlan


@dataclass(frozen=True)
class NewPool:
    """A pool that no run has seen: its group, and what was done to its domains."""

    group: str
    state: PoolState


def new_pools(plan: StudyPlan, domains: Sequence[str]) -> dict[str, NewPool]:
    """Pool id (``ordinary-00``) -> pool, each drawn from its own seed.

    Without ``quality`` a group follows the law of the study's own pools. With it, the qualities of ``broken`` domains
    drawn at random (of all, where that is not said) are uniform between the two numbers, and the others are healthy.
    """
    found = {}
    for group, spec in plan.verification["groups"].items():
        kinds = spec.get("damage", plan.plain["pools"]["damage"])
        for number in range(spec["pools"]):
            name = f"{group.replace(' ', '-')}-{number:02d}"
            found[name] = NewPool(group, _state(domains, plan.verification["seed"], name, spec, kinds))
    return found


def _state(
    domains: Sequence[str], seed: int, name: str, spec: Mapping[str, Any], kinds: Mapping[str, float]
) -> PoolState:
    if "quality" not in spec:
        return draw_state(domains, seed, name, kinds)
    rng = np.random.default_rng([pool_seed(seed, name), 1])
    low, high = spec["quality"]
    quality = rng.uniform(low, high, len(domains)).round(3)
    names, odds = list(kinds), np.array(list(kinds.values()), dtype=float)
    picked = rng.choice(len(names), size=len(domains), p=odds / odds.sum())
    hit = set(rng.permutation(len(domains))[: spec.get("broken", len(domains))].tolist())
    return {
        domain: damaged(float(quality[k]), names[picked[k]])
        if k in hit and quality[k] < 1.0
        else DomainState()
        for k, domain in enumerate(domains)
    }
