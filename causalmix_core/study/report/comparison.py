"""The verification as arrays: outcomes by pool, method and order, and which methods and groups there are."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.study.report.source import numbers
from causalmix_core.study.rivals.names import ANCHOR, FREE, SUREST, of_the_product
from causalmix_core.study.statistics import (
    Harm,
    Outcomes,
    Paired,
    harm,
    order_noise,
    outcomes_of,
    pool_means,
    summarise,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.study.report.source import StudyTables

    Floats = NDArray[np.float64]

HEADLINE_GROUP = "ordinary"
_NO_INTERVAL = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Verified:
    """Outcomes of the verification, of groups of pools.

    Attributes
    ----------
    groups : name -> its pools, the headline group first. methods : those that were trained, in the plan's order.
    about : method -> what the predictions file says of it. start : the base's own outcome.
    """

    outcomes: Outcomes
    groups: Mapping[str, tuple[str, ...]]
    methods: tuple[str, ...]
    about: Mapping[str, Mapping[str, Any]]
    choices: Mapping[str, Mapping[str, Any]]
    level: float
    start: float

    @property
    def headline_group(self) -> str:
        """Ordinary pools, or the first group where a plan has none of that name."""
        return next(iter(self.groups))

    @property
    def trusted(self) -> str:
        """The recommended method with the largest trust region; the free one where there is none."""
        held = [m for m in self.methods if m.startswith(f"{FREE}-")]
        return max(held, key=self.radius) if held else FREE

    @property
    def surest(self) -> str:
        """The method that raises the lower end of the gain's interval, with the largest trust region; "" without one."""
        held = [m for m in self.methods if m.startswith(f"{SUREST}-")]
        return max(held, key=self.radius) if held else ""

    @property
    def headline(self) -> list[str]:
        """The methods that the answer is about: the highest expected gain, and the surest one (else the free one)."""
        return [m for m in dict.fromkeys((self.trusted, self.surest or FREE)) if m in self.methods]

    def radius(self, method: str) -> float:
        """Radius of a method's trust region; infinite without one."""
        found = self.about[method].get("radius")
        return float("inf") if found is None else float(found)

    def kind(self, method: str) -> str:
        """What marks a method in figures: own, privileged or rival."""
        if self.about[method].get("uses") == "hidden quality":
            return "privileged"
        return "own" if of_the_product(method) else "rival"

    def gains(self, method: str, over: str = ANCHOR, group: str | None = None) -> Floats:
        """(P, O) gains on the pools of a group, or on all."""
        gains = self.outcomes.gain(method, over)
        return gains if group is None else gains[self._places(group)]

    def paired(self, method: str, over: str = ANCHOR, group: str | None = None) -> Paired:
        """Gain of one method over another in short."""
        return summarise(pool_means(self.gains(method, over, group)), seed_of(method, over, group or "all"))

    def harm(self, method: str, group: str | None = None) -> Harm:
        """Pools that end below the anchor."""
        return harm(self.gains(method, ANCHOR, group))

    def noise_of_a_gain(self, method: str) -> float:
        """Standard error of one pool's gain over the anchor: noise between orders over the root of their number."""
        gains = self.gains(method)
        return order_noise(gains) / float(np.sqrt(gains.shape[1]))

    def predicted(self, method: str, by: str = "own", group: str | None = None) -> Predicted | None:
        """What was predicted of a method on the pools of a group, ``by`` itself (own) or the plan's predictor.

        None where nothing was predicted of any pool.
        """
        names = self.outcomes.pools if group is None else self.groups[group]
        known = [p for p in names if self.choices[p]["choices"].get(method, {}).get(by) is not None]
        if not known:
            return None
        said = [self.choices[p]["choices"][method][by] for p in known]
        at = [self.outcomes.pools.index(p) for p in known]
        return Predicted(
            tuple(known),
            np.array([s["gain"] for s in said], dtype=float),
            np.array([(s["interval"] or _NO_INTERVAL)[0] for s in said], dtype=float),
            np.array([(s["interval"] or _NO_INTERVAL)[1] for s in said], dtype=float),
            pool_means(self.gains(method))[at],
        )

    def beats_start(self, method: str) -> float:
        """Share of a method's runs that end better than the base they start from."""
        values = self.outcomes.of(method)
        return float((values[~np.isnan(values)] < self.start).mean())

    def _places(self, group: str) -> list[int]:
        return [self.outcomes.pools.index(pool) for pool in self.groups[group]]


@dataclass(frozen=True)
class Predicted:
    """Of P pools: predicted gain over the anchor with its interval (nan without one), and the gain that was realised."""

    pools: tuple[str, ...]
    gain: Floats
    low: Floats
    high: Floats
    realised: Floats


def verified_of(tables: StudyTables) -> Verified | None:
    """The verification of a study; None where it was not run."""
    if tables.verification is None or tables.predictions is None:
        return None
    rows, predictions = tables.verification, tables.predictions
    outcomes = outcomes_of(
        [row["pool_id"] for row in rows],
        [row["method"] for row in rows],
        [int(row["order"]) for row in rows],
        numbers(rows, tables.outcome),
    )
    declared = list(tables.plan.verification["methods"])
    group_of = {row["pool_id"]: row["group"] for row in rows}
    return Verified(
        outcomes,
        _groups(group_of, list(tables.plan.verification["groups"])),
        tuple(sorted(outcomes.methods, key=lambda m: declared.index(m) if m in declared else len(declared))),
        predictions["methods"],
        predictions["pools"],
        float(predictions["level"]),
        float(tables.made["start"][tables.plan.outcome]),
    )


def _groups(group_of: Mapping[str, str], declared: Sequence[str]) -> dict[str, tuple[str, ...]]:
    there = set(group_of.values())
    first = [HEADLINE_GROUP] if HEADLINE_GROUP in there else []
    names = dict.fromkeys([*first, *(g for g in declared if g in there), *sorted(there)])
    return {name: tuple(p for p, g in group_of.items() if g == name) for name in names}


def seed_of(*names: str) -> int:
    """A bootstrap's seed from what it is of: the same on every machine, another for every comparison."""
    return zlib.crc32("\n".join(names).encode())
