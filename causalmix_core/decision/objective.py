"""What a decision is asked for, besides the region: which number to raise, and what must not fall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from causalmix_core.errors import ObjectiveError

ObjectiveKind = Literal["mean_gain", "lower_bound", "least_change", "maximin"]
OBJECTIVES: tuple[ObjectiveKind, ...] = get_args(ObjectiveKind)


@dataclass(frozen=True)
class Objective:
    """Which mixture of a region is the best one.

    Attributes
    ----------
    kind : "mean_gain", the highest expected outcome; "lower_bound", the highest lower end of the
        gain's interval; "least_change", the mixture nearest to the anchor whose gain reaches
        ``wanted``; "maximin", the highest gain of the worst of several pools.
    wanted : gain over the anchor in outcome units, > 0; only for "least_change", which needs it.
    worth : >= 0, smallest gain worth having, in outcome units; where even the best mixture surely stays
        below it, the answer is to keep the anchor.

    Raises
    ------
    ObjectiveError : no such kind, ``wanted`` is missing, not above 0, or not asked for, or ``worth`` is
        below 0.
    """

    kind: ObjectiveKind = "mean_gain"
    wanted: float | None = None
    worth: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be solved, naming it."""
        if self.kind not in OBJECTIVES:
            raise ObjectiveError(
                f"There is no objective {self.kind!r}: choose one of {', '.join(OBJECTIVES)}."
            )
        if not (math.isfinite(self.worth) and self.worth >= 0.0):
            raise ObjectiveError(
                f"The least gain worth having is {self.worth:g}; give a number of at least 0."
            )
        if self.kind != "least_change":
            if self.wanted is not None:
                raise ObjectiveError(f"A wanted gain means nothing for {self.kind}; leave it out.")
        elif self.wanted is None or not (math.isfinite(self.wanted) and self.wanted > 0.0):
            raise ObjectiveError(
                "The least change needs a wanted gain: give a number above 0 in outcome units."
            )


@dataclass(frozen=True)
class Floor:
    """An outcome that must not fall further than this.

    Attributes
    ----------
    outcome : its name in the runs table.
    least : smallest allowed gain over the anchor, in the outcome's units, higher is better; 0 says
        that it must not fall, a negative number how much may be lost.
    sure : hold the lower end of the gain's interval above ``least`` instead of the gain itself.
    """

    outcome: str
    least: float = 0.0
    sure: bool = False

    def __post_init__(self) -> None:
        """Refuse a limit that is no number."""
        if not math.isfinite(self.least):
            raise ObjectiveError(f"The floor of {self.outcome} is {self.least:g}; give a number such as 0.")
