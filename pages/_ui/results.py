"""What the pages show of a fit and a scenario, computed by the core and kept by content.

Every cache is bounded and keyed by one text that names all inputs (hash of the fit, the scenario's
``repr``); arrays and fits travel in underscore arguments, which Streamlit does not hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.scenarios.scenario import reach
from pages._ui import fits, workbench
from pages._ui.workbench import DecisionSummary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.checks.check import Check
    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.prices import LimitsCompared, Price
    from causalmix_core.decision.result import Decision, Frontier
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.panel import Panel
    from causalmix_core.effects.response import Response
    from causalmix_core.effects.support import MixtureSupport, PoolSupport
    from causalmix_core.effects.views import CateMap, EffectsView, ResponseCurve, Slice
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

SEED = 0
_RADII = 51


def _key(*parts: object) -> str:
    """One text for all inputs of a cached function."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


@st.cache_data(max_entries=64, show_spinner=False)
def _response(key: str, _fit: Fit, _pool: Array) -> Response:
    return _fit.response(_pool)


def response(fit: Fit, pool: Array) -> Response:
    """The response at a pool state (d,)."""
    return _response(_key(fit.sha256, pool.tobytes()), fit, pool)


@st.cache_data(max_entries=16, show_spinner="Halving the runs to see how much of a gain is real…")
def _correction(key: str, _fit: Fit) -> Correction:
    from causalmix_core.checks.gain import measure_correction

    return measure_correction(_fit)


def correction(fit: Fit) -> Correction:
    """The correction of gains for mixtures having been chosen by them, measured once per fit of the runs."""
    return _correction(fit.seen.sha256, fit.seen)


@st.cache_data(max_entries=256, show_spinner=False)
def _decision(key: str, _fit: Fit, _scenario: Scenario, _panel: Panel, judged: bool) -> Decision:
    from causalmix_core.scenarios.decide import decide_scenario

    at_pool = response(_fit, _scenario.pool.state(_fit.table))
    corrected = correction(_panel.raised)
    return decide_scenario(_fit, _scenario, corrected, SEED, at_pool, _panel, judged=judged)


def decision(fit: Fit, scenario: Scenario, *, judged: bool = True) -> Decision:
    """The recommended mixture of a scenario; outcomes that it weighs or holds are fitted where they were not.

    Without its verdict (``judged`` False) it is there in a few milliseconds.

    Raises
    ------
    AnchorError, PoolError, InfeasibleRegion, ObjectiveError : see the core.
    """
    return _decision(_key(fit.sha256, scenario), fit, scenario, fits.panel(fit, scenario), judged)


def remember(page: OpenPage, fit: Fit, scenario: Scenario, made: Decision) -> None:
    """Keep the decision's summary for the sidebar and the overview."""
    summary = DecisionSummary(
        fit_sha256=fit.sha256,
        scenario=scenario,
        gain=made.gain,
        interval=made.interval,
        unit=fit.outcome.unit,
        moved=made.moved,
    )
    workbench.update(page.project.id, decision=summary)


@st.cache_data(max_entries=64, show_spinner=False)
def _frontier(key: str, _fit: Fit, _scenario: Scenario, _panel: Panel) -> Frontier:
    import numpy as np

    from causalmix_core.scenarios.frontier import scenario_frontier

    radii = np.linspace(0.0, _scenario.radius, _RADII)
    return scenario_frontier(_fit, _scenario, radii, correction(_panel.raised), _panel)


def frontier(fit: Fit, scenario: Scenario) -> Frontier:
    """Gain against radius up to the slider's end: moving the radius never recomputes it."""
    whole = _whole(scenario)
    return _frontier(_key(fit.sha256, whole), fit, whole, fits.panel(fit, whole))


def _whole(scenario: Scenario) -> Scenario:
    """The scenario at the end of the slider: the same for every radius within it."""
    return replace(scenario, radius=reach(scenario), policy="analytic")


def support_radius(fitted: Fit, scenario: Scenario) -> float | None:
    """Largest radius up to which every mixture on the frontier lies within the runs; None: all do.

    A domain without runs counts for nothing in it: the others' shares are held against the runs.
    """
    whole = _whole(scenario)
    return _support_radius(_key(fitted.sha256, whole), fitted, whole)


@st.cache_data(max_entries=64, show_spinner=False)
def _support_radius(key: str, _fit: Fit, _scenario: Scenario) -> float | None:
    from causalmix_core.decision.marks import support_radius as end_of_support
    from causalmix_core.effects.joined import seen_part
    from causalmix_core.effects.support import mixtures_inside

    path = frontier(_fit, _scenario)
    shares = seen_part(fits.panel(_fit, _scenario).raised, path.shares)
    return end_of_support(path.radii, mixtures_inside(_fit.table, shares))


def supports(fit: Fit, pool: Array, shares: Array) -> tuple[PoolSupport, MixtureSupport]:
    """Whether the pool and the mixture lie within the runs."""
    return (
        pool_support_of(fit, pool),
        _mixture_support(_key(fit.table.sha256, shares.tobytes()), fit, shares),
    )


