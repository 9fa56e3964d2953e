"""A scenario as it is kept: under a name, with the decision as computed then and what it rests on."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.effects.config import FitConfig
from causalmix_core.errors import CausalMixError, ScenarioError
from causalmix_core.scenarios.codec import from_json, to_json
from causalmix_core.scenarios.plain import plain, rebuilt

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import Outcome
    from causalmix_core.scenarios.scenario import Scenario

LONGEST_NAME = 80


@dataclass(frozen=True)
class SavedDecision:
    """The numbers of a decision, as they were when the scenario was saved.

    Attributes
    ----------
    domains, anchor, shares : (K,) names and shares before and after.
    outcome, unit : what was raised; gains are in ``unit``, higher is better.
    gain, se, interval, level, p_positive, moved : as in the decision room.
    inside : True when pool and mixture lay within the runs.
    """

    domains: tuple[str, ...]
    anchor: tuple[float, ...]
    shares: tuple[float, ...]
    outcome: str
    unit: str
    gain: float
    se: float
    interval: tuple[float, float]
    level: float
    p_positive: float
    moved: float
    inside: bool


@dataclass(frozen=True)
class Content:
    """What is kept of a scenario besides its name: equal content, nothing to save.

    Attributes
    ----------
    table_sha256, fit_sha256 : what the decision rests on; ``fit_config`` makes the fit again.
    """

    scenario: Scenario
    decision: SavedDecision
    table_sha256: str
    fit_sha256: str
    fit_config: FitConfig


@dataclass(frozen=True)
class SavedScenario:
    """One kept scenario.

    Attributes
    ----------
    key : >= 1, never given twice in a project.
    revision : >= 1, counts its changes; who wants to change it says which one was read.
    created_at, updated_at : ISO 8601 in UTC.
    parent : key of the scenario that it was made from, or None.
    """

    key: int
    name: str
    content: Content
    created_at: str
    updated_at: str
    parent: int | None = None
    revision: int = 1

    def stale(self, fit_sha256: str) -> bool:
        """True when its numbers come from another fit, or table, than the one with this hash."""
        return self.content.fit_sha256 != fit_sha256


def content_of(fit: Fit, scenario: Scenario, decision: Decision, outcome: Outcome | None = None) -> Content:
    """What to keep of a scenario that was just decided; ``outcome`` is what it raises, by default the fit's."""
    from causalmix_core.effects.support import mixture_support, pool_support
    from causalmix_core.scenarios.decide import runs_of

    raised = outcome or fit.outcome
    pool = scenario.pool.state(fit.table)
    in_mixtures = mixture_support(runs_of(fit.table, scenario), decision.shares)
    inside = pool_support(fit.table, pool).inside and in_mixtures.inside
    lower, upper = decision.interval
    return Content(
        scenario=scenario,
        decision=SavedDecision(
            domains=decision.region.domains,
            anchor=tuple(map(float, decision.region.anchor)),
            shares=tuple(map(float, decision.shares)),
            outcome=raised.name,
            unit=raised.unit,
            gain=float(decision.gain),
            se=float(decision.se),
            interval=(float(lower), float(upper)),
            level=float(decision.level),
            p_positive=float(decision.p_positive),
            moved=float(decision.moved),
            inside=bool(inside),
        ),
        table_sha256=fit.table.sha256,
        fit_sha256=fit.sha256,
        fit_config=fit.config,
    )


def clean_name(text: str) -> str:
    """A name as it is kept: blanks at the ends dropped, runs of blanks made one.

    Raises
    ------
    ScenarioError : nothing left, too long, or a character that cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ScenarioError("A scenario needs a name; give one such as lean code.")
    if len(name) > LONGEST_NAME:
        raise ScenarioError(f"The name has {len(name):,} characters; give one of at most {LONGEST_NAME}.")
    if any(unicodedata.category(character).startswith("C") for character in name):
        raise ScenarioError("The name holds a character that cannot be seen; type it anew.")
    return name


def saved_json(saved: SavedScenario) -> dict[str, Any]:
    """The kept scenario as a JSON object."""
    content = saved.content
    return {
        "key": saved.key,
        "name": saved.name,
        "scenario": to_json(content.scenario),
        "decision": plain(content.decision),
        "table_sha256": content.table_sha256,
        "fit_sha256": content.fit_sha256,
        "fit_config": content.fit_config.to_json(),
        "created_at": saved.created_at,
        "updated_at": saved.updated_at,
        "parent": saved.parent,
        "revision": saved.revision,
    }


def saved_from_json(values: dict[str, Any]) -> SavedScenario:
    """What :func:`saved_json` wrote.

    Raises
    ------
    ScenarioError : a part is missing or not of its type.
    """
    try:
        parent = values["parent"]
        return SavedScenario(
            key=_count(values["key"]),
            name=clean_name(values["name"]),
            content=Content(
                scenario=from_json(values["scenario"]),
                decision=rebuilt(SavedDecision, values["decision"], "The decision", ()),
                table_sha256=str(values["table_sha256"]),
                fit_sha256=str(values["fit_sha256"]),
                fit_config=FitConfig.from_json(values["fit_config"]),
            ),
            created_at=str(values["created_at"]),
            updated_at=str(values["updated_at"]),
            parent=None if parent is None else _count(parent),
            revision=_count(values["revision"]),
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ScenarioError(f"A kept scenario lacks a part, or has one of another type: {problem}.") from None
    except CausalMixError as problem:
        raise ScenarioError(str(problem)) from None


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise TypeError(f"{value!r} is not a whole number from 1")
