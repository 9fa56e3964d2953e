"""Pictures of a decision, computed by the core when they are asked for and kept by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import results

if TYPE_CHECKING:
    from causalmix_core.decision.pareto import Pareto
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.decision.ternary import Others, Ternary
    from causalmix_core.decision.trajectory import Trajectory
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.pool_path import PoolPath
    from causalmix_core.scenarios.scenario import Scenario


@st.cache_data(max_entries=64, show_spinner=False)
def _along(
    key: str, _fit: Fit, _scenario: Scenario, _region: Region, along: str
) -> tuple[PoolPath, Trajectory]:
    from causalmix_core.decision.trajectory import trajectory
    from causalmix_core.effects.pool_path import pool_path

    path = pool_path(_fit.table, _scenario.pool.state(_fit.table), along)
    moved = trajectory(
        lambda positions: [_fit.response(state) for state in path.states(positions)],
        _region,
        path.positions,
        _scenario.level,
        results.correction(_fit),
    )
    return path, moved


def along_pool(raised: Fit, scenario: Scenario, made: Decision, along: str) -> tuple[PoolPath, Trajectory]:
    """The recommended mixture along a shift of a covariate (a column, or a name for all domains).

    ``raised`` is the fit of what the scenario raises, here and below; ``made`` the scenario's decision.

    Raises
    ------
    PoolError, AnchorError, InfeasibleRegion : see the core.
    """
    return _along(repr((raised.sha256, scenario)), raised, scenario, made.region, along)


@st.cache_data(max_entries=64, show_spinner=False)
def _against(key: str, _fits: tuple[Fit, Fit], _scenario: Scenario, _made: Decision) -> Pareto:
    from causalmix_core.decision.pareto import pareto

    first, second = _fits
    pool = _scenario.pool.state(first.table)
    return pareto(
        (results.response(first, pool), results.response(second, pool)),
        _made.region,
        _made.shares,
        _scenario.level,
        (results.correction(first), results.correction(second)),
    )


def against(raised: Fit, other: Fit, scenario: Scenario, made: Decision) -> Pareto:
    """What is raised against the outcome of another fit of the same table."""
    return _against(repr((raised.sha256, other.sha256, scenario)), (raised, other), scenario, made)


@st.cache_data(max_entries=64, show_spinner=False)
def _divided(
    key: str, _fit: Fit, _scenario: Scenario, _made: Decision, domains: tuple[str, ...], others: Others
) -> Ternary:
    from causalmix_core.decision.ternary import ternary

    response = results.response(_fit, _scenario.pool.state(_fit.table))
    believed = results.correction(_fit).apply(response)
    return ternary(believed, _made.region, _made.shares, domains, others, _fit.table.shares)


def divided(
    raised: Fit, scenario: Scenario, made: Decision, domains: tuple[str, ...], others: Others
) -> Ternary:
    """What divisions among three domains would gain.

    Raises
    ------
    ConfigError : not three different domains, or nothing to divide.
    """
    return _divided(repr((raised.sha256, scenario)), raised, scenario, made, domains, others)