def pool_support_of(fit: Fit, pool: Array) -> PoolSupport:
    """Whether the pool lies within those of the runs."""
    return _pool_support(_key(fit.table.sha256, pool.tobytes()), fit, pool)


@st.cache_data(max_entries=128, show_spinner=False)
def _widening(key: str, _fit: Fit, _pool: Array) -> float:
    return _fit.widening(_pool)


def widening(fit: Fit, pool: Array) -> float:
    """Factor on intervals for the pool lying beyond those of the runs."""
    return _widening(_key(fit.sha256, pool.tobytes()), fit, pool)


@st.cache_data(max_entries=64, show_spinner=False)
def _limits(
    key: str, _fit: Fit, _scenario: Scenario, _panel: Panel, _made: Decision
) -> tuple[tuple[Price, ...], LimitsCompared]:
    from causalmix_core.decision.prices import compare_limits, prices
    from causalmix_core.scenarios.decide import floors_looser, solver

    at_pool = response(_fit, _scenario.pool.state(_fit.table))
    corrected = correction(_panel.raised)
    solve = solver(_fit, _scenario, corrected, SEED, at_pool, _panel)
    floors = floors_looser(_fit, _scenario, _made, corrected, SEED, at_pool, _panel)
    return prices(solve, _made, floors), compare_limits(solve, _made)


def limits(fit: Fit, scenario: Scenario, made: Decision) -> tuple[tuple[Price, ...], LimitsCompared]:
    """What each active limit of a decision is worth, and what could be had without them."""
    return _limits(_key(fit.sha256, scenario), fit, scenario, fits.panel(fit, scenario), made)


@st.cache_data(max_entries=128, show_spinner=False)
def _pool_support(key: str, _fit: Fit, _pool: Array) -> PoolSupport:
    from causalmix_core.effects.support import pool_support

    return pool_support(_fit.table, _pool)


@st.cache_data(max_entries=256, show_spinner=False)
def _mixture_support(key: str, _fit: Fit, _shares: Array) -> MixtureSupport:
    from causalmix_core.effects.support import mixture_support

    return mixture_support(_fit.table, _shares)


@st.cache_data(max_entries=64, show_spinner=False)
def _decision_checks(key: str, _fit: Fit, _pool: Array, _made: Decision) -> tuple[Check, ...]:
    from causalmix_core.checks.checkup import check_decision

    return check_decision(_fit, _pool, _made)


def decision_checks(fit: Fit, scenario: Scenario, made: Decision) -> tuple[Check, ...]:
    """Whether a decision stays within what the runs have seen."""
    return _decision_checks(_key(fit.sha256, scenario), fit, scenario.pool.state(fit.table), made)


@st.cache_data(max_entries=64, show_spinner=False)
def _effects(key: str, _fit: Fit, _pool: Array, _anchor: Array, level: float) -> EffectsView:
    from causalmix_core.effects.explore import effects_view

    return effects_view(_fit, _pool, _anchor, level)


def effects(fit: Fit, pool: Array, anchor: Array, level: float) -> EffectsView:
    """Substitution effects of all domains at a pool."""
    return _effects(_key(fit.sha256, pool.tobytes(), anchor.tobytes(), level), fit, pool, anchor, level)


@st.cache_data(max_entries=64, show_spinner=False)
def _cate_map(
    key: str, _fit: Fit, _pool: Array, _anchor: Array, domain: str, x: str, y: str, level: float
) -> CateMap:
    from causalmix_core.effects.explore import cate_map

    return cate_map(_fit, _pool, _anchor, domain, x, y, level)


def cate_map(fit: Fit, pool: Array, anchor: Array, domain: str, x: str, y: str, level: float) -> CateMap:
    """Effect of one domain over two covariates (column names)."""
    key = _key(fit.sha256, pool.tobytes(), anchor.tobytes())
    return _cate_map(key, fit, pool, anchor, domain, x, y, level)


@st.cache_data(max_entries=128, show_spinner=False)
def _slice(
    key: str, _fit: Fit, _pool: Array, _anchor: Array, domain: str, column: str, level: float
) -> Slice:
    from causalmix_core.effects.explore import effect_slice

    return effect_slice(_fit, _pool, _anchor, domain, column, level)


def effect_slice(fit: Fit, pool: Array, anchor: Array, domain: str, column: str, level: float) -> Slice:
    """Effect of one domain along one covariate."""
    key = _key(fit.sha256, pool.tobytes(), anchor.tobytes())
    return _slice(key, fit, pool, anchor, domain, column, level)


@st.cache_data(max_entries=64, show_spinner=False)
def _curve(key: str, _fit: Fit, _pool: Array, _anchor: Array, domain: str, level: float) -> ResponseCurve:
    from causalmix_core.effects.explore import response_curve

    return response_curve(_fit, _pool, _anchor, domain, level)


def response_curve(fit: Fit, pool: Array, anchor: Array, domain: str, level: float) -> ResponseCurve:
    """Gain over the anchor along one domain's share."""
    key = _key(fit.sha256, pool.tobytes(), anchor.tobytes())
    return _curve(key, fit, pool, anchor, domain, level)
