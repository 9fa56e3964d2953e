"""Pictures of a decision, computed by the core when they are asked for and kept by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import results

if TYPE_CHECKING:
    from causalmix_core.decision.pareto import Pareto
    from causalmix_core.decision.ternary import Others, Ternary
    from causalmix_core.decision.trajectory import Trajectory
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.pool_path import PoolPath
    from causalmix_core.scenarios.scenario import Scenario


@st.cache_data(max_entries=64, show_spinner=False)
def _along(key: str, _fit: Fit, _scenario: Scenario, along: str) -> tuple[PoolPath, Trajectory]:
    from causalmix_core.decision.trajectory import trajectory
    from causalmix_core.effects.pool_path import pool_path
    from causalmix_core.scenarios.decide import region_of

    path = pool_path(_fit.table, _scenario.pool.state(_fit.table), along)
    moved = trajectory(
        lambda positions: [_fit.response(state) for state in path.states(positions)],
        region_of(_fit.table, _scenario, _fit.config.outcome),
        path.positions,
        _scenario.level,
        results.correction(_fit),
    )
    return path, moved


def along_pool(fit: Fit, scenario: Scenario, along: str) -> tuple[PoolPath, Trajectory]:
    """The recommended mixture along a shift of a covariate (a column, or a name for all domains).

    Raises
    ------
    PoolError, AnchorError, InfeasibleRegion : see the core.
    """
    return _along(repr((fit.sha256, scenario)), fit, scenario, along)


@st.cache_data(max_entries=64, show_spinner=False)
def _against(key: str, _fits: tuple[Fit, Fit], _scenario: Scenario) -> Pareto:
    from causalmix_core.decision.pareto import pareto

    first, second = _fits
    made = results.decision(first, _scenario)
    pool = _scenario.pool.state(first.table)
    return pareto(
        (results.response(first, pool), results.response(second, pool)),
        made.region,
        made.shares,
        _scenario.level,
        (results.correction(first), results.correction(second)),
    )


def against(fit: Fit, other: Fit, scenario: Scenario) -> Pareto:
    """The fit's outcome against that of another fit of the same table."""
    return _against(repr((fit.sha256, other.sha256, scenario)), (fit, other), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def _divided(key: str, _fit: Fit, _scenario: Scenario, domains: tuple[str, ...], others: Others) -> Ternary:
    from causalmix_core.decision.ternary import ternary

    made = results.decision(_fit, _scenario)
    response = results.response(_fit, _scenario.pool.state(_fit.table))
    believed = results.correction(_fit).apply(response)
    return ternary(believed, made.region, made.shares, domains, others, _fit.table.shares)


def divided(fit: Fit, scenario: Scenario, domains: tuple[str, ...], others: Others) -> Ternary:
    """What divisions among three domains would gain.

    Raises
    ------
    ConfigError : not three different domains, or nothing to divide.
    """
    return _divided(repr((fit.sha256, scenario)), fit, scenario, domains, others)
