"""Plans and learning curves as the pages keep them: by content, bounded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import results

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.fit import Fit
    from causalmix_core.planning.choices import Criterion, PoolsName
    from causalmix_core.planning.learning import LearningCurve
    from causalmix_core.planning.plan import Plan
    from causalmix_core.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Asked:
    """What the controls ask of a plan."""

    runs: int
    criterion: Criterion
    repeats: int
    pools: PoolsName


def _key(fitted: Fit, scenario: Scenario, *more: object) -> str:
    return hashlib.sha256("\n".join(map(repr, (fitted.sha256, scenario, *more))).encode()).hexdigest()


@st.cache_data(max_entries=32, show_spinner="Planning runs…")
def _plan(key: str, _fitted: Fit, _scenario: Scenario, _decision: Decision, _asked: Asked) -> Plan:
    from causalmix_core.planning.plan import plan_runs

    return plan_runs(
        _fitted,
        _scenario.pool.state(_fitted.table),
        _decision.region,
        _asked.runs,
        criterion=_asked.criterion,
        repeats=_asked.repeats,
        pools=_asked.pools,
        seed=results.SEED,
        level=_scenario.level,
        correction=_decision.correction,
        chosen=_decision.shares,
    )


def plan(fitted: Fit, scenario: Scenario, decision: Decision, asked: Asked) -> Plan:
    """The plan for a scenario's decision, among the domains that runs have seen.

    Raises
    ------
    PlanError : see the core.
    """
    seen, made = _of_seen(fitted, scenario, decision)
    return _plan(_key(fitted, seen, asked), fitted, seen, made, asked)


def _of_seen(fitted: Fit, scenario: Scenario, decision: Decision) -> tuple[Scenario, Decision]:
    """The same without a domain that no run has seen: nothing tells what runs with it would tell."""
    if not decision.region.unseen:
        return scenario, decision
    seen = scenario.without_new_domain()
    return seen, results.decision(fitted, seen)


class _Place:
    """Where one curve is kept; filled outside the cache, which may not write progress to the page."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.curve: LearningCurve | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(key: str) -> _Place:
    return _Place()


def curve(fitted: Fit, scenario: Scenario) -> LearningCurve | None:
    """The learning curve of a scenario's decision, or None while it was not asked for."""
    return _place(_key(fitted, scenario.without_new_domain())).curve


def make_curve(fitted: Fit, scenario: Scenario, decision: Decision, progress: Progress) -> LearningCurve:
    """Refit parts of the runs, once per process; what ``progress`` raises ends it.

    Raises
    ------
    PlanError : too few pools.
    """
    from causalmix_core.planning.learning import learning_curve

    scenario, decision = _of_seen(fitted, scenario, decision)
    place = _place(_key(fitted, scenario))
    with place.lock:
        if place.curve is None:
            place.curve = learning_curve(
                fitted,
                scenario.pool.state(fitted.table),
                decision.region,
                seed=results.SEED,
                correction=decision.correction,
                progress=progress,
            )
        return place.curve
