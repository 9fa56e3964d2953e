"""Undo and redo: an immutable list of scenarios and a place in it.

Moves of one slider in a row are one step, until another control moves, something is undone, or
the history is sealed (a save). Everything else is a step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from causalmix_core.scenarios.scenario import Scenario

LONGEST = 200


@dataclass(frozen=True)
class History:
    """Scenarios in the order they were made, and which of them is the present one.

    Attributes
    ----------
    scenarios : at least one, at most ``LONGEST``; the oldest are forgotten.
    cursor : index of the present one.
    sliding : the slider whose moves still join into the present step, or "".
    """

    scenarios: tuple[Scenario, ...]
    cursor: int = 0
    sliding: str = ""

    @property
    def present(self) -> Scenario:
        """The scenario that is being worked on."""
        return self.scenarios[self.cursor]

    @property
    def can_undo(self) -> bool:
        """True when there is an earlier scenario."""
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        """True when something was undone and nothing was changed since."""
        return self.cursor < len(self.scenarios) - 1

    def edited(self, scenario: Scenario) -> History:
        """After a change; what had been undone is forgotten. No change, no step."""
        if scenario == self.present:
            return self
        slider = _slider(self.present, scenario)
        kept = self.cursor if slider and slider == self.sliding else self.cursor + 1
        past = self.scenarios[:kept]
        if past and past[-1] == scenario:  # slid back to where the step began: no step at all
            return History(past, len(past) - 1)
        made = (*past, scenario)[-LONGEST:]
        return History(made, len(made) - 1, slider)

    def amended(self, scenario: Scenario) -> History:
        """The present one put right, which is no step."""
        before, after = self.scenarios[: self.cursor], self.scenarios[self.cursor + 1 :]
        return replace(self, scenarios=(*before, scenario, *after))

    def sealed(self) -> History:
        """The next change is a step of its own, whatever moves."""
        return replace(self, sliding="")

    def undone(self) -> History:
        """One step back; at the beginning, the same."""
        return History(self.scenarios, max(0, self.cursor - 1))

    def redone(self) -> History:
        """One step forward again; at the end, the same."""
        return History(self.scenarios, min(len(self.scenarios) - 1, self.cursor + 1))


def _slider(before: Scenario, after: Scenario) -> str:
    """Name of the one slider that makes this change: the radius or one shift of the pool; else ""."""
    changed = _changed(before, after)
    if changed == ["radius"]:
        return "radius"
    if changed == ["pool"]:
        return _shift(before.pool, after.pool)
    return ""


def _shift(before: PoolChoice, after: PoolChoice) -> str:
    changed = _changed(before, after)
    if changed not in (["own"], ["whole"]):
        return ""
    (kind,) = changed
    pairs = set(getattr(before, kind)) ^ set(getattr(after, kind))
    names = {name for name, _ in pairs}
    return f"{kind}:{names.pop()}" if len(names) == 1 else ""


def _changed(before: Scenario | PoolChoice, after: Scenario | PoolChoice) -> list[str]:
    return [f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]
